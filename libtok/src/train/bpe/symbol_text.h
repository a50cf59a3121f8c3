// train/bpe/symbol_text.h: all pieces of a corpus as one array of symbols, in which tokens grow in place.
//
// Model: pieces that differ, each once, with how often it occurs (its weight); kPieceEnd before, between and behind them.
// Pieces of one weight lie together, the heaviest first, so that a weight is not stored with each piece: few thousand
// different ones occur. A token covers one or more places; its first and its last hold the token, those between hold
// kInside. Both neighbours of a token are thus one load away, as with boundary tags (Knuth, 1968, "The Art of Computer
// Programming", 2.5): no links, 4 bytes a symbol.
// Limits: 2^32 - 2 places. Memory: from a ScratchMemory that outlives it, if one is given.
// Threads: a plain value.
#ifndef TOK_SRC_TRAIN_BPE_SYMBOL_TEXT_H_
#define TOK_SRC_TRAIN_BPE_SYMBOL_TEXT_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/base/scratch_memory.h"
#include "tok/piece_counts.h"
#include "tok/status.h"

namespace tok {

class SymbolText {
 public:
  static constexpr uint32_t kPieceEnd = 0xFFFFFFFFu;
  static constexpr uint32_t kInside = 0xFFFFFFFEu;
  static constexpr uint32_t kMaxSymbol = 0xFFFFFFF0u;

  SymbolText() = default;
  // For n_places - 1 symbols and piece ends behind the first, which the caller writes; every piece occurs once. Errors:
  // TOK-E030.
  static absl::StatusOr<SymbolText> OfWeightOne(uint64_t n_places, ScratchMemory* scratch = nullptr);

  // Number of places, those of kPieceEnd included; the first and the last are such.
  size_t size() const { return n_places_; }
  uint32_t* data() { return static_cast<uint32_t*>(memory_.data()); }
  const uint32_t* data() const { return static_cast<const uint32_t*>(memory_.data()); }

  // Weights of places that are asked for in increasing order: cheap while they stay in one class.
  class WeightCursor {
   public:
    explicit WeightCursor(const SymbolText& text) : text_(text) {}
    uint64_t At(uint32_t place) {
      if (place >= end_) Seek(place);
      return weight_;
    }

   private:
    void Seek(uint32_t place);
    const SymbolText& text_;
    uint32_t end_ = 0;  // of the class
    uint64_t weight_ = 0;
  };

 private:
  friend class SymbolTextBuilder;
  absl::Status Allocate(uint64_t n_places, ScratchMemory* scratch);
  void IndexClasses();
  static constexpr unsigned kLogBlock = 10;

  // Places from `begin` to the next class have this weight.
  struct WeightClass {
    uint64_t weight;
    uint32_t begin;
  };

  ScratchBlock memory_;
  size_t n_places_ = 0;
  std::vector<WeightClass> classes_;      // and one behind the last
  std::vector<uint32_t> class_of_block_;  // of the first place of each 2^kLogBlock, and one behind the last
};

// Two passes over the pieces: Plan all, then Begin, then Add the same in any order.
class SymbolTextBuilder {
 public:
  // Null: the heap.
  explicit SymbolTextBuilder(ScratchMemory* scratch = nullptr) : scratch_(scratch) {}

  // Pieces of less than two symbols have no pairs: they are not to be planned nor added.
  void Plan(size_t n_symbols, uint64_t weight) { n_planned_[weight] += n_symbols + 1; }
  // Errors: TOK-E030 if there are more places than 32 bits can name.
  absl::Status Begin();
  // Where to write n_symbols symbols of a piece.
  std::span<uint32_t> Add(size_t n_symbols, uint64_t weight);
  SymbolText Finish() { return std::move(text_); }

 private:
  ScratchMemory* scratch_;
  absl::flat_hash_map<uint64_t, uint64_t> n_planned_;  // weight -> places; then weight -> next place
  SymbolText text_;
};

// How many symbols a piece has, as PlanPieces is told: more than any text may have stay so.
inline uint32_t PieceLength(uint64_t n_symbols) {
  return static_cast<uint32_t>(std::min<uint64_t>(n_symbols, SymbolText::kPieceEnd));
}
// All pieces planned, and begun: lengths[i] is that of counts[i]. *n_symbols: of all of them.
absl::StatusOr<SymbolTextBuilder> PlanPieces(const PieceCounts& counts, std::span<const uint32_t> lengths,
                                             ScratchMemory* scratch, uint64_t* n_symbols);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_SYMBOL_TEXT_H_
