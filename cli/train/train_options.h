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
  std::optional<std::string> counts, unk_token, whole_tokens_file;
  std::vector<std::string> whole_tokens;  // once read
  std::string unit;                       // empty: what the kind has by default
  bool pad_to_power_of_two = false;
  uint32_t vocab_size = 0, max_token_length = 0, limit_alphabet = 0;
  std::optional<uint32_t> max_length;
  uint64_t min_frequency = 0, seed = 0;
  bool dry_run = false, json = false, resume = false;
  double checkpoint_seconds = 60;

  void AddTo(CLI::App* parser);
  // Errors: TOK-E040 for values that make no sense.
  absl::Status Check() const;
  // Once, as a file may be a pipe. Errors: those of reading --tokens.
  absl::Status ReadFiles();

  // Counted, or read from --counts.
  absl::StatusOr<PieceCounts> Pieces(const PieceDefaults& defaults, FileJobProgress* progress) const;
  // After ReadFiles.
  BpeTrainerOptions Bpe() const;

 private:
  absl::Status CheckCounts() const;
};

}  // namespace tok::cli

#endif  // TOK_CLI_TRAIN_TRAIN_OPTIONS_H_
