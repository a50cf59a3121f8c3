// tok/trim.h: a tokenizer with fewer tokens, for models whose embedding tables are cut the same way.
//
// Model: `keep` are the tokens wanted (those that a corpus uses, say). Kept besides: added, control, unknown, byte,
// user-defined and unused tokens; tokens that the pipeline names; all single bytes of a byte-level vocabulary; and,
// for BPE, the tokens that merging passes through on the way to a kept token (its derivation). Remaining ids are
// renumbered in their old order, so ranks, merge priorities and scores keep theirs.
// Exactness: a text whose ids are all kept is encoded to the same tokens as before. The argument: every merge of its
// derivation is still there and no merge was added, so the next merge is the same at each step; for Unigram the best
// path is still there and has no new rival. WordPiece can differ only where a word used to be unknown.
// Errors: TOK-E012 for ids not in the vocabulary; those of the model for a tokenizer that cannot encode.
// Cost: one merging of each kept token. Threads: a pure function.
#ifndef TOK_TRIM_H_
#define TOK_TRIM_H_

#include <cstdint>
#include <span>
#include <vector>

#include "tok/status.h"
#include "tok/tokenizer_spec.h"
#include "tok/types.h"

namespace tok {

struct TrimmedTokenizer {
  TokenizerSpec spec;
  std::vector<TokenId> new_ids;  // by old id; kNoToken for dropped ones
  uint64_t n_wanted = 0;         // distinct tokens of `keep`
  uint64_t n_derivation = 0;     // kept only because merging passes through them
  uint64_t n_required = 0;       // kept only because the pipeline needs them
};

absl::StatusOr<TrimmedTokenizer> TrimTokenizer(const TokenizerSpec& spec, std::span<const TokenId> keep);

}  // namespace tok

#endif  // TOK_TRIM_H_
