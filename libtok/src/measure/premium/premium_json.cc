#include <nlohmann/json.hpp>

#include "tok/measure_premium.h"

namespace tok {
namespace {

using Json = nlohmann::ordered_json;

Json LanguageJson(const PremiumLanguage& language, const LanguagePremium& premium) {
  const auto& interval = premium.interval;
  return {{"language", language.code},
          {"tokens", premium.n_tokens},
          {"bytes", language.n_bytes},
          {"premium", premium.premium},
          {"premium_low", interval ? Json(interval->low) : Json()},
          {"premium_high", interval ? Json(interval->high) : Json()},
          {"chars", language.n_chars},
          {"items", language.n_items},
          {"complete", language.complete},
          {"reference_tokens", premium.n_reference_tokens},
          {"byte_premium", language.byte_premium},
          {"char_premium", language.char_premium},
          {"bytes_per_token", premium.bytes_per_token},
          {"tokens_per_char", premium.tokens_per_char},
          {"unknown_share", premium.unknown_share ? Json(*premium.unknown_share) : Json()},
          {"script", language.script},
          {"family", language.family}};
}

Json SummaryJson(const PremiumSummary& summary) {
  return {{"median", summary.median}, {"p95", summary.p95},
          {"max", summary.max},       {"max_language", summary.max_language},
          {"gini", summary.gini},     {"n_languages", summary.n_languages}};
}

Json GroupsJson(const char* key, const std::vector<PremiumGroup>& groups) {
  Json list = Json::array();
  for (const PremiumGroup& group : groups) {
    Json one = {{key, group.name}};
    one.update(SummaryJson(group.summary));
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace

std::string PremiumJson(const PremiumReport& report) {
  Json json = {{"schema", 1},
               {"reference", report.reference},
               {"items", report.n_items},
               {"tokenizers", Json::array()}};
  for (const TokenizerPremium& tokenizer : report.tokenizers) {
    Json languages = Json::array();
    for (size_t l = 0; l < report.languages.size(); ++l)
      languages.push_back(LanguageJson(report.languages[l], tokenizer.languages[l]));
    Json one = {{"tokenizer", tokenizer.tokenizer}, {"languages", std::move(languages)}};
    one.update(SummaryJson(tokenizer.summary));
    one["scripts"] = GroupsJson("script", tokenizer.scripts);
    one["families"] = GroupsJson("family", tokenizer.families);
    json["tokenizers"].push_back(std::move(one));
  }
  // Names of files and languages may be any bytes.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace tok
