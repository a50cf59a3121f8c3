// cli/train/corpus_options.h: the options that say how a corpus is read and cut into pieces, for the verbs that count them.
#ifndef TOK_CLI_TRAIN_CORPUS_OPTIONS_H_
#define TOK_CLI_TRAIN_CORPUS_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tok/piece_counts.h"
#include "tok/status.h"

namespace tok::cli {

struct CorpusOptions {
  std::vector<std::string> inputs, normalizers;
  std::string pattern = "o200k", split, utf8 = "error", digits;
  std::optional<std::string> memory;
  unsigned n_threads = 0;
  std::optional<PieceRules> given_rules;  // in place of what the options say

  // What it added: options that decide the pieces, those that only reading text makes use of, and -T.
  std::vector<CLI::Option*> cutting, reading;
  CLI::Option* threads = nullptr;

  void AddTo(CLI::App* parser);
  // Errors: TOK-E040.
  absl::Status Check() const;

  absl::StatusOr<PieceRules> Rules() const;
  std::vector<normalizer::Step> Normalizers() const;
  // `default_split`: where --split is not given.
  absl::StatusOr<CountPiecesOptions> Counting(std::string_view default_split) const;

  // The counts of the inputs. Errors: those of CountPieces.
  absl::StatusOr<PieceCounts> Count(std::string_view default_split, FileJobProgress* progress) const;
  // Counts out of files, each .pieces or .tsv; the options that decide pieces say what the latter do not. Errors: those of
  // the readers; TOK-E040 for such an option without a .tsv file.
  absl::StatusOr<std::vector<PieceCounts>> ReadCounts(const std::vector<std::string>& paths,
                                                      std::string_view default_split) const;
};

}  // namespace tok::cli

#endif  // TOK_CLI_TRAIN_CORPUS_OPTIONS_H_
