#include "cli/train/named_texts.h"

#include <algorithm>
#include <utility>

#include "cli/inputs.h"
#include "cli/name_value.h"

namespace tok::cli {

absl::StatusOr<std::vector<NamedText>> NamedTextsOption::Parse() const {
  std::vector<NamedText> texts;
  for (const std::string& value : given) {
    absl::StatusOr<NameValue> parsed = ParseNameValue(option, value, "NAME=PATH", remedy);
    if (!parsed.ok()) return parsed.status();
    auto text = std::find_if(texts.begin(), texts.end(),
                             [&](const NamedText& known) { return known.name == parsed->name; });
    if (text == texts.end()) text = texts.insert(text, {parsed->name, {}});
    text->patterns.push_back(std::move(parsed->value));
  }
  return texts;
}

absl::StatusOr<std::vector<std::string>> NamedTextsOption::PathsOf(const NamedText& text) const {
  absl::StatusOr<std::vector<std::string>> paths = ExpandInputs(text.patterns);
  if (!paths.ok()) return AtPlace(option + " " + text.name, paths.status());
  return paths;
}

absl::StatusOr<PieceCounts> NamedTextsOption::Count(const NamedText& text, const CorpusOptions& corpus,
                                                    FileJobProgress* progress) const {
  absl::StatusOr<PieceCounts> counts = corpus.CountTextOrCounts(text.patterns, {}, progress);
  if (!counts.ok()) return AtPlace(option + " " + text.name, counts.status());
  return counts;
}

}  // namespace tok::cli
