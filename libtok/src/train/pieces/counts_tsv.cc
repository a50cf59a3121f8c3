// Piece counts as text (tok/piece_counts.h).
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/train/pieces/piece_list.h"
#include "src/unicode/utf8.h"
#include "tok/output.h"
#include "tok/piece_counts.h"

namespace tok {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

// In front of 't', 'n', 'r', '\\' stands a backslash for these; 0 for all others.
char ShortEscape(char c) {
  switch (c) {
    case '\t': return 't';
    case '\n': return 'n';
    case '\r': return 'r';
    case '\\': return '\\';
    default: return 0;
  }
}

void AppendHex(unsigned char byte, std::string* out) {
  *out += "\\x";
  *out += kHexDigits[byte >> 4];
  *out += kHexDigits[byte & 15];
}

// -1 if it is none.
int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// Takes the escape behind a backslash off the front of *text; false if there is none.
bool AppendUnescaped(std::string_view* text, std::string* out) {
  if (text->empty()) return false;
  const char kind = text->front();
  text->remove_prefix(1);
  for (const char c : {'\t', '\n', '\r', '\\'}) {
    if (ShortEscape(c) != kind) continue;
    *out += c;
    return true;
  }
  if (kind != 'x' || text->size() < 2) return false;
  const int high = HexValue((*text)[0]), low = HexValue((*text)[1]);
  if (high < 0 || low < 0) return false;
  *out += static_cast<char>(high << 4 | low);
  text->remove_prefix(2);
  return true;
}

struct Storage {
  std::string blob;
  std::vector<uint64_t> ends, counts;
};

// What is wrong with the line; nothing if it has been added.
std::string_view AddLine(std::string_view line, Storage* storage) {
  const size_t tab = line.find('\t');
  if (tab == std::string_view::npos) return "no tab behind the count";
  uint64_t count = 0;
  const char* const end = line.data() + tab;
  const auto [parsed, error] = std::from_chars(line.data(), end, count);
  if (error != std::errc() || parsed != end || count == 0) return "the count is no number from 1 to 2^64 - 1";
  std::string_view rest = line.substr(tab + 1);
  if (rest.empty()) return "the piece is empty";
  while (!rest.empty()) {
    const size_t plain = std::min(rest.find_first_of("\\\t\r"), rest.size());
    storage->blob += rest.substr(0, plain);
    rest.remove_prefix(plain);
    if (rest.empty()) break;
    if (rest.front() != '\\') return "a tab or CR within the piece is to be written \\t or \\r";
    rest.remove_prefix(1);
    if (!AppendUnescaped(&rest, &storage->blob)) return "an escape is none of \\t \\n \\r \\\\ \\xHH";
  }
  storage->ends.push_back(storage->blob.size());
  storage->counts.push_back(count);
  return {};
}

}  // namespace

std::string EscapePiece(std::string_view piece) {
  std::string text;
  while (!piece.empty()) {
    const std::string_view valid = piece.substr(0, FindInvalidUtf8(piece));
    for (const char c : valid) {
      const auto byte = static_cast<unsigned char>(c);
      if (const char escape = ShortEscape(c)) {
        text += {'\\', escape};
      } else if (byte < 0x20 || byte == 0x7F) {
        AppendHex(byte, &text);
      } else {
        text += c;
      }
    }
    piece.remove_prefix(valid.size());
    if (piece.empty()) break;
    AppendHex(static_cast<unsigned char>(piece.front()), &text);
    piece.remove_prefix(1);
  }
  return text;
}

absl::Status WritePieceCountsTsv(const PieceCounts& counts, const std::string& path) {
  TOK_ASSIGN_OR_RETURN(const PieceCounts sorted, Sorted(counts));
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<Output> output, Output::Open(path));
  for (size_t i = 0; i < sorted.n_unique(); ++i) {
    const CountedPiece piece = sorted[i];
    TOK_RETURN_IF_ERROR(output->Write(Concat(piece.count, "\t", EscapePiece(piece.bytes), "\n")));
  }
  return output->Commit();
}

absl::StatusOr<PieceCounts> ReadPieceCountsTsv(const std::string& path, PieceCounts::Origin origin) {
  TOK_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  const auto storage = std::make_shared<Storage>();
  uint64_t line_number = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    ++line_number;
    if (const std::string_view fault = AddLine(line, storage.get()); !fault.empty()) {
      return MakeError(ErrorCode::kBadInput, Concat(path, ":", line_number), fault,
                       "a line is COUNT<TAB>PIECE");
    }
  }
  const PieceCounts lines(std::move(origin), storage->blob, storage->ends, storage->counts, storage);
  absl::StatusOr<PieceCounts> counts = Sorted(lines);
  if (!counts.ok()) return AtPlace(path, counts.status());
  return counts;
}

}  // namespace tok
