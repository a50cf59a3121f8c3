// cli/train/named_texts.h: text of several languages or categories, given as NAME=PATH.
#ifndef TOK_CLI_TRAIN_NAMED_TEXTS_H_
#define TOK_CLI_TRAIN_NAMED_TEXTS_H_

#include <string>
#include <vector>

#include "cli/train/corpus_options.h"
#include "tok/piece_counts.h"
#include "tok/status.h"

namespace tok::cli {

struct NamedText {
  std::string name;
  std::vector<std::string> patterns;  // files and globs
};

// An option that takes NAME=PATH, as often as there is text; a name given again is more of the same.
struct NamedTextsOption {
  std::string option, remedy;  // "--lang", "name the language, as in --lang eng=a.txt"
  std::vector<std::string> given;

  // In the order in which names come first. Errors: TOK-E040.
  absl::StatusOr<std::vector<NamedText>> Parse() const;
  // Globs expanded. Errors: those of ExpandInputs, at "--lang eng".
  absl::StatusOr<std::vector<std::string>> PathsOf(const NamedText& text) const;
  // Errors: those of CorpusOptions::CountTextOrCounts, at "--lang eng".
  absl::StatusOr<PieceCounts> Count(const NamedText& text, const CorpusOptions& corpus,
                                    FileJobProgress* progress) const;
};

}  // namespace tok::cli

#endif  // TOK_CLI_TRAIN_NAMED_TEXTS_H_
