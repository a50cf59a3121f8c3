#include <cmath>
#include <nlohmann/json.hpp>

#include "src/measure/ratio.h"
#include "tok/measure_compare.h"

namespace tok {
namespace {

using Json = nlohmann::ordered_json;

Json Digits(const DigitGrouping& digits) {
  return {{"runs", digits.n_runs},
          {"from_right", Ratio(digits.n_from_right, digits.n_runs)},
          {"from_left", Ratio(digits.n_from_left, digits.n_runs)},
          {"single", Ratio(digits.n_single, digits.n_runs)},
          {"other", Ratio(digits.n_other, digits.n_runs)},
          {"aligned", Ratio(digits.n_aligned, digits.n_runs)}};
}

Json Identifiers(const IdentifierCounts& counts) {
  return {{"identifiers", counts.n_identifiers},
          {"tokens_per_identifier", Ratio(counts.n_tokens, counts.n_identifiers)},
          {"one_token", Ratio(counts.n_whole, counts.n_identifiers)},
          {"clean", Ratio(counts.n_clean, counts.n_identifiers)}};
}

}  // namespace

double BoundaryCounts::Precision() const { return Ratio(n_shared, n_found, 1); }
double BoundaryCounts::Recall() const { return Ratio(n_shared, n_wanted, 1); }
double BoundaryCounts::F1() const { return Ratio(2 * n_shared, n_found + n_wanted, 1); }

uint64_t TokenizerMeasures::UsedIds() const {
  uint64_t n_used = 0;
  for (const uint64_t count : counts) n_used += count > 0;
  return n_used;
}

uint64_t TokenizerMeasures::IdsUsedOnce() const {
  uint64_t n_once = 0;
  for (const uint64_t count : counts) n_once += count == 1;
  return n_once;
}

double TokenizerMeasures::RenyiEfficiency(double alpha) const {
  if (n_tokens == 0 || n_vocabulary < 2) return 0;
  constexpr double kNearShannon = 1e-9;
  const bool is_shannon = std::abs(alpha - 1) < kNearShannon;
  double sum = 0;  // in the order of ids, on every machine
  for (const uint64_t count : counts) {
    if (count == 0) continue;
    const double p = static_cast<double>(count) / static_cast<double>(n_tokens);
    sum += is_shannon ? -p * std::log(p) : std::pow(p, alpha);
  }
  const double entropy = is_shannon ? sum : std::log(sum) / (1 - alpha);
  return entropy / std::log(static_cast<double>(n_vocabulary));
}

double ComparisonReport::BytesPerToken(size_t t) const { return Ratio(n_bytes, tokenizers[t].n_tokens); }
double ComparisonReport::CharsPerToken(size_t t) const { return Ratio(n_chars, tokenizers[t].n_tokens); }
double ComparisonReport::Fertility(size_t t) const { return Ratio(tokenizers[t].n_word_tokens, n_words); }
double ComparisonReport::ContinuedWords(size_t t) const {
  return Ratio(tokenizers[t].n_continued_words, n_words);
}
double ComparisonReport::TokenRatio(size_t t, const Robustness& changed) const {
  return Ratio(changed.n_tokens, tokenizers[t].n_tokens, 1);
}

std::string ComparisonJson(const ComparisonReport& report) {
  Json json = {{"schema", 1}, {"comparison", Json::array()}};
  for (size_t t = 0; t < report.tokenizers.size(); ++t) {
    const TokenizerMeasures& measures = report.tokenizers[t];
    const uint64_t n_used = measures.UsedIds();
    Json row = {{"tokenizer", measures.tokenizer},
                {"vocabulary", measures.n_vocabulary},
                {"tokens", measures.n_tokens},
                {"bytes_per_token", report.BytesPerToken(t)},
                {"characters_per_token", report.CharsPerToken(t)},
                {"fertility", report.Fertility(t)},
                {"continued_words", report.ContinuedWords(t)},
                {"renyi_2.5", measures.RenyiEfficiency(2.5)},
                {"renyi_1", measures.RenyiEfficiency(1)},
                {"ids_used", n_used},
                {"ids_used_once", measures.IdsUsedOnce()},
                {"used_share", Ratio(n_used, measures.n_vocabulary)},
                {"partial_character_tokens", measures.n_partial},
                {"partial_character_share", Ratio(measures.n_partial, measures.n_tokens)},
                {"digits", Digits(measures.digits)},
                {"identifiers", Identifiers(measures.identifiers)}};
    if (report.has_robustness) {
      const auto robustness = [&](const Robustness& changed) -> Json {
        return {{"token_ratio", report.TokenRatio(t, changed)}, {"boundary_f1", changed.boundaries.F1()}};
      };
      row["robustness"] = {{"typos", robustness(measures.typos)},
                           {"upper", robustness(measures.upper)},
                           {"lower", robustness(measures.lower)}};
    }
    if (report.n_morpheme_words > 0) {
      row["morphemes"] = {{"words", report.n_morpheme_words},
                          {"precision", measures.morphemes.Precision()},
                          {"recall", measures.morphemes.Recall()},
                          {"f1", measures.morphemes.F1()}};
    }
    json["comparison"].push_back(std::move(row));
  }
  json["documents"] = report.n_documents;
  json["bytes"] = report.n_bytes;
  json["characters"] = report.n_chars;
  json["words"] = report.n_words;
  if (report.has_robustness) json["typos"] = report.n_typos;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace tok
