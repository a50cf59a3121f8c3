#include <string>
#include <utility>

#include "src/base/status_macros.h"
#include "src/split/pre_tokenizer.h"
#include "src/split/splitter.h"
#include "tok/piece_counts.h"

namespace tok {
namespace {

pretokenizer::Split Isolated(std::string_view regex) {
  pretokenizer::Split split;
  split.pattern = {true, std::string(regex)};
  return split;
}

}  // namespace

absl::StatusOr<PieceRules> ByteLevelRules(std::string_view pattern) {
  PieceRules rules;
  pretokenizer::ByteLevel bytes{.add_prefix_space = false, .use_regex = false, .trim_offsets = false};
  const std::string_view named = PatternByName(pattern, RegexDialect::kOniguruma);
  if (pattern == "gpt2") {
    bytes.use_regex = true;  // as GPT-2's own file has it
  } else if (pattern == "deepseek") {
    for (const std::string_view regex : DeepSeekPatterns()) rules.pre_tokenizers.push_back(Isolated(regex));
  } else if (pattern != "none") {
    rules.pre_tokenizers.push_back(Isolated(named.empty() ? pattern : named));
  }
  rules.pre_tokenizers.push_back(bytes);
  // What cannot be compiled is said now.
  TOK_RETURN_IF_ERROR(
      PreTokenizer::Create(rules.pre_tokenizers, rules.unicode_profile, rules.alphabet).status());
  return rules;
}

}  // namespace tok
