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
#include "tok/formats.h"
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
  // How text is cut where options do not say.
  virtual PieceDefaults Defaults() const { return {}; }
  // Of the options that cut text.
  absl::Status CheckCorpus() const {
    const PieceDefaults defaults = Defaults();
    if (absl::Status s = options_.corpus.Rules(defaults).status(); !s.ok()) return s;
    return options_.corpus.Counting(defaults.split).status();
  }
  // What it reads, globs expanded.
  virtual absl::StatusOr<std::vector<std::string>> Inputs() const {
    if (options_.counts) return std::vector{*options_.counts};
    return ExpandInputs(options_.corpus.inputs);
  }
  // Files beside these that it reads.
  virtual std::vector<std::string> OtherInputs() const { return {}; }
  // Ends phases of the report, and says what the stages came to. `inputs`: files, no globs.
  virtual absl::StatusOr<TokenizerSpec> Train(const std::vector<std::string>& inputs,
                                              TrainingReport* report) const = 0;
  // About what it takes, at most, for so many bytes of text.
  virtual uint64_t MemoryAtMost(uint64_t n_bytes) const = 0;
  // --memory is for all of it, not for the counting of pieces only.
  virtual bool KeepsToBudget() const { return false; }
  // CheckpointPath(OUT) is its own while it trains.
  virtual bool KeepsCheckpoints() const { return false; }
  // What it can be written as; known before it is trained.
  virtual std::vector<Format> Formats() const { return {Format::kTokenizerJson, Format::kImage}; }
  // Why a vocabulary is smaller than asked for.
  virtual std::string WhyFewer() const { return "no pair is left to merge"; }

 protected:
  const TrainOptions& options() const { return options_; }
  // The pieces to train from, which is the report's first phase. `options`: its own, or a copy with what it decides itself.
  static absl::StatusOr<PieceCounts> Count(const TrainOptions& options, const PieceDefaults& defaults,
                                           FileJobProgress* progress, TrainingReport* report) {
    absl::StatusOr<PieceCounts> counts = options.Pieces(defaults, progress);
    if (!counts.ok()) return counts;
    const PieceCounts::Origin& origin = counts->origin();
    const bool is_known = origin.n_documents > 0 || counts->n_unique() == 0;  // not of counts as text
    if (is_known) report->SetCorpus(origin.n_bytes, origin.n_documents);
    report->EndPhase("count");
    return counts;
  }
  void Use(std::initializer_list<const char*> shared, CLI::App* parser, OptionModes* modes) const {
    for (const char* option : shared) modes->For({name_}, parser->get_option(option));
  }
  // Of options that all other kinds use.
  void Refuse(std::initializer_list<const char*> shared, CLI::App* parser, OptionModes* modes) const {
    for (const char* option : shared) modes->NotFor(name_, parser->get_option(option));
  }

 private:
  const std::string name_;
  const TrainOptions& options_;
};

std::unique_ptr<TrainingKind> MakeBpeKind(const TrainOptions& options);
std::unique_ptr<TrainingKind> MakeParityKind(const TrainOptions& options);
std::unique_ptr<TrainingKind> MakePickyKind(const TrainOptions& options);
std::unique_ptr<TrainingKind> MakeSuperBpeKind(const TrainOptions& options);
std::unique_ptr<TrainingKind> MakeUnigramKind(const TrainOptions& options);
std::unique_ptr<TrainingKind> MakeWordPieceKind(const TrainOptions& options);
std::unique_ptr<TrainingKind> MakeCharKind(const TrainOptions& options);
std::unique_ptr<TrainingKind> MakeDnaKind(const TrainOptions& options);
std::unique_ptr<TrainingKind> MakeLibKind(const TrainOptions& options);

}  // namespace tok::cli

#endif  // TOK_CLI_TRAIN_TRAINING_KIND_H_
