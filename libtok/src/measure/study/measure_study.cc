#include "tok/measure_study.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "tok/tokenizer.h"
#include "tok/train_bpe.h"
#include "tok/train_superbpe.h"

namespace tok {
namespace {

double Variance(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return squares / (n - 1);
}

absl::Status CheckOptions(std::span<const StudyLanguage> languages, const StudyOptions& options) {
  const std::vector<uint32_t>& sizes = options.sizes;
  if (languages.size() < 2) {
    return MakeError(ErrorCode::kUsage, "study", "compares languages, and there are fewer than two",
                     "add languages");
  }
  const bool is_ascending =
      std::adjacent_find(sizes.begin(), sizes.end(), std::greater_equal<>()) == sizes.end();
  if (sizes.size() < 3 || !is_ascending || sizes.front() < 257) {
    return MakeError(ErrorCode::kUsage, "sizes", "are not three or more, ascending, each above 256",
                     "say 1024,4096,16384");
  }
  if (std::find(sizes.begin(), sizes.end(), options.common_size) == sizes.end()) {
    return MakeError(ErrorCode::kUsage, "common size", Concat(options.common_size, " is none of the sizes"),
                     "choose one of them");
  }
  if (options.n_targets >= 2) return absl::OkStatus();
  return MakeError(ErrorCode::kUsage, "targets", "are fewer than two", "try 24");
}

// The parallel text of the languages, over the items that all have.
class SharedText {
 public:
  static absl::StatusOr<SharedText> Create(std::span<const StudyLanguage> languages,
                                           const ParallelText& text) {
    SharedText shared;
    std::vector<uint32_t> n_languages(text.n_items);
    std::vector<const ParallelLanguage*> found;
    for (const StudyLanguage& language : languages) {
      found.push_back(text.Find(language.name));
      if (found.back() == nullptr) {
        return MakeError(ErrorCode::kUsage, Concat("language ", language.name), "is not in the parallel text",
                         "name languages as it does");
      }
      for (const ParallelItem& item : found.back()->items) ++n_languages[item.item];
    }
    shared.n_items_ =
        static_cast<uint64_t>(std::count(n_languages.begin(), n_languages.end(), languages.size()));
    if (shared.n_items_ == 0) {
      return MakeError(ErrorCode::kBadInput, "parallel text", "has no item in all of the languages",
                       "leave out those that have few");
    }
    for (const ParallelLanguage* language : found) {
      std::vector<std::string_view>& texts = shared.texts_.emplace_back();
      for (size_t i = 0; i < language->items.size(); ++i) {
        if (n_languages[language->items[i].item] == languages.size()) texts.push_back(language->Text(i));
      }
    }
    return shared;
  }

  uint64_t n_items() const { return n_items_; }
  const std::vector<std::string_view>& Texts(size_t language) const { return texts_[language]; }

 private:
  uint64_t n_items_ = 0;
  std::vector<std::vector<std::string_view>> texts_;
};

absl::StatusOr<uint64_t> CountTokens(TokenizerSpec spec, const std::vector<std::string_view>& texts,
                                     const StudyOptions& options) {
  TOK_ASSIGN_OR_RETURN(const Tokenizer tokenizer, Tokenizer::Create(std::move(spec)));
  TOK_ASSIGN_OR_RETURN(const std::vector<uint64_t> counts,
                       tokenizer.CountBatch(texts, options.encode, options.n_threads));
  return std::accumulate(counts.begin(), counts.end(), uint64_t{0});
}

// A SuperBPE tokenizer of its own: superwords are merged after all words, so that no prefix of a larger one is it.
absl::StatusOr<StudyPoint> SuperwordPoint(const StudyLanguage& language, uint32_t size,
                                          const std::vector<std::string_view>& texts,
                                          const StudyOptions& options) {
  SuperBpeOptions training;
  training.bpe.vocab_size = size;
  training.bpe.n_threads = options.n_threads;
  training.transition = size - size / 10;
  training.corpus = *options.superwords;
  TOK_ASSIGN_OR_RETURN(SuperBpeTraining trained, TrainSuperBpe(language.inputs, training));
  StudyPoint point{.size = size, .n_tokens = static_cast<uint32_t>(trained.spec.vocabulary.size())};
  TOK_ASSIGN_OR_RETURN(point.count, CountTokens(std::move(trained.spec), texts, options));
  return point;
}

// A language's tokenizer at any size.
class SizedTokenizer {
 public:
  SizedTokenizer(TokenizerSpec trained, const std::vector<std::string_view>& texts,
                 const StudyOptions& options)
      : trained_(std::move(trained)), texts_(texts), options_(options) {}

  absl::StatusOr<StudyPoint> At(uint32_t size) {
    if (const auto known = points_.find(size); known != points_.end()) return known->second;
    TOK_ASSIGN_OR_RETURN(TokenizerSpec cut, PrefixCut(trained_, size));
    StudyPoint point{.size = size, .n_tokens = static_cast<uint32_t>(cut.vocabulary.size())};
    TOK_ASSIGN_OR_RETURN(point.count, CountTokens(std::move(cut), texts_, options_));
    points_.emplace(size, point);
    return point;
  }

 private:
  TokenizerSpec trained_;
  const std::vector<std::string_view>& texts_;
  const StudyOptions& options_;
  std::map<uint32_t, StudyPoint> points_;  // asked for before
};

absl::StatusOr<StudyTarget> MeasureTarget(double target, const StudyOptions& options,
                                          const std::vector<StudyCurve>& curves,
                                          std::vector<SizedTokenizer>* tokenizers) {
  const uint32_t least = options.sizes.front(), most = options.sizes.back();
  StudyTarget result;
  result.target = target;
  std::vector<double> counts;
  double squares = 0;
  for (size_t l = 0; l < curves.size(); ++l) {
    const double predicted = std::round(curves[l].law.SizeOf(target));
    const bool is_limit = !(predicted > least && predicted < most);
    const uint32_t size = predicted <= least ? least
                          : predicted < most ? static_cast<uint32_t>(predicted)
                                             : most;
    TOK_ASSIGN_OR_RETURN(const StudyPoint point, (*tokenizers)[l].At(size));
    result.choices.push_back(point);
    result.n_at_limits += is_limit;
    counts.push_back(static_cast<double>(point.count));
    if (!is_limit) squares += (counts.back() - target) * (counts.back() - target);
  }
  const size_t n_free = curves.size() - result.n_at_limits;
  result.rmse = n_free == 0 ? 0 : std::sqrt(squares / static_cast<double>(n_free));
  result.variance = Variance(counts);
  return result;
}

absl::Status MeasureTargets(const StudyOptions& options, std::vector<SizedTokenizer>* tokenizers,
                            StudyReport* report) {
  uint64_t least = UINT64_MAX, most = 0;
  for (const StudyCurve& curve : report->curves) {
    least = std::min(least, curve.points.back().count);
    most = std::max(most, curve.points.front().count);
  }
  for (uint32_t i = 0; i < options.n_targets; ++i) {
    const double share = static_cast<double>(i) / (options.n_targets - 1);
    const double target = static_cast<double>(least) + share * static_cast<double>(most - least);
    TOK_ASSIGN_OR_RETURN(StudyTarget measured, MeasureTarget(target, options, report->curves, tokenizers));
    report->targets.push_back(std::move(measured));
    if (report->targets.back().variance < report->targets[report->best].variance) report->best = i;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<StudyReport> MeasureStudy(std::span<const StudyLanguage> languages, const ParallelText& text,
                                         const StudyOptions& options) {
  TOK_RETURN_IF_ERROR(CheckOptions(languages, options));
  TOK_ASSIGN_OR_RETURN(const SharedText shared, SharedText::Create(languages, text));
  StudyReport report;
  report.n_items = shared.n_items();
  report.common_size = options.common_size;
  std::vector<SizedTokenizer> tokenizers;
  std::vector<double> common, common_superwords;
  for (size_t l = 0; l < languages.size(); ++l) {
    if (languages[l].counts.n_unique() == 0) {
      return MakeError(ErrorCode::kBadInput, Concat("language ", languages[l].name),
                       "has no text to train on", "give it some, or leave it out");
    }
    BpeTrainerOptions training;
    training.vocab_size = options.sizes.back();
    training.n_threads = options.n_threads;
    absl::StatusOr<BpeTraining> trained = TrainBpe(languages[l].counts, training);
    if (!trained.ok()) return AtPlace(languages[l].name, trained.status());
    tokenizers.emplace_back(std::move(trained->spec), shared.Texts(l), options);
    StudyCurve curve{.language = languages[l].name};
    for (const std::string_view item : shared.Texts(l)) curve.n_bytes += item.size();
    for (const uint32_t size : options.sizes) {
      const absl::StatusOr<StudyPoint> point = tokenizers.back().At(size);
      if (!point.ok()) return AtPlace(languages[l].name, point.status());
      curve.points.push_back(*point);
      if (size == options.common_size) common.push_back(static_cast<double>(point->count));
      if (!options.superwords) continue;
      const absl::StatusOr<StudyPoint> super = SuperwordPoint(languages[l], size, shared.Texts(l), options);
      if (!super.ok()) return AtPlace(languages[l].name, super.status());
      curve.superwords.push_back(*super);
      if (size == options.common_size) common_superwords.push_back(static_cast<double>(super->count));
    }
    // Sizes that training did not reach are one point.
    std::vector<StudyPoint> different = curve.points;
    different.erase(
        std::unique(different.begin(), different.end(),
                    [](const StudyPoint& a, const StudyPoint& b) { return a.n_tokens == b.n_tokens; }),
        different.end());
    curve.law = FitPowerLaw(different);
    report.curves.push_back(std::move(curve));
    if (options.progress && !options.progress(l + 1, languages.size())) {
      return MakeError(ErrorCode::kInterrupted, "study", "stopped before all languages were trained");
    }
  }
  report.common_variance = Variance(common);
  if (options.superwords) report.superword_variance = Variance(common_superwords);
  TOK_RETURN_IF_ERROR(MeasureTargets(options, &tokenizers, &report));
  return report;
}

double StudyReport::Reduction() const {
  const double variance = targets[best].variance;
  if (variance > 0) return common_variance / variance;
  return common_variance > 0 ? std::numeric_limits<double>::infinity() : 1;
}

std::string StudyJson(const StudyReport& report) {
  using Json = nlohmann::ordered_json;
  Json json = {{"schema", 1},
               {"items", report.n_items},
               {"common_size", report.common_size},
               {"common_variance", report.common_variance},
               {"reduction", report.Reduction()},
               {"curves", Json::array()},
               {"targets", Json::array()},
               {"best", report.best}};
  if (report.superword_variance) json["superword_variance"] = *report.superword_variance;
  const auto list = [](const std::vector<StudyPoint>& points) {
    Json listed = Json::array();
    for (const StudyPoint& point : points) {
      listed.push_back({{"size", point.size}, {"tokens", point.n_tokens}, {"count", point.count}});
    }
    return listed;
  };
  for (const StudyCurve& curve : report.curves) {
    const PowerLaw& law = curve.law;
    json["curves"].push_back({{"language", curve.language},
                              {"bytes", curve.n_bytes},
                              {"points", list(curve.points)},
                              {"law", {{"a", law.a}, {"b", law.b}, {"c", law.c}, {"rmse", law.rmse}}}});
    if (!curve.superwords.empty()) json["curves"].back()["superwords"] = list(curve.superwords);
  }
  for (const StudyTarget& target : report.targets) {
    Json choices = Json::array();
    for (size_t l = 0; l < target.choices.size(); ++l) {
      choices.push_back({{"language", report.curves[l].language},
                         {"size", target.choices[l].size},
                         {"count", target.choices[l].count}});
    }
    json["targets"].push_back({{"target", target.target},
                               {"variance", target.variance},
                               {"rmse", target.rmse},
                               {"at_limits", target.n_at_limits},
                               {"choices", std::move(choices)}});
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace tok
