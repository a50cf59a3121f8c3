#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/documents.h"
#include "cli/inputs.h"
#include "cli/json_output.h"
#include "cli/measure/measure_output.h"
#include "cli/measure/measure_verbs.h"
#include "cli/options.h"
#include "cli/table.h"
#include "cli/tokenizer_file.h"
#include "tok/char_bench.h"
#include "tok/measure_compare.h"
#include "tok/output.h"

namespace tok::cli {
namespace {

constexpr uint64_t kBatchBytes = uint64_t{8} << 20;

// A metric: its column of the CSV, its line of the table, and its value for each tokenizer.
struct Metric {
  std::string column, line;
  std::vector<std::string> values, short_values;
};

double Ratio(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

class Metrics {
 public:
  explicit Metrics(const ComparisonReport& report) : report_(report) {}

  template <typename Value>
  void Count(std::string column, std::string line, Value value) {
    Metric metric{std::move(column), std::move(line), {}, {}};
    for (size_t t = 0; t < report_.tokenizers.size(); ++t)
      metric.values.push_back(std::to_string(value(t, report_.tokenizers[t])));
    metric.short_values = metric.values;
    all_.push_back(std::move(metric));
  }
  template <typename Value>
  void Real(std::string column, std::string line, Value value) {
    Metric metric{std::move(column), std::move(line), {}, {}};
    for (size_t t = 0; t < report_.tokenizers.size(); ++t) {
      const double real = value(t, report_.tokenizers[t]);
      metric.values.push_back(Fixed(real, 6));
      metric.short_values.push_back(Fixed(real, 4));
    }
    all_.push_back(std::move(metric));
  }
  const std::vector<Metric>& all() const { return all_; }

 private:
  const ComparisonReport& report_;
  std::vector<Metric> all_;
};

using Measures = TokenizerMeasures;

void AddCostAndUse(const ComparisonReport& report, Metrics* metrics) {
  metrics->Count("vocabulary", "vocabulary", [](size_t, const Measures& m) { return m.n_vocabulary; });
  metrics->Count("tokens", "tokens", [](size_t, const Measures& m) { return m.n_tokens; });
  metrics->Real("bytes_per_token", "bytes/token",
                [&](size_t t, const Measures&) { return report.BytesPerToken(t); });
  metrics->Real("characters_per_token", "characters/token",
                [&](size_t t, const Measures&) { return report.CharsPerToken(t); });
  metrics->Real("fertility", "fertility (tokens/word)",
                [&](size_t t, const Measures&) { return report.Fertility(t); });
  metrics->Real("continued_words", "continued words",
                [&](size_t t, const Measures&) { return report.ContinuedWords(t); });
  metrics->Real("renyi_2.5", "Renyi efficiency, alpha 2.5",
                [](size_t, const Measures& m) { return m.RenyiEfficiency(2.5); });
  metrics->Real("renyi_1", "Renyi efficiency, alpha 1",
                [](size_t, const Measures& m) { return m.RenyiEfficiency(1); });
  metrics->Count("ids_used", "ids used", [](size_t, const Measures& m) { return m.UsedIds(); });
  metrics->Count("ids_used_once", "ids used once", [](size_t, const Measures& m) { return m.IdsUsedOnce(); });
  metrics->Real("used_share", "share of ids used",
                [](size_t, const Measures& m) { return Ratio(m.UsedIds(), m.n_vocabulary); });
  metrics->Real("partial_character_share", "bytes of characters",
                [](size_t, const Measures& m) { return Ratio(m.n_partial, m.n_tokens); });
}

void AddDigitsAndCode(Metrics* metrics) {
  metrics->Count("digit_runs", "digit runs (4 and more)",
                 [](size_t, const Measures& m) { return m.digits.n_runs; });
  const auto add_digits = [&](const char* column, const char* line, uint64_t DigitGrouping::*part) {
    metrics->Real(column, line,
                  [part](size_t, const Measures& m) { return Ratio(m.digits.*part, m.digits.n_runs); });
  };
  add_digits("digits_from_right", "  threes from the right", &DigitGrouping::n_from_right);
  add_digits("digits_from_left", "  threes from the left", &DigitGrouping::n_from_left);
  add_digits("digits_single", "  single digits", &DigitGrouping::n_single);
  add_digits("digits_other", "  other", &DigitGrouping::n_other);
  add_digits("digits_aligned", "  cut at thousands", &DigitGrouping::n_aligned);
  metrics->Count("identifiers", "identifiers",
                 [](size_t, const Measures& m) { return m.identifiers.n_identifiers; });
  const auto add_identifiers = [&](const char* column, const char* line, uint64_t IdentifierCounts::*part) {
    metrics->Real(column, line, [part](size_t, const Measures& m) {
      return Ratio(m.identifiers.*part, m.identifiers.n_identifiers);
    });
  };
  add_identifiers("tokens_per_identifier", "  tokens each", &IdentifierCounts::n_tokens);
  add_identifiers("one_token_identifiers", "  of one token", &IdentifierCounts::n_whole);
  add_identifiers("clean_identifiers", "  with clean edges", &IdentifierCounts::n_clean);
}

void AddAskedFor(const ComparisonReport& report, Metrics* metrics) {
  const auto add = [&](const std::string& column, const std::string& line, Robustness Measures::*part) {
    metrics->Real(column + "_token_ratio", line + ": tokens",
                  [&report, part](size_t t, const Measures& m) { return report.TokenRatio(t, m.*part); });
    metrics->Real(column + "_boundary_f1", line + ": boundary F1",
                  [part](size_t, const Measures& m) { return (m.*part).boundaries.F1(); });
  };
  if (report.has_robustness) {
    add("typos", "with typos", &Measures::typos);
    add("upper", "in upper case", &Measures::upper);
    add("lower", "in lower case", &Measures::lower);
  }
  if (report.n_morpheme_words == 0) return;
  metrics->Real("morpheme_precision", "morphemes: precision",
                [](size_t, const Measures& m) { return m.morphemes.Precision(); });
  metrics->Real("morpheme_recall", "morphemes: recall",
                [](size_t, const Measures& m) { return m.morphemes.Recall(); });
  metrics->Real("morpheme_f1", "morphemes: F1", [](size_t, const Measures& m) { return m.morphemes.F1(); });
}

struct MeasureCompareCommand {
  std::vector<std::string> tokenizers;
  EncodingOptions encoding;
  std::string morphemes, groups, char_bench;
  double typo_share = 0.1;
  uint64_t seed = 0;
  bool no_robustness = false;
  MeasureOutput output;

  absl::Status CheckOutputs(std::vector<std::string> inputs) const {
    inputs.insert(inputs.end(), tokenizers.begin(), tokenizers.end());
    if (!morphemes.empty()) inputs.push_back(morphemes);
    if (absl::Status s = output.Check(inputs); !s.ok()) return s;
    std::vector<std::string> outputs = {output.path()};
    for (const std::string& path : {groups, char_bench}) {
      if (path.empty()) continue;
      if (path == "-") {
        return MakeError(ErrorCode::kUsage, path, "is where the comparison goes", "name a file");
      }
      if (absl::Status s = CheckOutputIsNotInput(inputs, path); !s.ok()) return s;
      outputs.push_back(path);
    }
    return CheckOutputsDiffer(outputs);
  }

  absl::StatusOr<std::vector<ComparedTokenizer>> LoadAll(FileJobOptions* job) const {
    std::vector<ComparedTokenizer> loaded;
    for (const std::string& name : tokenizers) {
      absl::StatusOr<Tokenizer> tokenizer = LoadTokenizer(name);
      if (!tokenizer.ok()) return tokenizer.status();
      absl::StatusOr<FileJobOptions> resolved = encoding.Resolve(*tokenizer);
      if (!resolved.ok()) return resolved.status();
      loaded.push_back({*std::move(tokenizer), resolved->encode});
      *job = *std::move(resolved);
    }
    return loaded;
  }

  absl::Status ReadMorphemes(TokenizerComparison* comparison) const {
    if (morphemes.empty()) return absl::OkStatus();
    const absl::StatusOr<std::unique_ptr<DocumentSource>> source = OpenDocuments(morphemes, DocumentSplit());
    if (!source.ok()) return source.status();
    Document document;
    const absl::StatusOr<bool> found = (*source)->Next(&document);
    if (!found.ok()) return found.status();
    return comparison->AddMorphemes(*found ? document.text : std::string_view(), morphemes);
  }

  absl::Status AddAll(const std::vector<std::string>& paths, const FileJobOptions& job,
                      const std::vector<ComparedTokenizer>& loaded, TokenizerComparison* comparison,
                      CharBench* bench) const {
    return ForEachBatch(
        "measure", paths, job.split, job.encode.utf8, kBatchBytes, [&](const DocumentBatch& batch) {
          const std::vector<std::string_view> texts(batch.texts().begin(), batch.texts().end());
          absl::Status status = comparison->Add(texts);
          for (const ComparedTokenizer& compared : loaded) {
            if (status.ok()) break;
            status = batch.WithPlace(status, compared.tokenizer, compared.encode);
          }
          if (status.ok() && !char_bench.empty()) status = bench->Add(texts);
          return status;
        });
  }

  absl::Status WriteCharBench(const CharBench& bench, const std::vector<ComparedTokenizer>& loaded) const {
    if (char_bench.empty()) return absl::OkStatus();
    std::vector<std::pair<std::string, Tokenizer>> named;
    for (size_t t = 0; t < loaded.size(); ++t) named.emplace_back(tokenizers[t], loaded[t].tokenizer);
    const absl::StatusOr<std::string> lines = bench.Lines(named, {.seed = seed});
    if (!lines.ok()) return lines.status();
    const absl::StatusOr<std::unique_ptr<Output>> file = Output::Open(char_bench);
    if (!file.ok()) return file.status();
    if (absl::Status s = (*file)->Write(*lines); !s.ok()) return s;
    return (*file)->Commit();
  }

  absl::StatusOr<int> Print(ComparisonReport report) const {
    for (size_t t = 0; t < tokenizers.size(); ++t) report.tokenizers[t].tokenizer = tokenizers[t];
    Metrics metrics(report);
    AddCostAndUse(report, &metrics);
    AddDigitsAndCode(&metrics);
    AddAskedFor(report, &metrics);
    TableRows csv = {{"tokenizer"}}, table = {{""}};
    for (const std::string& name : tokenizers) {
      csv.push_back({name});
      table[0].push_back(name);
    }
    for (const Metric& metric : metrics.all()) {
      csv[0].push_back(metric.column);
      for (size_t t = 0; t < tokenizers.size(); ++t) csv[t + 1].push_back(metric.values[t]);
      table.push_back({metric.line});
      for (const std::string& value : metric.short_values) table.back().push_back(value);
    }
    std::string text = FormatTable(table) + "\n" + std::to_string(report.n_documents) + " documents, " +
                       std::to_string(report.n_bytes) + " bytes, " + std::to_string(report.n_chars) +
                       " characters, " + std::to_string(report.n_words) + " words";
    if (report.has_robustness) text += ", " + std::to_string(report.n_typos) + " typos";
    if (report.n_morpheme_words > 0)
      text += "; morphemes of " + std::to_string(report.n_morpheme_words) + " words";
    return output.Print(ComparisonJson(report), csv, text + "\n");
  }

  absl::StatusOr<int> Run() const {
    if (absl::Status s = encoding.Check(); !s.ok()) return s;
    const absl::StatusOr<std::vector<std::string>> paths = ExpandInputs(encoding.inputs);
    if (!paths.ok()) return paths.status();
    if (absl::Status s = CheckOutputs(*paths); !s.ok()) return s;
    FileJobOptions job;
    const absl::StatusOr<std::vector<ComparedTokenizer>> loaded = LoadAll(&job);
    if (!loaded.ok()) return loaded.status();
    CompareOptions options{.n_threads = job.n_threads,
                           .robustness = !no_robustness,
                           .typo_share = typo_share,
                           .seed = seed,
                           .use_groups = {}};
    std::unique_ptr<Output> group_file;
    if (!groups.empty()) {
      absl::StatusOr<std::unique_ptr<Output>> opened = Output::Open(groups);
      if (!opened.ok()) return opened.status();
      group_file = *std::move(opened);
      options.use_groups = [&](uint64_t document, size_t t, std::span<const uint32_t> of_tokens) {
        const Json line = {{"doc", document}, {"tokenizer", tokenizers[t]}, {"groups", of_tokens}};
        return group_file->Write(line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
      };
    }
    absl::StatusOr<TokenizerComparison> comparison = TokenizerComparison::Create(*loaded, options);
    if (!comparison.ok()) return comparison.status();
    if (absl::Status s = ReadMorphemes(&*comparison); !s.ok()) return s;
    CharBench bench;
    if (absl::Status s = AddAll(*paths, job, *loaded, &*comparison, &bench); !s.ok()) return s;
    if (comparison->Report().n_bytes == 0) {
      return MakeError(ErrorCode::kBadInput, (*paths)[0], "there is no text to compare tokenizers on",
                       "name inputs that hold some");
    }
    if (absl::Status s = WriteCharBench(bench, *loaded); !s.ok()) return s;
    if (group_file != nullptr) {
      if (absl::Status s = group_file->Commit(); !s.ok()) return s;
    }
    return Print(comparison->Report());
  }
};

}  // namespace

Command AddMeasureCompare(CLI::App* measure) {
  CLI::App* parser =
      measure->add_subcommand("compare", "Tokenizers side by side: what they spend, where they cut");
  auto command = std::make_shared<MeasureCompareCommand>();
  SetExamples(parser,
              "tok measure compare -t gpt2 -t o200k_base a.txt                   # as a table\n"
              "tok measure compare -t gpt2 --morphemes words.tsv --json a.txt\n"
              "tok measure compare -t gpt2 --groups g.jsonl --split lines a.txt  # groups of tokens of an "
              "identifier");
  parser
      ->add_option("-t,--tokenizer", command->tokenizers,
                   "Tokenizer: a file, a model directory or a bundled name; repeatable")
      ->required()
      ->allow_extra_args(false)
      ->type_name("TOK");
  parser
      ->add_option("--morphemes", command->morphemes,
                   "Words and their morphemes, a tab between, morphemes separated by spaces or '+'")
      ->type_name("FILE");
  parser
      ->add_option("--typos", command->typo_share,
                   "In which share of words robustness has typos (default: 0.1)")
      ->type_name("SHARE");
  parser->add_flag("--no-robustness", command->no_robustness,
                   "Leave out typos and letter case: four times as fast");
  WholeNumber(
      parser->add_option("--seed", command->seed, "Of what is drawn by lot (default: 0)")->type_name("N"));
  parser
      ->add_option("--groups", command->groups,
                   "Also write a group for each token: those of one identifier share theirs (JSON lines)")
      ->type_name("FILE");
  parser
      ->add_option("--charbench", command->char_bench,
                   "Also write tasks about the characters of the text's words (JSON lines)")
      ->type_name("FILE");
  command->encoding.AddTo(parser);
  command->output.AddTo(parser);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
