// model/bpe/bpe_reference.h: BPE by its definition, for tests and for building tables.
//
// Cost: quadratic in the piece. Nothing here is used while encoding.
#ifndef TOK_SRC_MODEL_BPE_BPE_REFERENCE_H_
#define TOK_SRC_MODEL_BPE_BPE_REFERENCE_H_

#include <span>
#include <string_view>
#include <vector>

#include "tok/tokenizer_spec.h"
#include "tok/types.h"
#include "tok/vocabulary.h"

namespace tok {

// Rank mode: the bytes of `piece` merge, leftmost pair of lowest-id concatenation first (tiktoken's byte_pair_encode
// without its look-up of the whole piece). Source: Sennrich et al., 2016, "Neural Machine Translation of Rare Words
// with Subword Units"; the rank formulation is tiktoken's.
std::vector<TokenId> EncodeByRankReference(const Vocabulary& vocabulary,
                                           std::span<const TokenId, 256> byte_ids, std::string_view piece);

// The pair whose merge turns the bytes of a token into that one token; false if merging does not get there.
bool LastMergeByRank(const Vocabulary& vocabulary, std::span<const TokenId, 256> byte_ids,
                     std::string_view token, Merge* pair);

// Merge-list mode: the leftmost pair that is earliest in `merges` merges first; the result is the token spelled by
// both, found in `vocabulary`.
std::vector<TokenId> EncodeByMergesReference(const Vocabulary& vocabulary, std::span<const Merge> merges,
                                             std::vector<TokenId> symbols);

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_BPE_REFERENCE_H_
