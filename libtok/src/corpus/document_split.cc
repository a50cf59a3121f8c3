#include "src/base/escapes.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "tok/corpus.h"

namespace tok {
namespace {

absl::Status BadSplit(std::string_view text, std::string_view fact) {
  return MakeError(ErrorCode::kUsage, "--split", Concat("\"", text, "\" ", fact),
                   "use file, lines, lines-lf, fasta, jsonl:FIELD or sep:STR");
}

}  // namespace

absl::StatusOr<std::string> Unescape(std::string_view text) {
  std::string result;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view plain = rest.substr(0, rest.find('\\'));
    result += plain;
    rest.remove_prefix(plain.size());
    if (rest.empty()) break;
    rest.remove_prefix(1);
    if (!TakeEscape(&rest, &result)) {
      return MakeError(ErrorCode::kUsage, Concat("\"", text, "\""), "has an unknown escape",
                       Concat("the escapes are ", kEscapes));
    }
  }
  return result;
}

absl::StatusOr<DocumentSplit> DocumentSplit::Parse(std::string_view text) {
  constexpr std::string_view kJsonlPrefix = "jsonl:", kSeparatorPrefix = "sep:";
  if (text == "file") return DocumentSplit{Kind::kFile, ""};
  if (text == "lines") return DocumentSplit{Kind::kLines, ""};
  if (text == "lines-lf") return DocumentSplit{Kind::kLinesLf, ""};
  if (text == "fasta") return DocumentSplit{Kind::kFasta, ""};
  if (text.substr(0, kJsonlPrefix.size()) == kJsonlPrefix) {
    const std::string_view field = text.substr(kJsonlPrefix.size());
    if (field.empty()) return BadSplit(text, "names no field");
    return DocumentSplit{Kind::kJsonl, std::string(field)};
  }
  if (text.substr(0, kSeparatorPrefix.size()) == kSeparatorPrefix) {
    TOK_ASSIGN_OR_RETURN(std::string separator, Unescape(text.substr(kSeparatorPrefix.size())));
    if (separator.empty()) return BadSplit(text, "has an empty separator");
    return DocumentSplit{Kind::kSeparator, std::move(separator)};
  }
  return BadSplit(text, "is no way to split");
}

std::string DocumentSplit::Spelling() const {
  switch (kind) {
    case Kind::kFile: return "file";
    case Kind::kLines: return "lines";
    case Kind::kLinesLf: return "lines-lf";
    case Kind::kFasta: return "fasta";
    case Kind::kJsonl: return Concat("jsonl:", argument);
    case Kind::kSeparator: break;
  }
  return Concat("sep:", argument);
}

}  // namespace tok
