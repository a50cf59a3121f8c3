// train/pieces/piece_list.h: pieces in byte order, and counts made of pieces that come in it.
//
// Errors: TOK-E030 for a text of 2^63 bytes or more (tok/piece_counts.h).
// Threads: values; a list belongs to one thread.
#ifndef TOK_SRC_TRAIN_PIECES_PIECE_LIST_H_
#define TOK_SRC_TRAIN_PIECES_PIECE_LIST_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tok/piece_counts.h"
#include "tok/status.h"

namespace tok {

// The bytes of the text that counts stand for.
class TextSize {
 public:
  // False, and nothing is added, where the sum would be 2^63 or more.
  bool Add(const CountedPiece& piece);

 private:
  uint64_t n_bytes_ = 0;
};

class PieceList {
 public:
  // Pieces come in byte order; equal ones are added up.
  absl::Status Append(const CountedPiece& piece);
  PieceCounts Finish(PieceCounts::Origin origin) &&;

 private:
  struct Storage {
    std::string blob;
    std::vector<uint64_t> ends, counts;
  };
  std::shared_ptr<Storage> storage_ = std::make_shared<Storage>();
  TextSize text_size_;
};

// The same counts in byte order, those of equal pieces added up: themselves, without a copy, if they are so already.
absl::StatusOr<PieceCounts> Sorted(const PieceCounts& counts);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_PIECES_PIECE_LIST_H_
