#include <memory>

#include "cli/command.h"
#include "cli/measure/measure_output.h"
#include "cli/measure/measure_verbs.h"
#include "cli/options.h"
#include "cli/step_progress.h"
#include "cli/table.h"
#include "cli/train/named_texts.h"
#include "tok/measure_mixture.h"

namespace tok::cli {
namespace {

// What the library says of its own work.
void Show(const MixtureProgress& progress, StepProgressBar* bar) {
  const auto n_done = static_cast<double>(progress.n_done), n_all = static_cast<double>(progress.n_all);
  switch (progress.phase) {
    case MixtureProgress::Phase::kReplay: return bar->Show("replay", n_done, n_all, "of the samples");
    case MixtureProgress::Phase::kSolve:
      return bar->Show("solve", n_done, n_all,
                       "of the merges hold, with " + std::to_string(progress.n_rows) + " rows after " +
                           std::to_string(progress.n_epochs) + " solutions");
    case MixtureProgress::Phase::kSensitivity:
      return bar->Show("sensitivity", n_done, n_all, "of the shares");
  }
}

struct MixtureCommand {
  std::string tokenizer, weigh = "bytes";
  NamedTextsOption samples = {"--samples", "name the category, as in --samples en=a.txt", {}};
  uint32_t n_merges = MixtureOptions().n_merges;
  CorpusOptions corpus;
  MeasureOutput output;

  absl::StatusOr<std::vector<NamedText>> Categories() const {
    absl::StatusOr<std::vector<NamedText>> categories = samples.Parse();
    if (categories.ok() && categories->size() < 2) {
      return MakeError(ErrorCode::kUsage, "--samples " + samples.given[0],
                       "is the only category, and has all of the mixture",
                       "add --samples NAME=PATH for each other");
    }
    return categories;
  }

  absl::Status Check(const std::vector<NamedText>& categories) const {
    if (absl::Status s = CheckChoice("--weigh", weigh, {"bytes", "pairs"}); !s.ok()) return s;
    if (absl::Status s = corpus.Check(); !s.ok()) return s;
    if (absl::Status s = corpus.Counting("file").status(); !s.ok()) return s;
    std::vector<std::string> inputs = {tokenizer};
    for (const NamedText& category : categories) {
      const absl::StatusOr<std::vector<std::string>> paths = samples.PathsOf(category);
      if (!paths.ok()) return paths.status();
      inputs.insert(inputs.end(), paths->begin(), paths->end());
    }
    return output.Check(inputs);
  }

  absl::StatusOr<int> Run() {
    const absl::StatusOr<std::vector<NamedText>> categories = Categories();
    if (!categories.ok()) return categories.status();
    if (absl::Status s = Check(*categories); !s.ok()) return s;
    const absl::StatusOr<Tokenizer> loaded = LoadTokenizer(tokenizer);
    if (!loaded.ok()) return loaded.status();
    absl::StatusOr<PieceRules> rules = MixtureRules(loaded->spec());
    if (!rules.ok()) return rules.status();
    corpus.given_rules = *std::move(rules);
    absl::StatusOr<MixtureReport> report;
    {
      StepProgressBar bar;
      std::vector<MixtureSample> counted;
      for (const NamedText& category : *categories) {
        absl::StatusOr<PieceCounts> counts = samples.Count(category, corpus, bar.reading());
        if (!counts.ok()) return counts.status();
        counted.push_back({category.name, *std::move(counts)});
      }
      report = MeasureMixture(
          loaded->spec(), counted,
          {.size = weigh == "pairs" ? MixtureOptions::Size::kPairs : MixtureOptions::Size::kBytes,
           .n_merges = n_merges,
           .n_threads = corpus.n_threads,
           .progress = [&bar](const MixtureProgress& progress) {
             Show(progress, &bar);
             return true;
           }});
    }
    if (!report.ok()) return report.status();
    return output.Print(MixtureJson(*report), Csv(*report), Text(*report));
  }

  static TableRows Csv(const MixtureReport& report) {
    TableRows rows = {{"name", "share", "sensitivity", "bytes", "pairs"}};
    for (const MixtureReport::Share& share : report.shares) {
      rows.push_back({share.name, Fixed(share.share, 8), Fixed(share.sensitivity, 6),
                      std::to_string(share.n_bytes), std::to_string(share.n_pairs)});
    }
    return rows;
  }

  static std::string Text(const MixtureReport& report) {
    TableRows table = {{"category", "share %", "sensitivity", "sample bytes"}};
    for (const MixtureReport::Share& share : report.shares) {
      table.push_back({share.name, Fixed(100 * share.share, 3), Fixed(share.sensitivity, 3),
                       std::to_string(share.n_bytes)});
    }
    const auto skipped = [](const MixtureReport::Skipped& merges, const std::string& what) {
      if (merges.n == 0) return std::string();
      std::string text = std::to_string(merges.n) + " " + what + ":";
      for (const std::string& merge : merges.first) text += " '" + merge + "'";
      return text + (merges.n > merges.first.size() ? " ...\n" : "\n");
    };
    return FormatTable(table) + "\n" + std::to_string(report.n_merges) + " merges, misfit " +
           Fixed(report.misfit, 3) + " (merges " + Fixed(report.merge_misfit, 3) + ", pairs " +
           Fixed(report.pair_misfit, 3) + "), " + std::to_string(report.n_rows) + " rows in " +
           std::to_string(report.n_epochs) + " solutions\n" +
           skipped(report.absent, "merges of pairs that no sample has") +
           skipped(report.hand_added, "merges of white space that were added by hand");
  }
};

}  // namespace

Command AddMeasureMixture(CLI::App* measure) {
  CLI::App* parser = measure->add_subcommand(
      "mixture", "What mixture of texts a BPE tokenizer was trained on, by the order of its merges");
  auto command = std::make_shared<MixtureCommand>();
  SetExamples(
      parser,
      "tok measure mixture -t counted.json --samples low=a.pieces --samples high=b.pieces        # shares\n"
      "tok measure mixture -t counted.json --samples low=a.pieces --samples high=b.pieces --json # as JSON");
  AddTokenizerOption(parser, &command->tokenizer);
  parser
      ->add_option(
          "--samples", command->samples.given,
          "Text of a category, or counts of it (.pieces, .tsv); repeatable, also for more of the same "
          "category, and a glob may name many files")
      ->required()
      ->allow_extra_args(false)
      ->type_name("NAME=PATH");
  WholeNumber(parser->add_option("--merges", command->n_merges, "Use the first N merges (default: 30000)"), 1,
              UINT32_MAX)
      ->type_name("N");
  parser->add_option("--weigh", command->weigh, "What shares are of: bytes (default) or pairs")
      ->type_name("UNIT");
  parser
      ->add_option("--split", command->corpus.split,
                   "What a document is: file, lines, lines-lf, fasta, jsonl:FIELD or sep:STR (default: file)")
      ->type_name("HOW");
  AddUtf8Option(parser, &command->corpus.utf8);
  AddThreadsOption(parser, &command->corpus.n_threads);
  AddMemoryOption(parser, &command->corpus.memory);
  command->output.AddTo(parser);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
