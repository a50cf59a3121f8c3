// tok/scheme.h: the scheme: the rule by which a piece becomes tokens. A tokenizer's own, or one that needs its vocabulary
// only.
//
// Model: the splitter cuts pieces as ever; within each, of all ways to spell it with tokens, the scheme chooses:
//   own             what the tokenizer was made for
//   longest-prefix  from the left, always the longest token
//   longest-suffix  from the right, always the longest token
//   longest-token   the longest token that occurs anywhere (of equals the leftmost), then the same on both sides of it
//   flota[:K]       the K longest tokens found so, K = 3 unless said; the rest of the piece is LOST
//   fewest-tokens   as few tokens as possible; of equals, at each end the widest last token
//   fewest-tokens:random  the same, of equals by lot: at each end any of the last tokens
//   weighted        the most probable segmentation: log probabilities of the vocabulary (Unigram); where it has none, of
//                   Zipf's law over the order of ids, log p = -log(rank + 2.7)
//   rank            BPE that merges any neighbours whose concatenation is a token, lowest id first
//   merges          BPE by the merge list alone (ranks: by the merges that they imply): a piece that is a token, though
//                   merging does not reach it, is merged all the same
//   dropout[:P]     merges, each skipped with probability P wherever it could be made, P = 0.1 unless said
// What no token spells becomes byte tokens or the unknown token, as in the tokenizer itself.
// Sources: Sawada and Goyal, 2025, "BPE inference without a merge list" (longest-prefix, fewest-tokens on BPE
// vocabularies); Uzan, Schmidt, Tanner and Pinter, 2024, "Greed is All You Need"; Hofmann, Schuetze and Pierrehumbert, 2022,
// "An Embarrassingly Simple Method to Mitigate Undesirable Properties of Pretrained Language Model Tokenizers" (FLOTA);
// Schmidt et al., 2024, "Tokenization Is More Than Compression" (PathPiece: fewest-tokens); Provilkov, Emelianenko and
// Voita, 2020, "BPE-Dropout".
// Determinism: what is drawn by lot follows from the seed and the document alone, for any number of threads.
// Threads: plain values.
#ifndef TOK_SCHEME_H_
#define TOK_SCHEME_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"

namespace tok {

struct Scheme {
  enum class Kind : uint8_t {
    kOwn,
    kLongestPrefix,
    kLongestSuffix,
    kLongestToken,
    kFlota,
    kFewestTokens,
    kWeighted,
    kRank,
    kMerges,
    kDropout,
  };

  Kind kind = Kind::kOwn;
  uint32_t max_tokens = 3;   // kFlota
  bool random_ties = false;  // kFewestTokens
  double probability = 0.1;  // kDropout
  uint64_t seed = 0;         // of what is drawn by lot

  // Whether text can be lost, so that decoding does not bring it back.
  bool IsLossy() const { return kind == Kind::kFlota; }
  // Whether the seed matters. Then no piece is remembered, and a document is worked on by one thread.
  bool IsRandom() const { return kind == Kind::kDropout || (kind == Kind::kFewestTokens && random_ties); }
  friend bool operator==(const Scheme&, const Scheme&) = default;
};

// The names above. Errors: TOK-E040, with those that there are.
absl::StatusOr<Scheme> ParseScheme(std::string_view name);
std::string SchemeName(const Scheme& scheme);
// In the order above, each without its parameter.
std::vector<std::string> SchemeNames();

}  // namespace tok

#endif  // TOK_SCHEME_H_
