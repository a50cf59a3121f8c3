// cli/train/train_options.h: the options of `tok train` that several kinds of tokenizers share.
#ifndef TOK_CLI_TRAIN_TRAIN_OPTIONS_H_
#define TOK_CLI_TRAIN_TRAIN_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/train/corpus_options.h"
#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/train_bpe.h"

namespace tok::cli {

struct TrainOptions {
  CorpusOptions corpus;
  std::string output, alphabet = "all";
  std::vector<std::string> special_tokens;
  std::optional<std::string> counts;
  uint32_t vocab_size = 0, max_token_length = 0, limit_alphabet = 0;
  uint64_t min_frequency = 0;
  bool dry_run = false, json = false, resume = false;
  double checkpoint_seconds = 60;

  void AddTo(CLI::App* parser);
  // Errors: TOK-E040 for values that make no sense.
  absl::Status Check() const;

  // Counted, or read from --counts.
  absl::StatusOr<PieceCounts> Pieces(std::string_view default_split, FileJobProgress* progress) const;
  BpeTrainerOptions Bpe() const;

 private:
  absl::Status CheckCounts() const;
};

}  // namespace tok::cli

#endif  // TOK_CLI_TRAIN_TRAIN_OPTIONS_H_
