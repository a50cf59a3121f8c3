// train/pieces/piece_list.h: pieces in byte order, and counts made of pieces that come in it.
//
// Errors: TOK-E030 for a text of 2^63 bytes or more (tok/piece_counts.h).
// Threads: values; a list belongs to one thread.
#ifndef TOK_SRC_TRAIN_PIECES_PIECE_LIST_H_
#define TOK_SRC_TRAIN_PIECES_PIECE_LIST_H_

#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "src/base/scratch_memory.h"
#include "tok/piece_counts.h"
#include "tok/status.h"

namespace tok {

// The bytes of the text that counts stand for.
class TextSize {
 public:
  // False, and nothing is added, where the sum would be 2^63 or more.
  bool Add(const CountedPiece& piece);
  // The same with an error that names the piece.
  absl::Status Check(const CountedPiece& piece);

 private:
  uint64_t n_bytes_ = 0;
};

// What PieceCounts are views of.
struct PieceStorage {
  // Null: the heap.
  explicit PieceStorage(std::shared_ptr<ScratchMemory> from = nullptr)
      : scratch(std::move(from)), blob(scratch.get()), ends(scratch.get()), counts(scratch.get()) {}
  std::shared_ptr<ScratchMemory> scratch;
  ScratchVector<char> blob;
  ScratchVector<uint64_t> ends, counts;
};
// They keep it.
PieceCounts CountsIn(std::shared_ptr<const PieceStorage> storage, PieceCounts::Origin origin);

class PieceList {
 public:
  // Without `scratch` (shared by what Finish makes): the heap.
  explicit PieceList(std::shared_ptr<ScratchMemory> scratch = nullptr)
      : storage_(std::make_shared<PieceStorage>(std::move(scratch))) {}

  void Reserve(size_t n_pieces, size_t n_bytes);
  // Pieces come in byte order; equal ones are added up.
  absl::Status Append(const CountedPiece& piece);
  PieceCounts Finish(PieceCounts::Origin origin) &&;

 private:
  std::shared_ptr<PieceStorage> storage_;
  TextSize text_size_;
};

// The sums of parts that are in byte order each, from `scratch` (null: the heap). Errors: TOK-E030; ScratchFull.
absl::StatusOr<PieceCounts> MergeSorted(std::span<const PieceCounts> sorted, PieceCounts::Origin origin,
                                        std::shared_ptr<ScratchMemory> scratch);

// The same counts in byte order, those of equal pieces added up: themselves, without a copy, if they are so already; else from
// `scratch` (null: the heap). Errors: TOK-E030; ScratchFull.
absl::StatusOr<PieceCounts> Sorted(const PieceCounts& counts,
                                   const std::shared_ptr<ScratchMemory>& scratch = nullptr);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_PIECES_PIECE_LIST_H_
