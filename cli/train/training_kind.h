// cli/train/training_kind.h: a kind of tokenizer that `tok train` makes: its options, and what trains it.
//
// Each kinds/<name>.cc defines one and its Make<Name>Kind. An option that a kind makes no use of is an error: nobody is to
// believe that it had an effect.
#ifndef TOK_CLI_TRAIN_TRAINING_KIND_H_
#define TOK_CLI_TRAIN_TRAINING_KIND_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "cli/inputs.h"
#include "cli/options.h"
#include "cli/train/train_options.h"
#include "cli/train/training_report.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok::cli {

class TrainingKind {
 public:
  // `options` stay where they are.
  TrainingKind(std::string name, const TrainOptions& options) : name_(std::move(name)), options_(options) {}
  virtual ~TrainingKind() = default;

  const std::string& name() const { return name_; }
  // Adds the options that only it has, after the shared ones were added, and says which of those it makes use of.
  virtual void AddTo(CLI::App* parser, OptionModes* modes) = 0;
  // Of its options. Errors: TOK-E040.
  virtual absl::Status Check() const { return absl::OkStatus(); }
  // What it reads, globs expanded.
  virtual absl::StatusOr<std::vector<std::string>> Inputs() const {
    if (options_.counts) return std::vector{*options_.counts};
    return ExpandInputs(options_.corpus.inputs);
  }
  // Ends phases of the report, and says what the stages came to. `inputs`: files, no globs.
  virtual absl::StatusOr<TokenizerSpec> Train(const std::vector<std::string>& inputs,
                                              TrainingReport* report) const = 0;
  // About what it takes, at most, for so many bytes of text.
  virtual uint64_t MemoryAtMost(uint64_t n_bytes) const = 0;

 protected:
  const TrainOptions& options() const { return options_; }
  void Use(std::initializer_list<const char*> shared, CLI::App* parser, OptionModes* modes) const {
    for (const char* option : shared) modes->For({name_}, parser->get_option(option));
  }

 private:
  const std::string name_;
  const TrainOptions& options_;
};

std::unique_ptr<TrainingKind> MakeBpeKind(const TrainOptions& options);
std::unique_ptr<TrainingKind> MakeParityKind(const TrainOptions& options);
std::unique_ptr<TrainingKind> MakePickyKind(const TrainOptions& options);
std::unique_ptr<TrainingKind> MakeSuperBpeKind(const TrainOptions& options);

}  // namespace tok::cli

#endif  // TOK_CLI_TRAIN_TRAINING_KIND_H_
