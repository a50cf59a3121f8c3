// train/bpe/tokenized_pieces.h: a text as tokens, in which any pair may be merged and any token split again.
//
// Model: pieces that differ, each once, with the exact count of every pair of neighbouring tokens (overlapping places
// included: "aaa" holds "aa" twice) and of every token. Merge and Split keep all of it up to date, in whatever order they
// come; Best is the pair with the highest count, of equals the one with the smaller left token, then the smaller right one.
// Nothing is assumed of what tokens spell, so counts may rise again: what MergeEngine (merge_engine.h) may not do, at some
// ten times its cost. Tokens grow in place, as in symbol_text.h; but as one token may stand for strings of several lengths,
// the second and the last place of one hold how many it covers.
// Limits: those of SymbolText, and 2^31 - 2 symbols in one piece.
// Cost: Merge and Split some five look-ups in a table of pairs for each place that changes, however long its piece is, and
// looking at the places where the pair or the token no longer is. Memory: 4 bytes a symbol, 4 a place that was ever made, 80
// a pair.
// Threads: one.
#ifndef TOK_SRC_TRAIN_BPE_TOKENIZED_PIECES_H_
#define TOK_SRC_TRAIN_BPE_TOKENIZED_PIECES_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/train/bpe/alphabet.h"
#include "src/train/bpe/merge_engine.h"
#include "src/train/bpe/merged_text.h"
#include "src/train/bpe/symbol_text.h"
#include "tok/piece_counts.h"
#include "tok/status.h"

namespace tok {

class TokenizedPieces {
 public:
  // The pieces as symbols of `alphabet`. `splits`: whether Split and CountOf will be asked for. Errors: TOK-E030.
  static absl::StatusOr<TokenizedPieces> Create(const PieceCounts& counts, const Alphabet& alphabet,
                                                bool splits);
  // For merging only, and without Best: in place of it on_change is told of every change of a pair's count, those of the pairs
  // that are there first included; of one pair several times a merge. `spell`: called twice a piece, in this thread. It
  // may put SymbolText::kPieceEnd inside a piece: what no pair reaches across. Errors: TOK-E030.
  using OnChange = std::function<void(uint64_t pair_key, int64_t change)>;
  static absl::StatusOr<TokenizedPieces> Create(const PieceCounts& counts, const SpellPiece& spell,
                                                OnChange on_change);

  // Asked once about each pair that Best comes upon: true keeps it from ever being the best. Empty: none. To be set before
  // Best is called.
  std::function<bool(uint32_t left, uint32_t right)> is_vetoed;

  // Nothing if there is no pair.
  std::optional<TokenMerge> Best();
  // Replaces the pair from the left to the right by `token`, a new one or one that is there. Returns how many places that
  // were, each as often as its piece occurs.
  uint64_t Merge(uint32_t left, uint32_t right, uint32_t token);
  // Replaces `token`, which merges made, by the two others, everywhere. Each of the three stands for one string.
  void Split(uint32_t token, uint32_t left, uint32_t right);

  // In different pieces.
  uint64_t n_symbols() const { return n_symbols_; }
  // In the whole text.
  uint64_t n_tokens() const { return n_tokens_; }
  uint64_t CountOf(uint32_t token) const { return tokens_[token].count; }

 private:
  struct Pair {
    uint64_t count = 0;
    uint64_t n_queued = 0;         // the count that it is queued with; 0: it is not
    std::vector<uint32_t> places;  // where it was ever made; some twice, from some it is gone
    bool has_gained = false;       // since Best was asked last
    bool is_known = false, is_vetoed = false;
  };
  struct Token {
    uint64_t count = 0;
    uint32_t n_symbols = 1;
    std::vector<uint32_t> places;  // as of a pair; none of a symbol
  };
  struct Queued {
    uint64_t count;
    uint64_t pair;
    // The order of a max-heap.
    friend bool operator<(const Queued& a, const Queued& b) {
      return a.count != b.count ? a.count < b.count : a.pair > b.pair;
    }
  };
  // Where one token begins, and how often its piece occurs.
  struct Place {
    uint32_t begin;
    uint64_t weight;
  };
  static constexpr uint32_t kInside = 0x80000000u;  // and the number of symbols of the token

  TokenizedPieces(SymbolText text, bool splits) : splits_(splits), text_(std::move(text)) {}

  // Symbols of the token that begins at `begin`, and where the one in front of it begins, if it is in the same piece.
  uint32_t LengthAt(uint32_t begin) const;
  uint32_t BeginBefore(uint32_t begin) const;
  void Write(uint32_t begin, uint32_t token, uint32_t n_symbols);

  void CountSymbols(const PieceCounts& counts, const Alphabet& alphabet);
  void CountPairs();
  void Gain(uint32_t left, uint32_t right, Place place);
  void Lose(uint32_t left, uint32_t right, uint64_t weight);
  void Queue(uint64_t key, Pair* pair);
  // Those that have gained, if they are not queued as high.
  void QueueGained();
  // False if the pair is no longer there.
  bool MergeAt(Place place, uint32_t left, uint32_t right, uint32_t token);
  // Unless the token is no longer there.
  void SplitAt(Place place, uint32_t token, uint32_t left, uint32_t right);

  bool splits_;
  OnChange on_change_;
  SymbolText text_;
  uint64_t n_symbols_ = 0, n_tokens_ = 0;
  absl::flat_hash_map<uint64_t, Pair> pairs_;
  std::vector<Token> tokens_;
  std::vector<uint64_t> gained_;
  std::vector<Queued> heap_;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_TOKENIZED_PIECES_H_
