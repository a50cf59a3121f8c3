#include <string>
#include <utility>
#include <variant>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
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

template <typename Value>
using Named = std::vector<std::pair<std::string_view, Value>>;

const Named<normalizer::Step>& Normalizers() {
  static const auto* const all = new Named<normalizer::Step>{
      {"nfc", normalizer::UnicodeForm{normalizer::Form::kNfc}},
      {"nfd", normalizer::UnicodeForm{normalizer::Form::kNfd}},
      {"nfkc", normalizer::UnicodeForm{normalizer::Form::kNfkc}},
      {"nfkd", normalizer::UnicodeForm{normalizer::Form::kNfkd}},
      {"lowercase", normalizer::Lowercase{}},
      {"strip-accents", normalizer::StripAccents{}},
      {"bert", normalizer::Bert{}},
      {"bert-cased", normalizer::Bert{.lowercase = false}},
  };
  return *all;
}

const Named<std::string_view>& DigitCuts() {
  static const auto* const all = new Named<std::string_view>{
      {"1", R"(\p{N})"}, {"3", R"(\p{N}{1,3})"}, {"r2l3", R"(\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N})))"}};
  return *all;
}

template <typename Value>
std::vector<std::string> NamesOf(const Named<Value>& all) {
  std::vector<std::string> names;
  for (const auto& [name, value] : all) names.emplace_back(name);
  return names;
}

template <typename Value>
absl::StatusOr<Value> ByName(const Named<Value>& all, std::string_view what, std::string_view wanted) {
  std::string names;
  for (const auto& [name, value] : all) {
    if (name == wanted) return value;
    names += Concat(names.empty() ? "" : ", ", name);
  }
  return MakeError(ErrorCode::kUsage, what, Concat("there is no '", wanted, "'"),
                   Concat("use one of: ", names));
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

std::vector<std::string> NormalizerNames() { return NamesOf(Normalizers()); }
absl::StatusOr<normalizer::Step> NormalizerByName(std::string_view name) {
  return ByName(Normalizers(), "normalizer", name);
}

std::vector<std::string> DigitCutNames() { return NamesOf(DigitCuts()); }
absl::Status CutDigitsFirst(std::string_view how, PieceRules* rules) {
  TOK_ASSIGN_OR_RETURN(const std::string_view regex, ByName(DigitCuts(), "digits", how));
  std::vector<pretokenizer::Step>& steps = rules->pre_tokenizers;
  // Each piece that Metaspace is given becomes a word.
  const bool is_behind = !steps.empty() && std::holds_alternative<pretokenizer::Metaspace>(steps.front());
  steps.insert(is_behind ? steps.end() : steps.begin(), Isolated(regex));
  return absl::OkStatus();
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
