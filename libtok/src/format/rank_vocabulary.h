// format/rank_vocabulary.h: what .tiktoken files, tekken.json and the bundled encodings have in common: byte strings
// with ranks, a splitting pattern, special tokens.
//
// Model: the ids of the specification are ranks plus a constant; any two neighbours merge whose concatenation is a
// token, lowest rank first (BpeModelSpec::kRank). tiktoken drops text that its pattern does not match; the published
// patterns match everything, for others the split step says so.
// Errors: TOK-E021 for a missing byte, equal tokens or ids taken twice; TOK-E040 for an unknown pattern name.
// Threads: pure functions.
#ifndef TOK_SRC_FORMAT_RANK_VOCABULARY_H_
#define TOK_SRC_FORMAT_RANK_VOCABULARY_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

// One of the encodings that tiktoken 0.14 publishes.
struct StandardEncoding {
  std::string_view name;
  std::string_view sha256;        // of the published .tiktoken file
  std::string_view data;          // file in vocab/, without suffix
  uint32_t n_ranks;               // the first so many ranks of `data`
  std::string_view pattern_name;  // as PatternByName() knows it
  std::vector<AddedToken> (*special_tokens)();
};
std::span<const StandardEncoding> StandardEncodings();
// The first encoding published as this file (r50k_base and gpt2 share one, p50k_base and p50k_edit too).
const StandardEncoding* EncodingOfFile(std::string_view sha256);

// The steps that split by a regular expression as tiktoken does.
std::vector<pretokenizer::Step> StepsOfRegex(std::string_view regex);
// The same for a name ("gpt2", "cl100k", "o200k_base", ..., "none") or a regular expression.
absl::StatusOr<std::vector<pretokenizer::Step>> StepsOfPattern(std::string_view name_or_regex);

// Puts the specification together; `builder` holds the ranked tokens.
absl::StatusOr<TokenizerSpec> MakeRankSpec(VocabularyBuilder builder, std::vector<pretokenizer::Step> steps,
                                           std::vector<AddedToken> special_tokens, std::string_view place);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_RANK_VOCABULARY_H_
