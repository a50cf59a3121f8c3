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

// A pattern by name, or the expression itself.
void AppendPattern(std::string_view pattern, std::vector<pretokenizer::Step>* steps) {
  if (pattern == "deepseek") {
    for (const std::string_view regex : DeepSeekPatterns()) steps->push_back(Isolated(regex));
  } else if (pattern != "none") {
    const std::string_view named = PatternByName(pattern, RegexDialect::kOniguruma);
    steps->push_back(Isolated(named.empty() ? pattern : named));
  }
}

// What cannot be compiled is said now.
absl::StatusOr<PieceRules> Checked(PieceRules rules) {
  TOK_RETURN_IF_ERROR(
      PreTokenizer::Create(rules.pre_tokenizers, rules.unicode_profile, rules.alphabet).status());
  return rules;
}

}  // namespace

std::vector<std::string> PatternNames(VocabularyAlphabet alphabet) {
  std::vector<std::string> names = {"gpt2", "cl100k", "o200k", "llama3", "qwen", "deepseek", "none"};
  if (alphabet == VocabularyAlphabet::kText) {
    names.insert(names.begin(), {"metaspace", "bert", "whitespace", "whitespace-split"});
  }
  return names;
}

absl::StatusOr<PieceRules> ByteLevelRules(std::string_view pattern) {
  PieceRules rules;
  pretokenizer::ByteLevel bytes{.add_prefix_space = false, .use_regex = false, .trim_offsets = false};
  if (pattern == "gpt2") {
    bytes.use_regex = true;  // as GPT-2's own file has it
  } else {
    AppendPattern(pattern, &rules.pre_tokenizers);
  }
  rules.pre_tokenizers.push_back(bytes);
  return Checked(std::move(rules));
}

absl::StatusOr<PieceRules> TextRules(std::string_view pattern) {
  PieceRules rules;
  rules.alphabet = VocabularyAlphabet::kText;
  std::vector<pretokenizer::Step>* const steps = &rules.pre_tokenizers;
  if (pattern == "metaspace") {
    steps->push_back(pretokenizer::Metaspace{});
  } else if (pattern == "bert") {
    steps->push_back(pretokenizer::Bert{});
  } else if (pattern == "whitespace") {
    steps->push_back(pretokenizer::Whitespace{});
  } else if (pattern == "whitespace-split") {
    steps->push_back(pretokenizer::WhitespaceSplit{});
  } else {
    AppendPattern(pattern, steps);
  }
  return Checked(std::move(rules));
}

}  // namespace tok
