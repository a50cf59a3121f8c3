#include <algorithm>
#include <atomic>
#include <memory>

#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/measure/measure_output.h"
#include "cli/measure/measure_verbs.h"
#include "cli/name_value.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "cli/train/corpus_options.h"
#include "tok/measure_mixture.h"

namespace tok::cli {
namespace {

struct Category {
  std::string name;
  std::vector<std::string> patterns;
};

// The counting of text, then what the library says of its own work.
class MixtureProgressBar {
 public:
  MixtureProgressBar() : bar_([this](double seconds) { return Line(seconds); }) {}

  FileJobProgress* reading() { return &reading_; }
  std::function<bool(const MixtureProgress&)> measuring() {
    return [this](const MixtureProgress& progress) {
      n_done_ = progress.n_done;
      n_all_ = progress.n_all;
      n_rows_ = progress.n_rows;
      n_epochs_ = progress.n_epochs;
      phase_ = progress.phase;
      is_reading_ = false;
      return true;
    };
  }

 private:
  std::string Line(double seconds) const {
    if (is_reading_) return RenderProgress("read", reading_.n_bytes_read, reading_.n_bytes_total, seconds);
    const double share = n_all_ == 0 ? 0 : static_cast<double>(n_done_) / static_cast<double>(n_all_.load());
    switch (phase_.load()) {
      case MixtureProgress::Phase::kReplay: return RenderShare("replay", share, "of the samples");
      case MixtureProgress::Phase::kSolve:
        return RenderShare("solve", share,
                           "of the merges hold, with " + std::to_string(n_rows_) + " rows after " +
                               std::to_string(n_epochs_) + " solutions");
      case MixtureProgress::Phase::kSensitivity: break;
    }
    return RenderShare("sensitivity", share, "of the shares");
  }

  // The bar reads in a thread of its own.
  FileJobProgress reading_;
  std::atomic<bool> is_reading_{true};
  std::atomic<MixtureProgress::Phase> phase_{MixtureProgress::Phase::kReplay};
  std::atomic<uint64_t> n_done_{0}, n_all_{0}, n_rows_{0}, n_epochs_{0};
  const ProgressBar bar_;
};

struct MixtureCommand {
  std::string tokenizer, weigh = "bytes";
  std::vector<std::string> samples;
  uint32_t n_merges = MixtureOptions().n_merges;
  CorpusOptions corpus;
  MeasureOutput output;

  // In the order in which --samples names them first.
  absl::StatusOr<std::vector<Category>> Categories() const {
    std::vector<Category> categories;
    for (const std::string& text : samples) {
      absl::StatusOr<NameValue> given =
          ParseNameValue("--samples", text, "NAME=PATH", "name the category, as in --samples en=a.txt");
      if (!given.ok()) return given.status();
      auto category = std::find_if(categories.begin(), categories.end(),
                                   [&](const Category& known) { return known.name == given->name; });
      if (category == categories.end()) category = categories.insert(category, {given->name, {}});
      category->patterns.push_back(std::move(given->value));
    }
    if (categories.size() < 2) {
      return MakeError(ErrorCode::kUsage, "--samples " + samples[0],
                       "is the only category, and has all of the mixture",
                       "add --samples NAME=PATH for each other");
    }
    return categories;
  }

  absl::Status Check(const std::vector<Category>& categories) const {
    if (absl::Status s = CheckChoice("--weigh", weigh, {"bytes", "pairs"}); !s.ok()) return s;
    if (absl::Status s = corpus.Check(); !s.ok()) return s;
    if (absl::Status s = corpus.Counting("file").status(); !s.ok()) return s;
    std::vector<std::string> inputs = {tokenizer};
    for (const Category& category : categories) {
      const absl::StatusOr<std::vector<std::string>> paths = ExpandInputs(category.patterns);
      if (!paths.ok()) return AtPlace("--samples " + category.name, paths.status());
      inputs.insert(inputs.end(), paths->begin(), paths->end());
    }
    return output.Check(inputs);
  }

  absl::StatusOr<int> Run() {
    const absl::StatusOr<std::vector<Category>> categories = Categories();
    if (!categories.ok()) return categories.status();
    if (absl::Status s = Check(*categories); !s.ok()) return s;
    const absl::StatusOr<Tokenizer> loaded = LoadTokenizer(tokenizer);
    if (!loaded.ok()) return loaded.status();
    absl::StatusOr<PieceRules> rules = MixtureRules(loaded->spec());
    if (!rules.ok()) return rules.status();
    corpus.given_rules = *std::move(rules);
    absl::StatusOr<MixtureReport> report;
    {
      MixtureProgressBar bar;
      std::vector<MixtureSample> counted;
      for (const Category& category : *categories) {
        absl::StatusOr<PieceCounts> counts = corpus.CountTextOrCounts(category.patterns, {}, bar.reading());
        if (!counts.ok()) return AtPlace("--samples " + category.name, counts.status());
        counted.push_back({category.name, *std::move(counts)});
      }
      report = MeasureMixture(
          loaded->spec(), counted,
          {.size = weigh == "pairs" ? MixtureOptions::Size::kPairs : MixtureOptions::Size::kBytes,
           .n_merges = n_merges,
           .n_threads = corpus.n_threads,
           .progress = bar.measuring()});
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
          "--samples", command->samples,
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
