#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/inputs.h"
#include "cli/json_output.h"
#include "cli/sizes.h"
#include "cli/train/merge_progress.h"
#include "cli/train/train_options.h"
#include "cli/train/training_report.h"
#include "tok/formats.h"

namespace tok::cli {
namespace {

// Of files that are there; compressed ones as they lie on the disk.
uint64_t SizeOf(const std::vector<std::string>& paths) {
  uint64_t n_bytes = 0;
  for (const std::string& path : paths) {
    std::error_code error;
    const uintmax_t size = std::filesystem::file_size(path, error);
    if (!error) n_bytes += size;
  }
  return n_bytes;
}

struct TrainCommand {
  TrainOptions options;

  absl::StatusOr<int> Run() const {
    if (absl::Status status = options.Check(); !status.ok()) return status;
    const absl::StatusOr<std::vector<std::string>> inputs =
        options.counts ? std::vector{*options.counts} : ExpandInputs(options.corpus.inputs);
    if (!inputs.ok()) return inputs.status();
    if (options.dry_run) return PrintPlan(*inputs);
    return options.kind == "superbpe" ? RunSuperBpe(*inputs) : RunBpe();
  }

  absl::StatusOr<int> RunBpe() const {
    TrainingReport report(options.kind);
    absl::StatusOr<BpeTraining> trained;
    {
      MergeProgressBar bar;
      const absl::StatusOr<PieceCounts> counts = options.Pieces(bar.reading());
      if (!counts.ok()) return counts.status();
      report.SetCorpus(counts->origin().n_bytes, counts->origin().n_documents);
      report.EndPhase("count");
      BpeTrainerOptions bpe = options.Bpe();
      bpe.progress = bar.merging();
      trained = TrainBpe(*counts, bpe);
    }
    if (!trained.ok()) return trained.status();
    report.EndPhase("merge");
    report.AddStage("", trained->report);
    return Write(trained->spec, &report);
  }

  absl::StatusOr<int> RunSuperBpe(const std::vector<std::string>& inputs) const {
    TrainingReport report(options.kind);
    absl::StatusOr<SuperBpeOptions> superbpe = options.SuperBpe();
    if (!superbpe.ok()) return superbpe.status();
    absl::StatusOr<SuperBpeTraining> trained;
    {
      MergeProgressBar bar;
      superbpe->corpus.progress = bar.reading();
      superbpe->bpe.progress = bar.merging();
      trained = TrainSuperBpe(inputs, *superbpe);
    }
    if (!trained.ok()) return trained.status();
    report.SetCorpus(trained->n_bytes, trained->n_documents);
    report.EndPhase("train");
    report.AddStage("subwords", trained->subwords);
    report.AddStage("superwords", trained->superwords);
    return Write(trained->spec, &report);
  }

  absl::StatusOr<int> Write(const TokenizerSpec& spec, TrainingReport* report) const {
    const size_t n_tokens = spec.vocabulary.n_tokens();
    if (n_tokens > options.vocab_size) {
      return MakeError(ErrorCode::kUsage, "-n " + std::to_string(options.vocab_size),
                       "special tokens and alphabet alone are " + std::to_string(n_tokens),
                       "choose a larger size, or --alphabet seen");
    }
    const absl::StatusOr<Format> format = FormatForOutput(options.output);
    if (absl::Status status = WriteTokenizer(spec, *format, options.output); !status.ok()) return status;
    report->EndPhase("write");
    report->SetOutput(options.output, n_tokens, SpecIdentityHash(spec));
    if (options.json) {
      const absl::StatusOr<int> printed = PrintJson(report->AsJson());
      if (!printed.ok()) return printed.status();
    } else {
      std::fputs(report->AsText().c_str(), stderr);
    }
    if (n_tokens < options.vocab_size) {
      std::fprintf(stderr, "warning: %zu tokens of %u: no pair is left to merge\n", n_tokens,
                   options.vocab_size);
    }
    return kExitOk;
  }

  // What would be done, and about what memory it takes: of BPE in different pieces, which grow as the square root of text or
  // so; of SuperBPE in the text itself.
  absl::StatusOr<int> PrintPlan(const std::vector<std::string>& inputs) const {
    constexpr uint64_t kLeast = uint64_t{32} << 20;
    const uint64_t n_bytes = SizeOf(inputs);
    const uint64_t n_memory = kLeast + (options.kind == "superbpe" ? n_bytes * 3 : n_bytes * 3 / 2);
    if (options.json) {
      return PrintJson({{"schema", 1},
                        {"kind", options.kind},
                        {"files", inputs.size()},
                        {"bytes", n_bytes},
                        {"vocab_size", options.vocab_size},
                        {"memory_at_most_bytes", n_memory}});
    }
    return PrintText("train " + options.kind + ": " + std::to_string(options.vocab_size) + " tokens from " +
                     std::to_string(inputs.size()) + " files of " + FormatBytes(n_bytes) +
                     " (compressed ones count as they lie on the disk)\nmemory: at most about " +
                     FormatBytes(n_memory) + "\n");
  }
};

}  // namespace

Command AddTrain(CLI::App* root) {
  CLI::App* parser = root->add_subcommand("train", "A tokenizer out of text");
  auto command = std::make_shared<TrainCommand>();
  SetExamples(
      parser,
      "tok train bpe -n 50000 -o trained.json a.txt            # byte-level BPE, for Hugging Face too\n"
      "tok train bpe -n 32000 --pattern llama3 --split lines-lf -o trained.tiktoken 'c/*.gz'\n"
      "tok train superbpe -n 50000 --transition 45000 -o super.json a.txt # tokens of several words");
  command->options.AddTo(parser);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
