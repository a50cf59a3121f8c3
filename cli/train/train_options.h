// cli/train/train_options.h: the options of `tok train`, and which of them mean something to which kind of tokenizer.
//
// An option that a kind makes no use of is an error: nobody is to believe that it had an effect.
#ifndef TOK_CLI_TRAIN_TRAIN_OPTIONS_H_
#define TOK_CLI_TRAIN_TRAIN_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options.h"
#include "cli/train/corpus_options.h"
#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/train_bpe.h"
#include "tok/train_superbpe.h"

namespace tok::cli {

struct TrainOptions {
  CorpusOptions corpus;
  std::string kind, output, alphabet = "all";
  std::vector<std::string> special_tokens;
  std::optional<std::string> counts;
  uint32_t vocab_size = 0, max_token_length = 0, limit_alphabet = 0, transition = 0, max_words = 4;
  uint64_t min_frequency = 0;
  bool dry_run = false, json = false;

  void AddTo(CLI::App* parser);
  // Errors: TOK-E040 for values that make no sense, and options that mean nothing to the kind.
  absl::Status Check() const;

  // Counted, or read from --counts.
  absl::StatusOr<PieceCounts> Pieces(FileJobProgress* progress) const;
  BpeTrainerOptions Bpe() const;
  absl::StatusOr<SuperBpeOptions> SuperBpe() const;

 private:
  absl::Status CheckCounts() const;
  std::string_view DefaultSplit() const;
  OptionModes modes_;  // kinds of tokenizers
};

}  // namespace tok::cli

#endif  // TOK_CLI_TRAIN_TRAIN_OPTIONS_H_
