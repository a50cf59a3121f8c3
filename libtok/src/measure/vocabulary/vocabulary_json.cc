#include <nlohmann/json.hpp>
#include <string>

#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"
#include "tok/measure_vocabulary.h"

namespace tok {
namespace {

using Json = nlohmann::ordered_json;

double Mean(const std::map<uint64_t, uint64_t>& n_of_length, uint64_t n) {
  double sum = 0;
  for (const auto& [length, n_tokens] : n_of_length)
    sum += static_cast<double>(length) * static_cast<double>(n_tokens);
  return n == 0 ? 0 : sum / static_cast<double>(n);
}

std::string Hex(std::string_view bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : bytes) {
    hex += kHex[byte >> 4];
    hex += kHex[byte & 15];
  }
  return hex;
}

Json Lengths(const std::map<uint64_t, uint64_t>& n_of_length, double mean) {
  Json lengths = Json::array();
  for (const auto& [length, n_tokens] : n_of_length) lengths.push_back({length, n_tokens});
  return {{"mean", mean}, {"lengths", std::move(lengths)}};
}

Json Duplicates(const std::vector<std::vector<TokenId>>& groups, bool with_members) {
  uint64_t n_ids = 0;
  for (const std::vector<TokenId>& group : groups) n_ids += group.size();
  Json json = {{"groups", groups.size()}, {"ids", n_ids}};
  if (with_members) json["members"] = groups;
  return json;
}

Json Statistics(const VocabularyStatistics& statistics) {
  return {{"ordinary", statistics.n_ordinary},
          {"bytes", Lengths(statistics.n_of_bytes, statistics.MeanBytes())},
          {"characters", Lengths(statistics.n_of_chars, statistics.MeanChars())},
          {"scripts", statistics.n_of_script},
          {"leading_space", statistics.n_leading_space},
          {"numeric", statistics.n_numeric},
          {"white_space", statistics.n_white_space}};
}

Json Row(const VocabularyToken& token, bool has_corpus) {
  Json row = {{"id", token.id},
              {"token", token.bytes},
              {"class", TokenClassName(token.token_class)},
              {"becomes", token.becomes}};
  if (FindInvalidUtf8(token.bytes) != std::string_view::npos) row["bytes"] = Hex(token.bytes);
  if (token.only_in_context) row["only_in_context"] = true;
  if (has_corpus) {
    row["used"] = token.n_used;
    row["inside"] = token.n_inside;
    row["residue"] = token.is_residue;
  }
  return row;
}

}  // namespace

double VocabularyStatistics::MeanBytes() const { return Mean(n_of_bytes, n_ordinary); }
double VocabularyStatistics::MeanChars() const { return Mean(n_of_chars, n_spelled); }

std::string VocabularyJson(const VocabularyReport& report, const VocabularyJsonOptions& options) {
  Json vocabulary = {{"ids", report.n_ids}, {"tokens", report.n_tokens}};
  for (size_t c = 0; c < kNTokenClasses; ++c)
    vocabulary[std::string(TokenClassName(static_cast<TokenClass>(c)))] = report.n_of_class[c];
  vocabulary["only_in_context"] = report.n_only_in_context;
  Json json = {{"schema", 1},
               {"tokenizer", report.tokenizer},
               {"vocabulary", std::move(vocabulary)},
               {"statistics", Statistics(report.statistics)},
               {"specials_from_text", Json::array()},
               {"duplicates",
                {{"normal_form", Duplicates(report.same_normal_form, options.all)},
                 {"leading_space", Duplicates(report.same_but_space, options.all)}}}};
  const auto content_of = [&](TokenId id) {
    const auto before = [](const VocabularyToken& token, TokenId wanted) { return token.id < wanted; };
    return std::lower_bound(report.tokens.begin(), report.tokens.end(), id, before)->bytes;
  };
  for (const SpecialFromText& special : report.specials_from_text)
    json["specials_from_text"].push_back(
        {{"id", special.id}, {"token", content_of(special.id)}, {"text", special.text}});
  if (report.has_corpus) {
    json["corpus"] = {{"documents", report.n_documents},  {"bytes", report.n_corpus_bytes},
                      {"tokens", report.n_corpus_tokens}, {"min_count", report.min_count},
                      {"unused", report.n_unused},        {"residue", report.n_residue}};
  }
  json["tokens"] = Json::array();
  for (const VocabularyToken& token : report.tokens) {
    if (options.all || token.IsRemarkable()) json["tokens"].push_back(Row(token, report.has_corpus));
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string EscapeToken(std::string_view bytes) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string escaped;
  for (size_t i = 0; i < bytes.size();) {
    const DecodedChar c = DecodeUtf8(bytes, i);
    const bool is_shown =
        c.code_point != kInvalidByte &&
        (c.code_point == ' ' || !HasCategory(c.code_point, kOtherCategories | kSeparatorCategories));
    if (c.code_point == '\\') {
      escaped += "\\\\";
    } else if (c.code_point == '\n') {
      escaped += "\\n";
    } else if (c.code_point == '\t') {
      escaped += "\\t";
    } else if (c.code_point == '\r') {
      escaped += "\\r";
    } else if (is_shown) {
      escaped.append(bytes.substr(i, c.n_bytes));
    } else {
      for (const unsigned char byte : bytes.substr(i, c.n_bytes)) {
        escaped += "\\x";
        escaped += kHex[byte >> 4];
        escaped += kHex[byte & 15];
      }
    }
    i += c.n_bytes;
  }
  return escaped;
}

}  // namespace tok
