#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>

#include "cli/comma_list.h"
#include "cli/measure/measure_output.h"
#include "cli/measure/measure_verbs.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/suggest.h"
#include "cli/table.h"
#include "tok/measure_premium.h"

namespace tok::cli {
namespace {

constexpr int kRatioDigits = 3;
constexpr uint64_t kShownLanguages = 30;

std::string Number(uint64_t n) { return std::to_string(n); }
std::string Ratio(double value) { return Fixed(value, kRatioDigits); }
std::string Exact(double value) { return Fixed(value, 6); }

// For columns: files without folder and suffixes, where that leaves them different.
std::vector<std::string> ColumnNames(const PremiumReport& report) {
  std::vector<std::string> whole, names;
  for (const TokenizerPremium& tokenizer : report.tokenizers) {
    whole.push_back(tokenizer.tokenizer);
    const std::string file = whole.back().substr(whole.back().rfind('/') + 1);
    names.push_back(file.empty() ? whole.back() : file.substr(0, file.find('.', 1)));
  }
  std::vector<std::string> sorted = names;
  std::sort(sorted.begin(), sorted.end());
  return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end() ? names : whole;
}

// A row a tokenizer and language.
TableRows CsvRows(const PremiumReport& report) {
  TableRows rows = {{"tokenizer", "language", "tokens", "bytes", "premium", "premium_low", "premium_high",
                     "chars", "items", "complete", "reference_tokens", "byte_premium", "char_premium",
                     "bytes_per_token", "tokens_per_char", "unknown_share", "script", "family"}};
  for (const TokenizerPremium& tokenizer : report.tokenizers) {
    for (size_t l = 0; l < report.languages.size(); ++l) {
      const PremiumLanguage& language = report.languages[l];
      const LanguagePremium& premium = tokenizer.languages[l];
      const auto& interval = premium.interval;
      rows.push_back(
          {tokenizer.tokenizer, language.code, Number(premium.n_tokens), Number(language.n_bytes),
           Exact(premium.premium), interval ? Exact(interval->low) : "",
           interval ? Exact(interval->high) : "", Number(language.n_chars), Number(language.n_items),
           language.complete ? "true" : "false", Number(premium.n_reference_tokens),
           Exact(language.byte_premium), Exact(language.char_premium), Exact(premium.bytes_per_token),
           Exact(premium.tokens_per_char), premium.unknown_share ? Exact(*premium.unknown_share) : "",
           language.script, language.family});
    }
  }
  return rows;
}

std::string SummaryTable(const PremiumReport& report, const std::vector<std::string>& names) {
  TableRows rows = {{"tokenizer", "median", "p95", "max", "of", "gini"}};
  for (size_t t = 0; t < names.size(); ++t) {
    const PremiumSummary& summary = report.tokenizers[t].summary;
    rows.push_back({names[t], Ratio(summary.median), Ratio(summary.p95), Ratio(summary.max),
                    summary.max_language, Ratio(summary.gini)});
  }
  return FormatTable(rows);
}

// Scripts of most languages first.
std::string ScriptTable(const PremiumReport& report, const std::vector<std::string>& names) {
  const std::vector<PremiumGroup>& groups = report.tokenizers[0].scripts;
  std::vector<size_t> order(groups.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return groups[a].summary.n_languages > groups[b].summary.n_languages;
  });
  TableRows rows = {{"script", "languages"}};
  rows[0].insert(rows[0].end(), names.begin(), names.end());
  for (const size_t g : order) {
    rows.push_back({groups[g].name, Number(groups[g].summary.n_languages)});
    for (const TokenizerPremium& tokenizer : report.tokenizers)
      rows.back().push_back(Ratio(tokenizer.scripts[g].summary.median));
  }
  return FormatTable(rows);
}

// Worst first, by the first tokenizer.
std::string LanguageTable(const PremiumReport& report, const std::vector<std::string>& names,
                          uint64_t n_shown) {
  std::vector<size_t> order;
  for (size_t l = 0; l < report.languages.size(); ++l) {
    if (report.languages[l].code != report.reference) order.push_back(l);
  }
  const auto premium_of = [&](size_t l) { return report.tokenizers[0].languages[l].premium; };
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return premium_of(a) > premium_of(b); });
  TableRows rows = {{"language", "script", "family", "items", "bytes"}};
  rows[0].insert(rows[0].end(), names.begin(), names.end());
  const auto& first = report.tokenizers[0].languages;
  const bool has_interval =
      std::any_of(first.begin(), first.end(), [](const auto& one) { return one.interval.has_value(); });
  if (has_interval) rows[0].push_back("95% of " + names[0]);
  for (size_t i = 0; i < order.size() && (n_shown == 0 || i < n_shown); ++i) {
    const PremiumLanguage& language = report.languages[order[i]];
    rows.push_back({language.code, language.script, language.family,
                    Number(language.n_items) + (language.complete ? "" : "*"), Ratio(language.byte_premium)});
    for (const TokenizerPremium& tokenizer : report.tokenizers)
      rows.back().push_back(Ratio(tokenizer.languages[order[i]].premium));
    if (!has_interval) continue;
    const auto& interval = report.tokenizers[0].languages[order[i]].interval;
    rows.back().push_back(interval ? Ratio(interval->low) + " to " + Ratio(interval->high) : "");
  }
  std::string text = FormatTable(rows);
  if (order.size() >= rows.size())
    text += "and " + Number(order.size() + 1 - rows.size()) + " more (--top 0: all)\n";
  const auto n_partial = std::count_if(report.languages.begin(), report.languages.end(),
                                       [](const PremiumLanguage& language) { return !language.complete; });
  if (n_partial > 0) {
    text += "* not all items of the reference (so for " + Number(static_cast<uint64_t>(n_partial)) +
            " languages): compared over those that both have; --complete leaves them out\n";
  }
  return text;
}

std::string Text(const PremiumReport& report, uint64_t n_shown) {
  const std::vector<std::string> names = ColumnNames(report);
  return "Tokens of the same content, " + report.reference + " = 1, over " +
         Number(report.languages.size() - 1) + " other languages (" + Number(report.n_items) + " items)\n\n" +
         SummaryTable(report, names) + "\nMedian by script\n" + ScriptTable(report, names) +
         "\nLanguages, worst first (bytes: as the premium, of bytes)\n" +
         LanguageTable(report, names, n_shown);
}

struct PremiumCommand {
  std::vector<std::string> tokenizers, parallel;
  std::string reference, source_language = "en", languages;
  std::optional<std::string> fields;
  bool complete = false;
  uint32_t n_resamples = 1000;
  uint64_t seed = 0, n_shown = kShownLanguages;
  EncodingOptions encoding = {.inputs = {}, .special = "text"};
  MeasureOutput output;

  void AddTo(CLI::App* parser) {
    parser
        ->add_option("-t,--tokenizer", tokenizers,
                     "Tokenizer: a file, a model directory or a bundled name; repeatable")
        ->required()
        ->allow_extra_args(false)
        ->type_name("TOK");
    parser
        ->add_option("--parallel", parallel,
                     "The same text in several languages: a folder or JSON lines, or LANG=FILE; repeatable")
        ->required()
        ->allow_extra_args(false)
        ->type_name("PATH");
    parser->add_option("--reference", reference, "Language whose premium is 1")
        ->required()
        ->type_name("CODE");
    parser
        ->add_option("--fields", fields,
                     "Fields of JSON lines with language, item and text (default: lang,id,text)")
        ->type_name("LIST");
    parser->add_option("--msgid-language", source_language, "Language of msgids in .po and .mo (default: en)")
        ->type_name("CODE");
    parser->add_option("--languages", languages, "Compare these only, with commas between")
        ->type_name("LIST");
    parser->add_flag("--complete", complete, "Only languages that have every item of the reference");
    WholeNumber(
        parser->add_option("--bootstrap", n_resamples, "Resamples for intervals; 0: none (default: 1000)")
            ->type_name("N"),
        0, 1000000);
    WholeNumber(parser->add_option("--seed", seed, "Of the resamples (default: 0)")->type_name("N"));
    WholeNumber(
        parser->add_option("--top", n_shown, "Languages in the table, worst first; 0: all (default: 30)")
            ->type_name("N"));
    parser
        ->add_option("--special", encoding.special,
                     "Special tokens in text: error, text, all, or TOK,TOK (default: text)")
        ->type_name("POLICY");
    parser->add_flag("--template", encoding.add_template,
                     "Add the tokens of the post-processor to each item");
    AddUtf8Option(parser, &encoding.utf8);
    AddThreadsOption(parser, &encoding.n_threads);
    output.AddTo(parser);
  }

  absl::StatusOr<std::vector<NamedTokenizer>> LoadTokenizers() const {
    std::vector<NamedTokenizer> loaded;
    for (const std::string& name : tokenizers) {
      absl::StatusOr<Tokenizer> tokenizer = LoadTokenizer(name);
      if (!tokenizer.ok()) return tokenizer.status();
      loaded.push_back({name, *std::move(tokenizer)});
    }
    return loaded;
  }

  std::vector<ParallelSource> Sources() const {
    std::vector<ParallelSource> sources;
    for (const std::string& path : parallel) sources.push_back(ParallelSource::Parse(path));
    return sources;
  }

  absl::StatusOr<ParallelText> ReadText() const {
    ParallelTextOptions options = {
        .fields = {}, .source_language = source_language, .utf8 = Utf8PolicyOf(encoding.utf8)};
    if (fields) {
      absl::StatusOr<ParallelFields> parsed = ParallelFields::Parse(*fields);
      if (!parsed.ok()) return AtPlace("--fields", parsed.status());
      options.fields = *std::move(parsed);
    }
    return ReadParallelText(Sources(), options);
  }

  static absl::Status CheckCode(const ParallelText& text, const std::string& option,
                                const std::string& code) {
    if (text.Find(code) != nullptr) return absl::OkStatus();
    std::vector<std::string> codes;
    std::string all;
    for (const ParallelLanguage& language : text.languages) {
      codes.push_back(language.code);
      all += (all.empty() ? "" : ", ") + language.code;
    }
    const std::string closest = ClosestWord(code, codes);
    return MakeError(ErrorCode::kUsage, option, "'" + code + "' is no language of the text",
                     (closest.empty() ? "" : "did you mean " + closest + "? ") + "There are: " + all);
  }

  absl::StatusOr<PremiumOptions> Options(const ParallelText& text, const Tokenizer& first) const {
    PremiumOptions options;
    options.reference = reference;
    if (!languages.empty()) {
      absl::StatusOr<std::vector<std::string>> wanted = ParseNames("--languages", languages);
      if (!wanted.ok()) return wanted.status();
      options.languages = *std::move(wanted);
    }
    if (absl::Status s = CheckCode(text, "--reference", reference); !s.ok()) return s;
    for (const std::string& code : options.languages) {
      if (absl::Status s = CheckCode(text, "--languages", code); !s.ok()) return s;
    }
    absl::StatusOr<FileJobOptions> job = encoding.Resolve(first);
    if (!job.ok()) return job.status();
    options.encode = std::move(job->encode);
    options.n_threads = job->n_threads;
    options.complete_only = complete;
    options.n_resamples = n_resamples;
    options.seed = seed;
    return options;
  }

  absl::StatusOr<int> Run() const {
    if (absl::Status s = encoding.Check(); !s.ok()) return s;
    std::vector<std::string> inputs = tokenizers;
    for (const ParallelSource& source : Sources()) inputs.push_back(source.path);
    if (absl::Status s = output.Check(inputs); !s.ok()) return s;
    const absl::StatusOr<std::vector<NamedTokenizer>> loaded = LoadTokenizers();
    if (!loaded.ok()) return loaded.status();
    const absl::StatusOr<ParallelText> text = ReadText();
    if (!text.ok()) return text.status();
    if (absl::Status s = output.Check(text->files); !s.ok()) return s;  // also those of folders
    absl::StatusOr<PremiumOptions> options = Options(*text, (*loaded)[0].tokenizer);
    if (!options.ok()) return options.status();
    if (options->encode.special.kind() == SpecialPolicy::Kind::kListed && loaded->size() > 1) {
      return MakeError(ErrorCode::kUsage, "--special", "names tokens, whose ids differ between tokenizers",
                       "measure one tokenizer at a time");
    }
    FileJobProgress progress;
    options->progress = &progress;
    absl::StatusOr<PremiumReport> report;
    {
      const ProgressBar bar("premium", &progress);
      report = MeasurePremium(*loaded, *text, *options);
    }
    if (!report.ok()) return report.status();
    return output.Print(PremiumJson(*report), CsvRows(*report), Text(*report, n_shown));
  }
};

}  // namespace

Command AddMeasurePremium(CLI::App* measure) {
  CLI::App* parser =
      measure->add_subcommand("premium", "How many more tokens the same text takes in other languages");
  auto command = std::make_shared<PremiumCommand>();
  SetExamples(
      parser,
      "tok measure premium -t gpt2 -t o200k_base --parallel p.jsonl --reference en  # JSON lines\n"
      "tok measure premium -t o200k_base --parallel p --reference en --csv -o p.csv # a file a language\n"
      "tok measure premium -t gpt2 --parallel en=p/en.txt --parallel uk=b.txt --reference en --json");
  command->AddTo(parser);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
