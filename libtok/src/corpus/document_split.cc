#include <cstdint>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "tok/corpus.h"

namespace tok {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

absl::Status BadSplit(std::string_view text, std::string_view fact) {
  return MakeError(ErrorCode::kUsage, "--split", Concat("\"", text, "\" ", fact),
                   "use file, lines, lines-lf, fasta, jsonl:FIELD or sep:STR");
}

}  // namespace

absl::StatusOr<std::string> Unescape(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      result += text[i];
      continue;
    }
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == 'x' && i + 3 < text.size() && HexDigit(text[i + 2]) >= 0 && HexDigit(text[i + 3]) >= 0) {
      result += static_cast<char>(HexDigit(text[i + 2]) * 16 + HexDigit(text[i + 3]));
      i += 3;
      continue;
    }
    constexpr std::string_view kNames = "ntr0\\", kValues("\n\t\r\0\\", 5);
    const size_t which = i + 1 < text.size() ? kNames.find(next) : std::string_view::npos;
    if (which == std::string_view::npos) {
      return MakeError(ErrorCode::kUsage, Concat("\"", text, "\""), "has an unknown escape",
                       "the escapes are \\n \\t \\r \\0 \\\\ and \\xHH");
    }
    result += kValues[which];
    ++i;
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
