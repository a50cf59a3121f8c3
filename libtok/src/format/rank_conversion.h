// format/rank_conversion.h: between merge lists (Hugging Face) and ranks (tiktoken), only where they are provably equal.
//
// Model: in rank mode every token that merging reaches is reached from exactly one pair of neighbours, the one that
// the merges of its own bytes end with (see BuildRankTable): its canonical merge. So
//   - ranks as merges: the canonical merges in rank order give the same ids on every text;
//   - merges as ranks: equal if every canonical merge is listed and their order is that of the ids. Further merges of a
//     list (some converters write all splits of every token) have the same results as canonical ones and never apply,
//     because their sides are never neighbours.
// A piece that is a token is that token in tiktoken; a merge list does the same with ignore_merges, and without it if
// merging reaches every token.
// Errors: TOK-E026 with the first difference.
// Threads: pure functions.
#ifndef TOK_SRC_FORMAT_RANK_CONVERSION_H_
#define TOK_SRC_FORMAT_RANK_CONVERSION_H_

#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

// "TOK-E026 <tokenizer>: <format> cannot express <feature>; <remedy>"
absl::Status Inexpressible(const TokenizerSpec& spec, std::string_view format, std::string_view feature,
                           std::string_view remedy = "convert to tokenizer.json or .tok instead");

// Errors: TOK-E026 under another scheme than the tokenizer's own, which only images have words for.
absl::Status CheckOwnScheme(const TokenizerSpec& spec, std::string_view format);

// Per id: true for what the model produces, false for gaps and added tokens.
std::vector<bool> ModelTokens(const TokenizerSpec& spec);

// The merge list of a BPE vocabulary: as given, or the canonical merges of a rank vocabulary.
absl::StatusOr<std::vector<Merge>> MergeListOf(const TokenizerSpec& spec);

// The first token whose own bytes do not merge to it, so that a piece equal to it depends on ignore_merges; kNoToken
// if there is none.
absl::StatusOr<TokenId> FirstTokenMergingMisses(const TokenizerSpec& spec, const std::vector<Merge>& merges);

// Errors: TOK-E026 unless ids read as ranks encode every text to the same ids.
absl::Status CheckExpressibleAsRanks(const TokenizerSpec& spec);

// The pattern in the regular expression dialect of Hugging Face tokenizers (Oniguruma). tiktoken's own spellings use
// possessive counts and `$`, which mean something else there. Errors: TOK-E026 if it cannot be told to be the same.
absl::StatusOr<Pattern> HuggingFacePattern(const TokenizerSpec& spec, const Pattern& pattern);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_RANK_CONVERSION_H_
