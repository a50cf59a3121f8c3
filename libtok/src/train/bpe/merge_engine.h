// train/bpe/merge_engine.h: byte-pair encoding, training side: the most frequent pair, again and again, exactly.
//
// Model: a step takes the pair of neighbouring tokens with the highest count (equal counts: the smaller left token, then the
// smaller right one), replaces it from the left to the right without overlap in every piece, and gives the new token the
// next number. Counts are of neighbouring places, overlapping ones included ("aaa" holds (a,a) twice), as in Hugging Face's
// BpeTrainer. Source: Sennrich, Haddow and Birch, 2016, "Neural Machine Translation of Rare Words with Subword Units".
// What makes it fast, given that no two pairs ever make the same token string (docs/training.md proves it):
//  - All places of a pair come into being in one step, the one that makes the later of its two tokens: their list is written
//    once, in order, and afterwards only loses places.
//  - A merge takes from the counts of other pairs once a neighbouring token, not once a place: what its new token stands
//    beside is added up first. Counts never rise, so what lies in the heap is an upper bound, put right when it comes up.
//  - Only pairs at or above a floor are candidates, which a table finds. The floor follows the counts down: pairs that will
//    hardly win are forgotten while there is more than enough of others. If the floor is reached after all, all pairs are
//    counted anew with a lower one: the result is the same.
// Limits: those of SymbolText. Two pairs that make one string (affixes, symbols that look alike) are two tokens here; who
// needs them to be one uses train/bpe/colliding_merges.h.
// Cost: O(symbols + places visited), about 20 ns a visit from memory. Memory: 4 bytes a symbol, 4 a place on a list, some 60 a
// candidate; with a budget (Options::scratch) as much of it as fits, the rest in nameless files.
// Threads: long lists are shared among n_threads. Determinism: the same merges for any number of threads.
#ifndef TOK_SRC_TRAIN_BPE_MERGE_ENGINE_H_
#define TOK_SRC_TRAIN_BPE_MERGE_ENGINE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/base/scratch_heap.h"
#include "src/base/scratch_memory.h"
#include "src/train/bpe/pair_census.h"
#include "src/train/bpe/symbol_text.h"

namespace tok {

struct TokenMerge {
  uint32_t left, right;
  uint64_t count;
  friend bool operator==(const TokenMerge&, const TokenMerge&) = default;
};

class MergeEngine {
 public:
  struct Options {
    uint64_t min_count = 1;            // at least 1
    uint32_t max_merges = UINT32_MAX;  // how many will be asked for, as far as the caller knows
    // Told of each merge as soon as its token has a number, before is_vetoed is asked about that. May be empty.
    std::function<void(uint32_t left, uint32_t right)> on_merge;
    // Pairs that are never merged. Empty: none.
    std::function<bool(uint32_t left, uint32_t right)> is_vetoed;
    unsigned n_threads = 1;
    ScratchMemory* scratch = nullptr;  // outlives the engine; null: the heap
  };
  // For reports.
  struct Statistics {
    uint64_t n_visited = 0, n_merged_places = 0, n_candidates = 0, n_censuses = 0;
  };

  // `text` holds symbols below n_symbols, each one place long.
  MergeEngine(SymbolText text, uint32_t n_symbols, Options options);

  // The next merge, already made; its token is n_tokens() - 1. Nothing if no pair is left.
  std::optional<TokenMerge> Next();

  uint32_t n_tokens() const { return static_cast<uint32_t>(lengths_.size()); }
  const SymbolText& text() const { return text_; }
  const Statistics& statistics() const { return statistics_; }

 private:
  struct Ranked {
    uint64_t count;
    uint32_t candidate;
  };
  // What a merge's new token stands beside: one entry a neighbour.
  struct Neighbour {
    uint64_t weight = 0;
    uint32_t n_places = 0, n_written = 0;
    uint32_t* places = nullptr;  // null: not a candidate
    void Write(uint32_t place) {
      if (places != nullptr) places[n_written++] = place;
    }
  };
  struct MergedPlace {
    uint32_t place, left, right;  // kNone: no neighbour, or the new token itself, counted from its other side
  };
  struct Neighbours {
    explicit Neighbours(ScratchMemory* scratch) : of(scratch), seen(scratch) {}
    ScratchVector<Neighbour> of;   // by token
    ScratchVector<uint32_t> seen;  // tokens whose entry is in use
    void Add(uint32_t token, uint64_t weight) {
      Neighbour& neighbour = of[token];
      if (neighbour.n_places++ == 0) seen.push_back(token);
      neighbour.weight += weight;
    }
  };
  // Of one thread.
  struct Share {
    explicit Share(ScratchMemory* scratch) : left(scratch), right(scratch), merged(scratch) {}
    Neighbours left, right;
    ScratchVector<MergedPlace> merged;
  };
  static constexpr uint32_t kNone = SymbolText::kPieceEnd;

  bool Wins(const Ranked& a, const Ranked& b) const;
  void Push(uint32_t candidate);
  Ranked Pop();
  void Merge(CountedPair* pair);
  void ReplacePair(std::span<const uint32_t> places, const CountedPair& pair, uint32_t token, Share* share);
  // Adds up what the shares saw on one side, and makes candidates of it.
  template <typename Use>
  void AddNeighbours(Neighbours Share::*side, size_t n_shares, const Use& use);
  void WritePlaces(Share* share) const;
  // Begins of parts of a list for several threads, and its end; places of different parts are more than `reach` apart.
  std::vector<size_t> CutList(std::span<const uint32_t> places, uint32_t reach) const;
  void AddCandidate(CountedPair pair);
  void Forget(CountedPair* candidate);
  // The pair has lost so much.
  void TakeFrom(uint32_t left, uint32_t right, uint64_t weight);
  ScratchHeap* lists() { return lists_ ? &*lists_ : nullptr; }
  // Forgets candidates below what the counts so far lead one to expect of the last merge.
  void RaiseFloor();
  // Counts all pairs again with a lower floor. False if there is no lower one.
  bool LowerFloor();

  using PairIndex =
      absl::flat_hash_map<uint64_t, uint32_t, absl::flat_hash_map<uint64_t, uint32_t>::hasher,
                          std::equal_to<uint64_t>, ScratchAllocator<std::pair<const uint64_t, uint32_t>>>;

  SymbolText text_;
  const Options options_;
  std::optional<ScratchHeap> lists_;       // of places, where there is scratch memory
  std::vector<uint32_t> lengths_;          // places of each token
  ScratchVector<CountedPair> candidates_;  // count 0: no longer one
  PairIndex index_;                        // pair -> candidate
  ScratchVector<Ranked> heap_;
  std::vector<Share> shares_;
  uint32_t n_merges_ = 0;
  uint64_t last_count_ = 0;
  static constexpr uint64_t kNoFloor = UINT64_MAX;  // nothing was counted yet
  uint64_t floor_ = kNoFloor;
  size_t next_forgetting_ = 0;
  Statistics statistics_;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_MERGE_ENGINE_H_
