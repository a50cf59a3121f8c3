// train/bpe/tokenized_pieces.h: a text as tokens, in which any pair may be merged and any token split again.
//
// Model: pieces that differ, each once, as lists of tokens, with the exact count of every pair of neighbouring tokens
// (overlapping places included: "aaa" holds "aa" twice) and of every token. Merge and Split keep all of it up to date, in
// whatever order they come; Best is the pair with the highest count, of equals the one with the smaller left token, then the
// smaller right one. Nothing is assumed of what tokens spell, so counts may rise again: what MergeEngine (merge_engine.h) may
// not do, at some ten times its cost.
// Limits: 2^32 - 1 symbols in different pieces.
// Cost: Merge and Split some five look-ups in a table of pairs for each place that changes. Memory: 4 bytes a symbol, 4 a place
// that was ever made, 80 a pair.
// Threads: one.
#ifndef TOK_SRC_TRAIN_BPE_TOKENIZED_PIECES_H_
#define TOK_SRC_TRAIN_BPE_TOKENIZED_PIECES_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/train/bpe/alphabet.h"
#include "src/train/bpe/merge_engine.h"
#include "tok/piece_counts.h"
#include "tok/status.h"

namespace tok {

class TokenizedPieces {
 public:
  // The pieces as symbols of `alphabet`. `splits`: whether Split and CountOf will be asked for. Errors: TOK-E030.
  static absl::StatusOr<TokenizedPieces> Create(const PieceCounts& counts, const Alphabet& alphabet,
                                                bool splits);

  // Asked once about each pair that comes into being: true keeps it from ever being the best. Empty: none. To be set before
  // anything else is called.
  std::function<bool(uint32_t left, uint32_t right)> is_vetoed;

  // Nothing if there is no pair.
  std::optional<TokenMerge> Best();
  // Replaces the pair from the left to the right by `token`, a new one or one that is there. Returns how many places that
  // were, each as often as its piece occurs.
  uint64_t Merge(uint32_t left, uint32_t right, uint32_t token);
  // Replaces `token`, which merges made, by the two others, everywhere.
  void Split(uint32_t token, uint32_t left, uint32_t right);

  // In different pieces.
  uint64_t n_symbols() const { return n_symbols_; }
  // In the whole text.
  uint64_t n_tokens() const { return n_tokens_; }
  uint64_t CountOf(uint32_t token) const { return tokens_[token].count; }

  size_t n_pieces() const { return pieces_.size(); }
  std::span<const uint32_t> TokensOf(size_t piece) const {
    return std::span(text_).subspan(pieces_[piece].begin, pieces_[piece].n_tokens);
  }

 private:
  struct Piece {
    uint32_t begin, n_tokens;
    uint64_t count;
  };
  struct Pair {
    uint64_t count = 0;
    uint64_t n_queued = 0;         // the count that it is queued with; 0: it is not
    std::vector<uint32_t> pieces;  // that it was ever made in; some twice, from some it is gone
    bool has_gained = false;       // since Best was asked last
    bool is_known = false, is_vetoed = false;
  };
  struct Token {
    uint64_t count = 0;
    std::vector<uint32_t> pieces;  // as of a pair, but for those of a symbol that merges did not make
  };
  struct Queued {
    uint64_t count;
    uint64_t pair;
    // The order of a max-heap.
    friend bool operator<(const Queued& a, const Queued& b) {
      return a.count != b.count ? a.count < b.count : a.pair > b.pair;
    }
  };
  explicit TokenizedPieces(bool splits) : splits_(splits) {}
  static uint64_t KeyOf(uint32_t left, uint32_t right) { return uint64_t{left} << 32 | right; }

  void Gain(uint32_t left, uint32_t right, uint32_t piece);
  void Lose(uint32_t left, uint32_t right, uint32_t piece);
  void Queue(uint64_t key, Pair* pair);
  // Those that have gained, if they are not queued as high.
  void QueueGained();
  uint64_t MergeIn(uint32_t piece, uint32_t left, uint32_t right, uint32_t token);
  void SplitIn(uint32_t piece, uint32_t token, uint32_t left, uint32_t right);

  bool splits_;
  std::vector<uint32_t> text_;  // a piece has room for all its symbols
  std::vector<Piece> pieces_;
  uint64_t n_symbols_ = 0, n_tokens_ = 0;
  absl::flat_hash_map<uint64_t, Pair> pairs_;
  std::vector<Token> tokens_;
  std::vector<uint64_t> gained_;
  std::vector<Queued> heap_;
  std::vector<uint32_t> split_;  // a piece while it is rewritten
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_TOKENIZED_PIECES_H_
