// tok/merge_surgery.h: what a tokenizer is without its merge list, or with a damaged one.
//
// Model: CorruptMerges damages the list of a BPE tokenizer, whose vocabulary and ids stay as they are: experiments on how much
// a model depends on it. StripMerges leaves the list out: a scheme that needs the vocabulary alone (tok/scheme.h) takes its
// place. A merge list tells what text a tokenizer was trained on (tok/measure_mixture.h), and ids in the order of merges tell
// the same: hence `permute`, which deals the ids of ordinary tokens out anew.
// Source: Sawada and Goyal, 2025, "BPE inference without a merge list".
// Errors: TOK-E022 for a tokenizer without merges (convert SentencePiece models to tokenizer.json first), TOK-E040 for shares
// outside 0 to 1 and for schemes that need what is stripped.
// Cost: linear in vocabulary and merges. Threads: pure functions. Determinism: by the seed, the same on every machine.
#ifndef TOK_MERGE_SURGERY_H_
#define TOK_MERGE_SURGERY_H_

#include <cstdint>
#include <vector>

#include "tok/scheme.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"
#include "tok/types.h"

namespace tok {

struct Corruption {
  enum class Kind : uint8_t {
    kShuffle,   // a share of the merges, chosen at random, change places among each other
    kDelete,    // a share of the merges, chosen at random, are taken out
    kTruncate,  // the last share of the list is cut off
  };
  Kind kind = Kind::kShuffle;
  double share = 0;  // 0 to 1, rounded to whole merges
  uint64_t seed = 0;
};

struct CorruptedTokenizer {
  // A merge list, also where ranks were; a piece that is a token is merged all the same (no ignore_merges).
  TokenizerSpec spec;
  uint64_t n_merges = 0;    // before
  uint64_t n_affected = 0;  // moved, deleted or cut off
  uint64_t n_disabled = 0;  // still listed, but no listed merge makes one of their sides any more
};

absl::StatusOr<CorruptedTokenizer> CorruptMerges(const TokenizerSpec& spec, const Corruption& corruption);

struct StripOptions {
  // longest-prefix, longest-suffix, longest-token, flota or fewest-tokens; weighted where the vocabulary has scores.
  Scheme scheme = {.kind = Scheme::Kind::kLongestPrefix};
  bool permute =
      false;  // deal out the ids of ordinary tokens anew; those of added tokens and of the pipeline's stay
  uint64_t seed = 0;
};

struct StrippedTokenizer {
  TokenizerSpec spec;
  // By old id; kNoToken where there is none. A model goes along by moving row r of its tables to row new_ids[r].
  std::vector<TokenId> new_ids;
};

absl::StatusOr<StrippedTokenizer> StripMerges(const TokenizerSpec& spec, const StripOptions& options);

// A stripped tokenizer under longest-prefix in the words of Hugging Face: WordPiece without a prefix, for tokenizer.json.
// Errors: TOK-E026 for other schemes, and unless all bytes are tokens (WordPiece drops a whole piece for one character that
// is none).
absl::StatusOr<TokenizerSpec> AsWordPiece(const TokenizerSpec& spec);

}  // namespace tok

#endif  // TOK_MERGE_SURGERY_H_
