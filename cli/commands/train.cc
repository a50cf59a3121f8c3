#include <memory>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/inputs.h"
#include "cli/json_output.h"
#include "cli/train/train_options.h"
#include "tok/formats.h"

namespace tok::cli {
namespace {

struct TrainCommand {
  TrainOptions options;

  absl::StatusOr<int> Run() const {
    if (absl::Status status = options.Check(); !status.ok()) return status;
    return options.kind == "superbpe" ? RunSuperBpe() : RunBpe();
  }

  absl::StatusOr<int> RunBpe() const {
    const absl::StatusOr<PieceCounts> counts = options.Pieces();
    if (!counts.ok()) return counts.status();
    const absl::StatusOr<BpeTraining> trained = TrainBpe(*counts, options.Bpe());
    if (!trained.ok()) return trained.status();
    return Write(trained->spec);
  }

  absl::StatusOr<int> RunSuperBpe() const {
    const absl::StatusOr<std::vector<std::string>> inputs = ExpandInputs(options.corpus.inputs);
    if (!inputs.ok()) return inputs.status();
    const absl::StatusOr<SuperBpeOptions> superbpe = options.SuperBpe();
    if (!superbpe.ok()) return superbpe.status();
    const absl::StatusOr<SuperBpeTraining> trained = TrainSuperBpe(*inputs, *superbpe);
    if (!trained.ok()) return trained.status();
    return Write(trained->spec);
  }

  absl::StatusOr<int> Write(const TokenizerSpec& spec) const {
    const absl::StatusOr<Format> format = FormatForOutput(options.output);
    if (absl::Status status = WriteTokenizer(spec, *format, options.output); !status.ok()) return status;
    return kExitOk;
  }
};

}  // namespace

Command AddTrain(CLI::App* root) {
  CLI::App* parser = root->add_subcommand("train", "A tokenizer out of text");
  auto command = std::make_shared<TrainCommand>();
  SetExamples(parser,
              "tok train bpe -n 50000 -o tokenizer.json corpus.txt      # byte-level BPE\n"
              "tok train bpe -n 32000 --pattern llama3 --split lines-lf -o t.json 'c/*.gz'");
  command->options.AddTo(parser);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
