// cli/train/train_options.h: the options of `tok train`, and which of them mean something to which kind of tokenizer.
//
// An option that a kind makes no use of is an error: nobody is to believe that it had an effect.
#ifndef TOK_CLI_TRAIN_TRAIN_OPTIONS_H_
#define TOK_CLI_TRAIN_TRAIN_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/train_bpe.h"
#include "tok/train_superbpe.h"

namespace tok::cli {

struct TrainOptions {
  std::string kind, output, pattern = "o200k", split, utf8 = "error", alphabet = "all", digits;
  std::vector<std::string> inputs, special_tokens, normalizers;
  std::optional<std::string> counts, memory;
  uint32_t vocab_size = 0, max_token_length = 0, limit_alphabet = 0, transition = 0, max_words = 4;
  uint64_t min_frequency = 0;
  unsigned n_threads = 0;
  bool dry_run = false, json = false;

  void AddTo(CLI::App* parser);
  // Errors: TOK-E040 for values that make no sense, and options that mean nothing to the kind.
  absl::Status Check() const;

  absl::StatusOr<PieceRules> Rules() const;
  absl::StatusOr<CountPiecesOptions> Counting() const;
  BpeTrainerOptions Bpe() const;
  absl::StatusOr<SuperBpeOptions> SuperBpe() const;

 private:
  std::vector<normalizer::Step> Normalizers() const;
  CLI::Option* For(const std::vector<std::string>& kinds, CLI::Option* option);
  std::vector<std::pair<const CLI::Option*, std::vector<std::string>>> kinds_of_;
};

}  // namespace tok::cli

#endif  // TOK_CLI_TRAIN_TRAIN_OPTIONS_H_
