#include "src/train/superword/superword_rules.h"

#include <string>

#include "src/base/strings.h"
#include "src/split/splitter.h"
#include "tok/train_superbpe.h"

namespace tok {
namespace {

PieceRules RulesOf(std::string_view regex) {
  PieceRules rules;
  pretokenizer::Split split;
  split.pattern = {true, std::string(regex)};
  rules.pre_tokenizers = {
      split, pretokenizer::ByteLevel{.add_prefix_space = false, .use_regex = false, .trim_offsets = false}};
  return rules;
}

uint32_t CountWords(std::string_view token) {
  uint32_t n_words = 0;
  for (size_t i = 0; i < token.size(); ++i) n_words += token[i] != ' ' && (i == 0 || token[i - 1] == ' ');
  return n_words;
}

}  // namespace

PieceRules SubwordRules() { return RulesOf(PatternOf(PatternFamily::kSubwords, RegexDialect::kOniguruma)); }
PieceRules SuperwordRules() {
  return RulesOf(PatternOf(PatternFamily::kSuperwords, RegexDialect::kOniguruma));
}

bool IsNoSuperword(std::string_view left, std::string_view right, uint32_t max_words) {
  const std::string token = Concat(left, right);
  return token.find(": ") != std::string::npos || CountWords(token) > max_words;
}

}  // namespace tok
