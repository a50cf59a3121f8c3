#include <algorithm>
#include <memory>

#include "cli/comma_list.h"
#include "cli/measure/measure_output.h"
#include "cli/measure/measure_verbs.h"
#include "cli/options.h"
#include "cli/step_progress.h"
#include "cli/table.h"
#include "cli/train/named_texts.h"
#include "tok/measure_study.h"

namespace tok::cli {
namespace {

struct MeasureStudyCommand {
  NamedTextsOption languages = {"--lang", "name the language, as in --lang eng=a.txt", {}};
  std::vector<std::string> parallel;
  std::string sizes, fields, source_language = "en";
  StudyOptions options;
  CLI::Option* common_option;
  bool superwords = false;
  CorpusOptions corpus;
  MeasureOutput output;

  absl::Status Check(const std::vector<NamedText>& studied) {
    if (absl::Status s = corpus.Check(); !s.ok()) return s;
    if (absl::Status s = corpus.Counting("file").status(); !s.ok()) return s;
    if (!sizes.empty()) {
      const absl::StatusOr<std::vector<uint32_t>> given = ParseNumbers("--sizes", sizes);
      if (!given.ok()) return given.status();
      options.sizes = *given;
      // The middle one, unless said.
      if (common_option->count() == 0) options.common_size = options.sizes[options.sizes.size() / 2];
    }
    options.n_threads = corpus.n_threads;
    if (superwords) options.superwords = *corpus.Counting("lines-lf");
    options.encode.utf8 = Utf8PolicyOf(corpus.utf8);
    std::vector<std::string> inputs;
    for (const std::string& path : parallel) inputs.push_back(ParallelSource::Parse(path).path);
    for (const NamedText& language : studied) {
      const absl::StatusOr<std::vector<std::string>> paths = languages.PathsOf(language);
      if (!paths.ok()) return paths.status();
      const auto counts = std::find_if(paths->begin(), paths->end(), IsCounts);
      if (superwords && counts != paths->end()) {
        return MakeError(ErrorCode::kUsage, *counts, "has counts of pieces: superwords reach across them",
                         "give the text itself");
      }
      inputs.insert(inputs.end(), paths->begin(), paths->end());
    }
    return output.Check(inputs);
  }

  absl::StatusOr<ParallelText> Parallel() const {
    std::vector<ParallelSource> sources;
    for (const std::string& path : parallel) sources.push_back(ParallelSource::Parse(path));
    ParallelTextOptions how = {
        .fields = {}, .source_language = source_language, .utf8 = Utf8PolicyOf(corpus.utf8)};
    if (!fields.empty()) {
      absl::StatusOr<ParallelFields> given = ParallelFields::Parse(fields);
      if (!given.ok()) return AtPlace("--fields", given.status());
      how.fields = *std::move(given);
    }
    return ReadParallelText(sources, how);
  }

  absl::StatusOr<int> Run() {
    const absl::StatusOr<std::vector<NamedText>> studied = languages.Parse();
    if (!studied.ok()) return studied.status();
    if (absl::Status s = Check(*studied); !s.ok()) return s;
    const absl::StatusOr<ParallelText> text = Parallel();
    if (!text.ok()) return text.status();
    if (absl::Status s = output.Check(text->files); !s.ok()) return s;  // also those of folders
    absl::StatusOr<StudyReport> report;
    {
      StepProgressBar bar;
      std::vector<StudyLanguage> counted;
      for (const NamedText& language : *studied) {
        absl::StatusOr<PieceCounts> counts = languages.Count(language, corpus, bar.reading());
        if (!counts.ok()) return counts.status();
        counted.push_back({language.name, *std::move(counts), *languages.PathsOf(language)});
      }
      options.progress = [&bar](uint64_t n_trained, uint64_t n_languages) {
        bar.Show("train", static_cast<double>(n_trained), static_cast<double>(n_languages),
                 "of the languages");
        return true;
      };
      report = MeasureStudy(counted, *text, options);
    }
    if (!report.ok()) return report.status();
    return output.Print(StudyJson(*report), Csv(*report), Text(*report));
  }

  static TableRows Csv(const StudyReport& report) {
    TableRows rows = {
        {"language", "bytes", "size", "tokens", "count", "law_a", "law_b", "law_c", "law_rmse"}};
    for (const StudyCurve& curve : report.curves) {
      for (size_t i = 0; i < curve.points.size(); ++i) {
        const StudyPoint& point = curve.points[i];
        rows.push_back({curve.language, std::to_string(curve.n_bytes), std::to_string(point.size),
                        std::to_string(point.n_tokens), std::to_string(point.count), Fixed(curve.law.a, 6),
                        Fixed(curve.law.b, 6), Fixed(curve.law.c, 6), Fixed(curve.law.rmse, 6),
                        curve.superwords.empty() ? "" : std::to_string(curve.superwords[i].count)});
      }
    }
    return rows;
  }

  static std::string SuperwordText(const StudyReport& report) {
    if (!report.superword_variance) return "";
    TableRows table = {{"language"}};
    for (const StudyPoint& point : report.curves[0].points) table[0].push_back(std::to_string(point.size));
    for (const StudyCurve& curve : report.curves) {
      table.push_back({curve.language});
      for (const StudyPoint& point : curve.superwords) table.back().push_back(std::to_string(point.count));
    }
    return "\nwith superwords\n" + FormatTable(table) +
           "\nvariance over languages: " + Fixed(*report.superword_variance, 0) + " at " +
           std::to_string(report.common_size) + " tokens each\n";
  }

  static std::string Text(const StudyReport& report) {
    const StudyTarget& best = report.targets[report.best];
    TableRows table = {{"language"}};
    for (const StudyPoint& point : report.curves[0].points) table[0].push_back(std::to_string(point.size));
    for (const char* column : {"law a", "b", "c", "rmse", "predicted size", "tokens"})
      table[0].push_back(column);
    bool has_short = false;
    for (size_t l = 0; l < report.curves.size(); ++l) {
      const StudyCurve& curve = report.curves[l];
      table.push_back({curve.language});
      for (const StudyPoint& point : curve.points) {
        const bool is_short = point.n_tokens < point.size;
        has_short |= is_short;
        table.back().push_back(std::to_string(point.count) + (is_short ? "*" : ""));
      }
      for (const std::string& cell :
           {Fixed(curve.law.a, 0), Fixed(curve.law.b, 3), Fixed(curve.law.c, 0), Fixed(curve.law.rmse, 0),
            std::to_string(best.choices[l].size), std::to_string(best.choices[l].count)}) {
        table.back().push_back(cell);
      }
    }
    return "tokens of " + std::to_string(report.n_items) + " items, by size of the vocabulary\n" +
           FormatTable(table) +
           (has_short ? "* fewer tokens: no pair was left to merge (--json says how many)\n" : "") +
           "\nvariance over languages: " + Fixed(report.common_variance, 0) + " at " +
           std::to_string(report.common_size) + " tokens each, " + Fixed(best.variance, 0) +
           " at the predicted sizes (target " + Fixed(best.target, 0) + "): " + Fixed(report.Reduction(), 1) +
           " times less\n" + SuperwordText(report);
  }
};

}  // namespace

Command AddMeasureStudy(CLI::App* measure) {
  CLI::App* parser = measure->add_subcommand(
      "study", "Tokenizers of one language each at all sizes, and the sizes that make languages equal");
  auto command = std::make_shared<MeasureStudyCommand>();
  SetExamples(
      parser,
      "tok measure study --lang en=a.txt --lang uk=b.txt --sizes 260,265,270 --parallel p.jsonl\n"
      "tok measure study --lang en=a.txt --lang uk=b.txt --sizes 260,265,270 --parallel p.jsonl --json -o "
      "study.json");
  parser
      ->add_option("--lang", command->languages.given,
                   "Text of a language to train on, or counts of it (.pieces, .tsv); repeatable")
      ->required()
      ->allow_extra_args(false)
      ->type_name("NAME=PATH");
  parser
      ->add_option("--parallel", command->parallel,
                   "The same content in all of them, as for tok measure premium; repeatable")
      ->required()
      ->allow_extra_args(false)
      ->type_name("PATH");
  parser
      ->add_option("--fields", command->fields,
                   "Of JSON lines: names of the fields of language, item and text (default: lang,id,text)")
      ->type_name("LANG,ID,TEXT");
  parser
      ->add_option("--msgid-language", command->source_language,
                   "Language of msgids in .po and .mo (default: en)")
      ->type_name("CODE");
  parser
      ->add_option("--sizes", command->sizes,
                   "Sizes of the vocabulary, ascending (default: 1024,2048,4096,8192,16384,32768)")
      ->type_name("N,N");
  command->common_option = WholeNumber(
      parser
          ->add_option("--common-size", command->options.common_size,
                       "The one of them that predicted sizes are compared with (default: the middle one)")
          ->type_name("N"));
  parser->add_flag("--superwords", command->superwords,
                   "Also train SuperBPE tokenizers of each size, whose last tenth of tokens are superwords");
  WholeNumber(parser
                  ->add_option("--targets", command->options.n_targets,
                               "Numbers of tokens that are tried as the same for all (default: 24)")
                  ->type_name("N"),
              2, 10000);
  parser
      ->add_option(
          "--pattern", command->corpus.pattern,
          "What cuts text into pieces: gpt2, cl100k, o200k, llama3, qwen, deepseek, none, or a regular "
          "expression (default: o200k)")
      ->type_name("PATTERN");
  parser
      ->add_option(
          "--split", command->corpus.split,
          "What a document to train on is: file, lines, lines-lf, jsonl:FIELD or sep:STR (default: file)")
      ->type_name("HOW");
  AddUtf8Option(parser, &command->corpus.utf8);
  AddThreadsOption(parser, &command->corpus.n_threads);
  AddMemoryOption(parser, &command->corpus.memory);
  command->output.AddTo(parser);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
