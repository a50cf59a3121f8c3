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

// What holds where options do not say.
struct PieceDefaults {
  VocabularyAlphabet alphabet = VocabularyAlphabet::kBytes;  // of the pieces; no option says
  std::string_view pattern = "o200k", split = "file";
  std::vector<normalizer::Step> normalizers;
};

// Whether a file is counts of pieces, .pieces or .tsv, by its name.
bool IsCounts(const std::string& path);

struct CorpusOptions {
  std::vector<std::string> inputs, normalizers;
  std::string split, utf8 = "error", digits;
  std::optional<std::string> pattern, memory;
  unsigned n_threads = 0;
  std::optional<PieceRules> given_rules;  // in place of what the options say

  // What it added: options that decide the pieces, those that only reading text makes use of, -T and --memory.
  std::vector<CLI::Option*> cutting, reading;
  CLI::Option *threads = nullptr, *memory_option = nullptr;

  void AddTo(CLI::App* parser);
  // Errors: TOK-E040.
  absl::Status Check() const;

  // 0: no budget, or one that Check refuses.
  uint64_t n_memory_bytes() const;
  absl::StatusOr<PieceRules> Rules(const PieceDefaults& defaults) const;
  std::vector<normalizer::Step> Normalizers() const;
  // `default_split`: where --split is not given.
  absl::StatusOr<CountPiecesOptions> Counting(std::string_view default_split) const;

  // The counts of the inputs. Errors: those of CountPieces.
  absl::StatusOr<PieceCounts> Count(const PieceDefaults& defaults, FileJobProgress* progress) const;
  // Of files, globs expanded, that are all text or all counts of it, .pieces and .tsv. Errors: TOK-E040 for both together.
  absl::StatusOr<PieceCounts> CountTextOrCounts(const std::vector<std::string>& patterns,
                                                const PieceDefaults& defaults,
                                                FileJobProgress* progress) const;
  // Counts out of files, one of each .pieces and one of all .tsv together, within --memory; the options that decide pieces say
  // what the latter do not. Errors: those of the readers; TOK-E040 for such an option without a .tsv file.
  absl::StatusOr<std::vector<PieceCounts>> ReadCounts(std::vector<std::string> paths,
                                                      const PieceDefaults& defaults) const;

 private:
  absl::Status CheckPattern(VocabularyAlphabet alphabet) const;
};

}  // namespace tok::cli

#endif  // TOK_CLI_TRAIN_CORPUS_OPTIONS_H_
