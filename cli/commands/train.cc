#include <algorithm>
#include <bit>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/json_output.h"
#include "cli/signals.h"
#include "cli/sizes.h"
#include "cli/tokenizer_file.h"
#include "cli/train/checkpoint_keeper.h"
#include "cli/train/train_options.h"
#include "cli/train/training_kind.h"
#include "cli/train/training_report.h"
#include "tok/formats.h"

namespace tok::cli {
namespace {

// Of files that are there; compressed ones as they lie on the disk. Nothing if one of them is not a file with a size.
std::optional<uint64_t> SizeOf(const std::vector<std::string>& paths) {
  uint64_t n_bytes = 0;
  for (const std::string& path : paths) {
    std::error_code error;
    if (path == "-" || !std::filesystem::is_regular_file(path, error)) return std::nullopt;
    n_bytes += std::filesystem::file_size(path, error);
  }
  return n_bytes;
}

class TrainCommand {
 public:
  TrainCommand() {
    for (const auto& make : {MakeBpeKind, MakeSuperBpeKind, MakePickyKind, MakeParityKind, MakeUnigramKind,
                             MakeWordPieceKind, MakeCharKind, MakeDnaKind, MakeLibKind})
      kinds_.push_back(make(options_));
  }

  void AddTo(CLI::App* parser) {
    std::string names;
    for (const auto& kind : kinds_) names += (names.empty() ? "" : ", ") + kind->name();
    parser->add_option("kind", kind_name_, "What to train: " + names)->required()->type_name("KIND");
    options_.AddTo(parser);
    for (const auto& kind : kinds_) kind->AddTo(parser, &modes_);
    modes_.Describe();
  }

  const OptionModes& modes() const { return modes_; }

  absl::StatusOr<int> Run() {
    const absl::StatusOr<const TrainingKind*> kind = Kind();
    if (!kind.ok()) return kind.status();
    if (absl::Status s = modes_.Check(kind_name_); !s.ok()) return s;
    if (absl::Status s = options_.Check(); !s.ok()) return s;
    if (absl::Status s = options_.ReadFiles(); !s.ok()) return s;
    if (absl::Status s = (*kind)->Check(); !s.ok()) return s;
    if (absl::Status s = (*kind)->CheckCorpus(); !s.ok()) return s;
    if (absl::Status s = CheckFormat(**kind); !s.ok()) return s;
    const absl::StatusOr<std::vector<std::string>> inputs = (*kind)->Inputs();
    if (!inputs.ok()) return inputs.status();
    if (absl::Status s = CheckOutput(**kind, *inputs); !s.ok()) return s;
    if (!options_.counts) {
      if (absl::Status s = CheckInputs(options_.corpus.inputs); !s.ok()) return s;
    }
    if (options_.dry_run) return PrintPlan(**kind, *inputs);
    TrainingReport report(kind_name_);
    const absl::StatusOr<TokenizerSpec> spec = (*kind)->Train(*inputs, &report);
    if (ErrorCodeOf(spec.status()) == ErrorCode::kInterrupted && NotedInterrupt() != 0) {
      std::fprintf(stderr, "%s\n", std::string(spec.status().message()).c_str());
      return NotedInterrupt();
    }
    if (!spec.ok()) return spec.status();
    return Write(**kind, *spec, &report);
  }

 private:
  absl::StatusOr<const TrainingKind*> Kind() const {
    std::vector<std::string> names;
    for (const auto& kind : kinds_) {
      if (kind->name() == kind_name_) return kind.get();
      names.push_back(kind->name());
    }
    return CheckChoice("KIND", kind_name_, names);
  }

  // What cannot be written is not trained.
  absl::Status CheckFormat(const TrainingKind& kind) const {
    if (options_.output.empty()) return absl::OkStatus();
    const absl::StatusOr<Format> wanted = FormatForOutput(options_.output);
    if (!wanted.ok()) return wanted.status();
    const std::filesystem::path folder =
        std::filesystem::path(options_.output.substr(0, options_.output.find_last_not_of('/') + 1))
            .parent_path();
    std::error_code error;
    if (!folder.empty() && !std::filesystem::is_directory(folder, error)) {
      return MakeError(ErrorCode::kWriteFailed, options_.output, "its folder does not exist",
                       "make it first");
    }
    std::string names;
    for (const Format format : kind.Formats()) {
      if (format == *wanted) return absl::OkStatus();
      names += (names.empty() ? "" : ", ") + std::string(FormatName(format));
    }
    return MakeError(ErrorCode::kUsage, options_.output, "cannot hold what " + kind.name() + " trains",
                     "write one of: " + names);
  }

  static absl::Status CheckInputs(const std::vector<std::string>& inputs) {
    for (const std::string& input : inputs) {
      if (!input.ends_with(".pieces")) continue;
      return MakeError(ErrorCode::kUsage, input, "has counts of pieces, not text", "give it as --counts");
    }
    return absl::OkStatus();
  }

  // Nothing that is read is written over.
  absl::Status CheckOutput(const TrainingKind& kind, std::vector<std::string> inputs) const {
    if (options_.output.empty()) return absl::OkStatus();
    for (const std::string& other : kind.OtherInputs()) inputs.push_back(other);
    if (options_.whole_tokens_file) inputs.push_back(*options_.whole_tokens_file);
    if (absl::Status s = CheckOutputIsNotInput(inputs, options_.output); !s.ok()) return s;
    if (!kind.KeepsCheckpoints()) return absl::OkStatus();
    return CheckOutputIsNotInput(inputs, CheckpointPath(options_.output));
  }

  absl::StatusOr<int> Write(const TrainingKind& kind, const TokenizerSpec& spec,
                            TrainingReport* report) const {
    const size_t n_tokens = spec.vocabulary.size();  // missing ids too: they take a row of a model's tables
    const size_t n_most =
        options_.pad_to_power_of_two ? std::bit_ceil(size_t{options_.vocab_size}) : options_.vocab_size;
    if (n_tokens > n_most) {
      return MakeError(ErrorCode::kUsage, "-n " + std::to_string(options_.vocab_size),
                       "special tokens, alphabet and whole tokens alone are " + std::to_string(n_tokens),
                       "choose a larger size, or --alphabet seen where bytes are the alphabet");
    }
    // The training is over: one that is interrupted now ends as if it had not been, and the exit code says that OUT is there.
    DeferInterruptsUntilExit();
    const absl::StatusOr<Format> format = FormatForOutput(options_.output);
    if (absl::Status status = WriteTokenizer(spec, *format, options_.output); !status.ok()) return status;
    std::error_code error;  // there may be none
    if (kind.KeepsCheckpoints()) std::filesystem::remove(CheckpointPath(options_.output), error);
    report->EndPhase("write");
    if (*format == Format::kTiktoken) {
      const auto warnings = WarningsOfTiktoken(spec, options_.output);
      if (warnings.ok()) PrintWarnings(options_.output, *warnings);
    }
    std::optional<std::string> sha256;
    if (absl::StatusOr<std::string> hash = FileSha256(options_.output); hash.ok()) sha256 = *std::move(hash);
    report->SetOutput(options_.output, n_tokens, SpecIdentityHash(spec), sha256);
    if (options_.json) {
      const absl::StatusOr<int> printed = PrintJson(report->AsJson());
      if (!printed.ok()) return printed.status();
    } else {
      std::fputs(report->AsText().c_str(), stderr);
    }
    if (n_tokens < options_.vocab_size) {
      std::fprintf(stderr, "warning: %zu tokens of %u: %s\n", n_tokens, options_.vocab_size,
                   kind.WhyFewer().c_str());
    }
    return kExitOk;
  }

  // What would be done, and about what memory it takes: what is beyond a budget, in files.
  absl::StatusOr<int> PrintPlan(const TrainingKind& kind, const std::vector<std::string>& inputs) const {
    constexpr uint64_t kLeast = uint64_t{32} << 20;
    const std::optional<uint64_t> n_bytes = SizeOf(inputs);
    Json plan = {
        {"schema", 1}, {"kind", kind.name()}, {"files", inputs.size()}, {"vocab_size", options_.vocab_size}};
    std::string text = "train " + kind.name() + ": " + std::to_string(options_.vocab_size) + " tokens from " +
                       std::to_string(inputs.size()) + (inputs.size() == 1 ? " file" : " files");
    if (!n_bytes) {
      if (options_.json) return PrintJson(plan);
      return PrintText(text + "; what is read is not all files, so that its size is not known\n");
    }
    const uint64_t n_all = kLeast + kind.MemoryAtMost(*n_bytes), n_budget = options_.corpus.n_memory_bytes();
    const uint64_t n_memory = n_budget > 0 && kind.KeepsToBudget() ? std::min(n_all, n_budget) : n_all;
    plan["bytes"] = *n_bytes;
    plan["memory_at_most_bytes"] = n_memory;
    plan["temporary_files_at_most_bytes"] = n_all - n_memory;
    if (options_.json) return PrintJson(plan);
    text += " of " + FormatBytes(*n_bytes) +
            " (compressed ones count as they lie on the disk)\nmemory: up to about " + FormatBytes(n_memory);
    if (n_memory < n_all) text += ", and temporary files of " + FormatBytes(n_all - n_memory);
    return PrintText(text + "\n");
  }

  TrainOptions options_;
  std::string kind_name_;
  std::vector<std::unique_ptr<TrainingKind>> kinds_;
  OptionModes modes_;  // kinds
};

}  // namespace

Command AddTrain(CLI::App* root) {
  CLI::App* parser = root->add_subcommand("train", "A tokenizer out of text");
  auto command = std::make_shared<TrainCommand>();
  SetExamples(
      parser,
      "tok train bpe -n 50000 -o trained.json a.txt            # byte-level BPE, for Hugging Face too\n"
      "tok train bpe -n 32000 --pattern llama3 --split lines-lf -o trained.tiktoken 'c/*.gz'\n"
      "tok train bpe -n 52000 --continue gpt2 -o more.json a.txt # more tokens for GPT-2, whose ids stay\n"
      "tok train superbpe -n 50000 --transition 45000 -o super.json a.txt # tokens of several words\n"
      "tok train picky -n 32000 --threshold 0.9 -o picky.tok a.txt # without tokens that are only steps to "
      "others\n"
      "tok train parity -n 32000 --lang eng=a.txt --lang ukr=b.txt --ratio ukr=2 -o fair.json # none far "
      "behind\n"
      "tok train unigram -n 8000 --special '<s>' -o unigram.model a.txt # for SentencePiece\n"
      "tok train wordpiece -n 30000 --special '[PAD]' --special '[UNK]' --special '[CLS]' -o bert.json "
      "a.txt\n"
      "tok train char -n 4083 --pad-to-power-of-2 -o char.json a.txt   # tokens of up to 3 bytes\n"
      "printf '>chr1\\nACGTTGCAACGT\\n' | tok train dna -n 16 --both-strands -o dna.json # FASTA files\n"
      "tok train lib -n 10000 --seed 1 -o lib.json a.txt               # units learned by reading");
  command->AddTo(parser);
  return {parser, [command] { return command->Run(); }, &command->modes()};
}

}  // namespace tok::cli
