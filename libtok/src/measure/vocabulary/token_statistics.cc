#include "src/measure/vocabulary/token_statistics.h"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "src/measure/dominant_script.h"
#include "src/measure/letter_case.h"
#include "src/unicode/normal_forms.h"
#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

std::u32string CharactersOf(std::string_view text) {
  std::u32string chars;
  for (size_t i = 0; i < text.size();) {
    const DecodedChar c = DecodeUtf8(text, i);
    chars.push_back(c.code_point);
    i += c.n_bytes;
  }
  return chars;
}

std::string Nfkc(std::string_view text) {
  std::string normal;
  std::vector<NormalizedChar> chars;
  for (size_t at = 0;;) {
    const UnsettledRange range = NextUnsettled(text, at, normalizer::Form::kNfkc);
    normal.append(text.substr(at, range.begin - at));
    if (range.begin == text.size()) return normal;
    NormalizeChars(CharactersOf(text.substr(range.begin, range.end - range.begin)), normalizer::Form::kNfkc,
                   &chars);
    for (const NormalizedChar& c : chars) AppendUtf8(c.code_point, &normal);
    at = range.end;
  }
}

std::vector<std::vector<TokenId>> GroupBy(std::span<const VocabularyToken> tokens,
                                          const std::function<std::string(std::string_view)>& key_of) {
  absl::flat_hash_map<std::string, std::vector<TokenId>> by_key;
  for (const VocabularyToken& token : tokens) {
    if (token.bytes.empty() || FindInvalidUtf8(token.bytes) != std::string_view::npos) continue;
    // The spelling of a byte is no text.
    if (token.token_class == TokenClass::kByte) continue;
    by_key[key_of(token.bytes)].push_back(token.id);
  }
  std::vector<std::vector<TokenId>> groups;
  for (auto& [key, ids] : by_key) {
    if (ids.size() > 1) groups.push_back(std::move(ids));
  }
  std::sort(groups.begin(), groups.end());  // no order of hashes shows
  return groups;
}

}  // namespace

VocabularyStatistics StatisticsOf(std::span<const VocabularyToken> tokens) {
  VocabularyStatistics statistics;
  for (const VocabularyToken& token : tokens) {
    const TokenClass is = token.token_class;
    if (is == TokenClass::kOkSpecial || is == TokenClass::kUnreachableSpecial || is == TokenClass::kAdded ||
        is == TokenClass::kByte)
      continue;
    ++statistics.n_ordinary;
    ++statistics.n_of_bytes[token.bytes.size()];
    if (is == TokenClass::kUndecodable) continue;
    ++statistics.n_spelled;
    const std::u32string chars = CharactersOf(token.bytes);
    ++statistics.n_of_chars[chars.size()];
    ++statistics.n_of_script[std::string(DominantScript(token.bytes))];
    const bool has_space = !chars.empty() && chars[0] == ' ';
    statistics.n_leading_space += has_space;
    const std::u32string_view rest = std::u32string_view(chars).substr(has_space);
    const auto is_number = [](char32_t c) { return HasCategory(c, kNumberCategories); };
    statistics.n_numeric += !rest.empty() && std::all_of(rest.begin(), rest.end(), is_number);
    statistics.n_white_space += !chars.empty() && std::all_of(chars.begin(), chars.end(), IsWhiteSpace);
  }
  return statistics;
}

std::vector<std::vector<TokenId>> GroupByNormalForm(std::span<const VocabularyToken> tokens) {
  return GroupBy(tokens, [](std::string_view text) { return LowerCase(Nfkc(text)); });
}

std::vector<std::vector<TokenId>> GroupButForSpace(std::span<const VocabularyToken> tokens) {
  return GroupBy(tokens, [](std::string_view text) {
    return std::string(text.size() > 1 && text.front() == ' ' ? text.substr(1) : text);
  });
}

}  // namespace tok
