// train/unigram/sorted_pieces.h: the pieces to learn from, in an order that does not depend on how they were counted.
//
// Model: piece i is the i-th in byte order, empty ones left out. Sums over pieces are made by blocks: runs of pieces with
// about equal bytes, cut by the text alone, so that a sum over each block and then over the blocks in order has the same
// bits for any number of threads.
// Errors: TOK-E010 for a piece that is not UTF-8, TOK-E022 for pieces of raw bytes, TOK-E030 if the unique pieces
// have 2^32 - 1 bytes and pieces or more, or the text 2^64 bytes.
// Cost: one look at each piece if they come sorted, else n log n comparisons. Memory: 4 bytes per piece if not sorted.
// Threads: immutable once made; keeps the PieceCounts alive.
#ifndef TOK_SRC_TRAIN_UNIGRAM_SORTED_PIECES_H_
#define TOK_SRC_TRAIN_UNIGRAM_SORTED_PIECES_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tok/piece_counts.h"
#include "tok/status.h"

namespace tok {

class SortedPieces {
 public:
  static absl::StatusOr<SortedPieces> Create(const PieceCounts& counts);

  size_t size() const { return size_; }
  CountedPiece operator[](size_t i) const { return counts_[order_.empty() ? i : order_[i]]; }
  uint64_t n_bytes() const { return counts_.n_unique_bytes(); }
  uint64_t total_count() const { return total_count_; }
  const PieceRules& rules() const { return counts_.origin().rules; }

  size_t n_blocks() const { return block_ends_.size(); }
  size_t BlockBegin(size_t block) const { return block == 0 ? 0 : block_ends_[block - 1]; }
  size_t BlockEnd(size_t block) const { return block_ends_[block]; }

 private:
  explicit SortedPieces(const PieceCounts& counts) : counts_(counts) {}
  void Order();
  void CutBlocks();

  PieceCounts counts_;
  std::vector<uint32_t> order_;  // empty: as they come
  std::vector<size_t> block_ends_;
  size_t size_ = 0;
  uint64_t total_count_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_UNIGRAM_SORTED_PIECES_H_
