// train/lib/open_races.h: the evaluations of one sentence that have begun and not ended.
//
// Model: an evaluation sets the chunks that reading takes from its beginning on against an alternative: another first
// chunk, then the longest unit each time. When reading stands where the alternative ends, the better one is rewarded.
// Alternatives that stand at the same place go the same way from there, as the units they meet are the same: they go on as
// one walker. So each place of the sentence is left by at most one walker, and all evaluations of a sentence together
// cost about as much as reading it twice; the longer of two lists of evaluations takes up the shorter.
// Counts and sums are kept as differences: of the reader's totals since the evaluation began, and of the walker's totals
// since the evaluation joined it. They wrap and come back, as unsigned numbers do.
// Cost: O(n) longest matches a sentence, and O(log n) per evaluation for joining. Memory: 4 bytes per byte of the sentence.
// Threads: one at a time.
#ifndef TOK_SRC_TRAIN_LIB_OPEN_RACES_H_
#define TOK_SRC_TRAIN_LIB_OPEN_RACES_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "src/train/lib/unit_memory.h"

namespace tok {

class OpenRaces {
 public:
  using Unit = UnitMemory::Unit;

  OpenRaces(LibSymbol symbol, UnitMemory* memory) : symbol_(symbol), memory_(memory) {}

  // Begins a sentence of at most 2^32 - 2 bytes; the one before must have been read to its end.
  void Start(std::string_view sentence);
  // Reading stands at `position`: alternatives follow, and those that end here are judged.
  void AdvanceTo(size_t position);
  // Reading, standing at `position`, takes a chunk (kNoUnit: a symbol that was no unit).
  void TakeChunk(Unit chunk);
  // The chunk just taken, which began at `position`, races against a shorter unit there.
  void Open(size_t position, Unit chunk, Unit alternative);

  // Evaluations moved from one walker to another, for tests of complexity.
  uint64_t n_moves() const { return n_moves_; }

 private:
  static constexpr uint32_t kNone = 0xFFFFFFFFu;
  struct Totals {
    uint64_t n_chunks = 0, rank_sum = 0;
    Totals operator-(const Totals& other) const {
      return {n_chunks - other.n_chunks, rank_sum - other.rank_sum};
    }
    Totals operator+(const Totals& other) const {
      return {n_chunks + other.n_chunks, rank_sum + other.rank_sum};
    }
    bool IsBetterThan(const Totals& other) const {
      return n_chunks != other.n_chunks ? n_chunks < other.n_chunks : rank_sum < other.rank_sum;
    }
  };
  struct Race {
    Unit chunk, alternative;
    Totals reader_before;  // the reader's totals before the chunk
    Totals ahead;          // alternative's totals less its walker's
  };
  struct Walker {
    Totals totals;
    std::vector<uint32_t> races;  // indices into races_
  };

  Totals TotalsOf(Unit chunk);
  // Races of walker `from` go on with whoever is at `position`.
  void Join(uint32_t from, size_t position);
  uint32_t NewWalker();
  void Judge(uint32_t walker);

  const LibSymbol symbol_;
  UnitMemory* const memory_;
  std::string_view sentence_;
  size_t position_ = 0;  // everything before has no walker
  Totals reader_;
  std::vector<uint32_t> walker_at_;  // by place of the sentence
  std::vector<Walker> walkers_;
  std::vector<uint32_t> free_walkers_;
  std::vector<Race> races_;  // of this sentence, in the order in which they began
  uint64_t n_moves_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_LIB_OPEN_RACES_H_
