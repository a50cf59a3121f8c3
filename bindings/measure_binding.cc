#include "bindings/measure_binding.h"

#include <pybind11/stl.h>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings/arrays.h"
#include "bindings/document_batches.h"
#include "bindings/encode_options.h"
#include "bindings/errors.h"
#include "bindings/long_calls.h"
#include "bindings/piece_counts_binding.h"
#include "tok/char_bench.h"
#include "tok/measure_compare.h"
#include "tok/measure_markov.h"
#include "tok/measure_mixture.h"
#include "tok/measure_premium.h"
#include "tok/measure_schemes.h"
#include "tok/measure_study.h"
#include "tok/measure_vocabulary.h"

namespace py = pybind11;

namespace tok::python {
namespace {

using NamedTokenizers = std::vector<std::pair<std::string, const Tokenizer*>>;
using NamedCounts = std::vector<std::pair<std::string, const SharedCounts*>>;
using Sources = std::vector<std::pair<std::string, std::string>>;  // language, "" where the path says; path

// Files of each language, parallel to NamedCounts, and what a document of them is.
using SuperwordTexts = std::pair<std::vector<std::vector<std::string>>, std::string>;

constexpr size_t kBatchBytes = size_t{8} << 20;

// Calls add(documents), outside of the GIL, with some documents at a time.
template <typename Add>
void AddDocuments(const py::iterable& documents, const Add& add) {
  DocumentBatches batches(documents, kBatchBytes);
  for (DocumentBatch batch = batches.Next(); batch.size() > 0; batch = batches.Next()) {
    LongCall([&](const GoesOn&) -> absl::StatusOr<bool> {
      const std::vector<std::string_view> views = batch.views();
      const absl::Status status = add(std::span<const std::string_view>(views));
      if (!status.ok()) return status;
      return true;
    });
  }
}

ParallelText ReadParallel(const Sources& sources, const std::optional<std::string>& fields,
                          const std::string& source_language, std::string_view utf8) {
  ParallelTextOptions options;
  options.source_language = source_language;
  options.utf8 = Utf8PolicyOf(utf8);
  if (fields) options.fields = ValueOrRaise(ParallelFields::Parse(*fields));
  std::vector<ParallelSource> given;
  for (const auto& [language, path] : sources) given.push_back({language, path});
  return LongCall([&](const GoesOn&) { return ReadParallelText(given, options); });
}

std::string Premium(const NamedTokenizers& tokenizers, const Sources& sources, const std::string& reference,
                    const std::vector<std::string>& languages, bool complete_only,
                    const std::optional<std::string>& fields, const std::string& source_language,
                    uint32_t n_resamples, uint64_t seed, const py::object& special, bool add_template,
                    std::string_view utf8, unsigned n_threads) {
  PremiumOptions options;
  options.reference = reference;
  options.languages = languages;
  options.complete_only = complete_only;
  options.n_resamples = n_resamples;
  options.seed = seed;
  options.n_threads = n_threads;
  std::vector<NamedTokenizer> named;
  for (const auto& [name, tokenizer] : tokenizers) named.push_back({name, *tokenizer});
  if (!named.empty()) options.encode = OptionsOf(named[0].tokenizer, special, add_template, utf8);
  if (named.size() > 1 && options.encode.special.kind() == SpecialPolicy::Kind::kListed) {
    throw py::value_error("special names tokens, whose ids differ between tokenizers; measure one at a time");
  }
  const ParallelText text = ReadParallel(sources, fields, source_language, utf8);
  return LongCall([&](const GoesOn& goes_on) -> absl::StatusOr<std::string> {
    options.encode.goes_on = goes_on;
    const absl::StatusOr<PremiumReport> report = MeasurePremium(named, text, options);
    if (!report.ok()) return report.status();
    return PremiumJson(*report);
  });
}

std::string Study(const NamedCounts& languages, const Sources& sources,
                  const std::optional<std::string>& fields, const std::string& source_language,
                  std::string_view utf8, const std::vector<uint32_t>& sizes, uint32_t common_size,
                  uint32_t n_targets, const std::optional<SuperwordTexts>& superwords, unsigned n_threads) {
  StudyOptions options;
  options.sizes = sizes;
  options.common_size = common_size;
  options.n_targets = n_targets;
  options.encode.utf8 = Utf8PolicyOf(utf8);
  options.n_threads = n_threads;
  std::vector<StudyLanguage> counted;
  for (const auto& [name, counts] : languages) counted.push_back({name, counts->InAnyOrder(), {}});
  if (superwords) {
    const auto& [files, split] = *superwords;
    options.superwords = {.split = ValueOrRaise(DocumentSplit::Parse(split)),
                          .utf8 = options.encode.utf8,
                          .n_threads = n_threads};
    for (size_t l = 0; l < counted.size(); ++l) counted[l].inputs = files.at(l);
  }
  const ParallelText text = ReadParallel(sources, fields, source_language, utf8);
  return LongCall([&](const GoesOn& goes_on) -> absl::StatusOr<std::string> {
    options.progress = [&](uint64_t, uint64_t) { return goes_on(); };
    const absl::StatusOr<StudyReport> report = MeasureStudy(counted, text, options);
    if (!report.ok()) return report.status();
    return StudyJson(*report);
  });
}

std::string Schemes(const Tokenizer& tokenizer, const std::string& name, const py::iterable& documents,
                    const std::optional<std::vector<std::string>>& names, uint64_t seed,
                    const py::object& special, bool add_template, std::string_view utf8, unsigned n_threads) {
  std::vector<Scheme> schemes;
  for (const std::string& wanted : names ? *names : SchemeNames()) {
    Scheme scheme = ValueOrRaise(ParseScheme(wanted));
    scheme.seed = seed;
    const bool is_asked_for = names.has_value();
    const bool is_possible = scheme.kind != Scheme::Kind::kOwn && tokenizer.WithScheme(scheme).ok();
    if (is_asked_for || is_possible) schemes.push_back(scheme);
  }
  const EncodeOptions options = OptionsOf(tokenizer, special, add_template, utf8);
  SchemeComparison comparison =
      ValueOrRaise(SchemeComparison::Create(tokenizer, schemes, options, n_threads));
  AddDocuments(documents, [&](auto views) { return comparison.Add(views); });
  SchemesReport report = comparison.Report();
  report.tokenizer = name;
  return SchemesJson(report);
}

std::string Vocabulary(const Tokenizer& tokenizer, const std::string& name, const py::iterable& documents,
                       uint64_t min_count, bool all, const py::object& special, std::string_view utf8,
                       unsigned n_threads) {
  VocabularyMeasurement measurement = LongCall([&](const GoesOn&) {
    return VocabularyMeasurement::Create(tokenizer, {.min_count = min_count, .n_threads = n_threads});
  });
  const EncodeOptions options = OptionsOf(tokenizer, special, /*add_template=*/false, utf8);
  AddDocuments(documents, [&](auto views) { return measurement.Add(views, options); });
  VocabularyReport report = LongCall([&](const GoesOn&) { return measurement.Report(); });
  report.tokenizer = name;
  return VocabularyJson(report, {.all = all});
}

std::string Compare(const NamedTokenizers& tokenizers, const py::iterable& documents, bool robustness,
                    double typo_share, uint64_t seed, const std::optional<std::string>& morphemes,
                    const py::object& special, bool add_template, std::string_view utf8, unsigned n_threads) {
  std::vector<ComparedTokenizer> compared;
  for (const auto& [name, tokenizer] : tokenizers) {
    compared.push_back({*tokenizer, OptionsOf(*tokenizer, special, add_template, utf8)});
  }
  TokenizerComparison comparison =
      ValueOrRaise(TokenizerComparison::Create(std::move(compared), {.n_threads = n_threads,
                                                                     .robustness = robustness,
                                                                     .typo_share = typo_share,
                                                                     .seed = seed,
                                                                     .use_groups = {}}));
  if (morphemes) RaiseIfError(comparison.AddMorphemes(*morphemes, "morphemes"));
  AddDocuments(documents, [&](auto views) { return comparison.Add(views); });
  ComparisonReport report = comparison.Report();
  for (size_t t = 0; t < tokenizers.size(); ++t) report.tokenizers[t].tokenizer = tokenizers[t].first;
  return ComparisonJson(report);
}

// (groups, offsets): of the tokens of each document, end to end.
py::tuple IdentifierGroups(const Tokenizer& tokenizer, const py::iterable& documents,
                           const py::object& special, bool add_template, std::string_view utf8,
                           unsigned n_threads) {
  std::vector<uint32_t> groups;
  std::vector<uint64_t> offsets = {0};
  const CompareOptions options = {.n_threads = n_threads,
                                  .robustness = false,
                                  .use_groups = [&](uint64_t, size_t, std::span<const uint32_t> of_document) {
                                    groups.insert(groups.end(), of_document.begin(), of_document.end());
                                    offsets.push_back(groups.size());
                                    return absl::OkStatus();
                                  }};
  TokenizerComparison comparison = ValueOrRaise(
      TokenizerComparison::Create({{tokenizer, OptionsOf(tokenizer, special, add_template, utf8)}}, options));
  AddDocuments(documents, [&](auto views) { return comparison.Add(views); });
  return py::make_tuple(ArrayOver(std::move(groups)), ArrayOver(std::move(offsets)));
}

std::string CharBenchLines(const NamedTokenizers& tokenizers, const py::iterable& documents, uint64_t seed,
                           uint64_t n_per_task) {
  CharBench bench;
  AddDocuments(documents, [&](auto views) { return bench.Add(views); });
  std::vector<std::pair<std::string, Tokenizer>> named;
  for (const auto& [name, tokenizer] : tokenizers) named.emplace_back(name, *tokenizer);
  return LongCall(
      [&](const GoesOn&) { return bench.Lines(named, {.seed = seed, .n_per_task = n_per_task}); });
}

std::string Mixture(const Tokenizer& tokenizer, const NamedCounts& samples, uint32_t n_merges, bool of_pairs,
                    unsigned n_threads) {
  MixtureOptions options;
  options.size = of_pairs ? MixtureOptions::Size::kPairs : MixtureOptions::Size::kBytes;
  options.n_merges = n_merges;
  options.n_threads = n_threads;
  std::vector<MixtureSample> given;
  for (const auto& [name, counts] : samples) given.push_back({name, counts->InAnyOrder()});
  return LongCall([&](const GoesOn& goes_on) -> absl::StatusOr<std::string> {
    options.progress = [&](const MixtureProgress&) { return goes_on(); };
    const absl::StatusOr<MixtureReport> report = MeasureMixture(tokenizer.spec(), given, options);
    if (!report.ok()) return report.status();
    return MixtureJson(*report);
  });
}

std::string Markov(const std::vector<std::tuple<double, double, uint32_t>>& sources,
                   const std::vector<uint32_t>& sizes, uint64_t n_symbols, uint64_t seed,
                   unsigned n_threads) {
  MarkovOptions options;
  options.sources.clear();
  for (const auto& [p, q, order] : sources) options.sources.push_back({p, q, order});
  options.sizes = sizes;
  options.n_symbols = n_symbols;
  options.seed = seed;
  options.n_threads = n_threads;
  return LongCall([&](const GoesOn& goes_on) -> absl::StatusOr<std::string> {
    options.goes_on = goes_on;
    const absl::StatusOr<MarkovReport> report = MeasureMarkov(options);
    if (!report.ok()) return report.status();
    return MarkovJson(*report);
  });
}

}  // namespace

void BindMeasure(py::module_& module) {
  module.def("measure_premium", &Premium, py::arg("tokenizers"), py::arg("sources"), py::kw_only(),
             py::arg("reference"), py::arg("languages"), py::arg("complete"), py::arg("fields"),
             py::arg("source_language"), py::arg("resamples"), py::arg("seed"), py::arg("special"),
             py::arg("template"), py::arg("utf8"), py::arg("n_threads"));
  module.def("measure_study", &Study, py::arg("languages"), py::arg("sources"), py::kw_only(),
             py::arg("fields"), py::arg("source_language"), py::arg("utf8"), py::arg("sizes"),
             py::arg("common_size"), py::arg("n_targets"), py::arg("superwords"), py::arg("n_threads"));
  module.def("measure_schemes", &Schemes, py::arg("tokenizer"), py::arg("name"), py::arg("documents"),
             py::kw_only(), py::arg("schemes"), py::arg("seed"), py::arg("special"), py::arg("template"),
             py::arg("utf8"), py::arg("n_threads"));
  module.def("measure_vocabulary", &Vocabulary, py::arg("tokenizer"), py::arg("name"), py::arg("documents"),
             py::kw_only(), py::arg("min_count"), py::arg("all"), py::arg("special"), py::arg("utf8"),
             py::arg("n_threads"));
  module.def("measure_compare", &Compare, py::arg("tokenizers"), py::arg("documents"), py::kw_only(),
             py::arg("robustness"), py::arg("typo_share"), py::arg("seed"), py::arg("morphemes"),
             py::arg("special"), py::arg("template"), py::arg("utf8"), py::arg("n_threads"));
  module.def("identifier_groups", &IdentifierGroups, py::arg("tokenizer"), py::arg("documents"),
             py::kw_only(), py::arg("special"), py::arg("template"), py::arg("utf8"), py::arg("n_threads"));
  module.def("char_bench", &CharBenchLines, py::arg("tokenizers"), py::arg("documents"), py::kw_only(),
             py::arg("seed"), py::arg("n_per_task"));
  module.def("measure_mixture", &Mixture, py::arg("tokenizer"), py::arg("samples"), py::kw_only(),
             py::arg("n_merges"), py::arg("of_pairs"), py::arg("n_threads"));
  module.def("measure_markov", &Markov, py::arg("sources"), py::kw_only(), py::arg("sizes"),
             py::arg("n_symbols"), py::arg("seed"), py::arg("n_threads"));
}

}  // namespace tok::python
