#include "src/corpus/text_block.h"

#include <algorithm>
#include <cstring>

#include "src/base/strings.h"
#include "src/corpus/json_field.h"

namespace tok {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

uint64_t CountLineFeeds(std::string_view text) {
  return static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

void SplitLines(const TextBlock& block, BlockDocuments* result) {
  const std::string_view bytes = block.bytes;
  for (size_t begin = 0; begin < bytes.size();) {
    const size_t line_feed = bytes.find('\n', begin);
    const size_t end = std::min(line_feed, bytes.size());
    const uint64_t index = result->documents.size();
    result->documents.push_back(
        {bytes.substr(begin, end - begin), index, index + 1, block.byte_begin + begin});
    if (line_feed == std::string_view::npos) break;
    ++result->n_lines;
    begin = line_feed + 1;
  }
}

void SplitSeparated(const TextBlock& block, std::string_view separator, BlockDocuments* result) {
  const std::string_view bytes = block.bytes;
  uint64_t line = 1;
  for (size_t begin = 0; begin < bytes.size();) {
    const void* found =
        memmem(bytes.data() + begin, bytes.size() - begin, separator.data(), separator.size());
    const size_t end =
        found == nullptr ? bytes.size() : static_cast<size_t>(static_cast<const char*>(found) - bytes.data());
    const size_t next = std::min(end + separator.size(), bytes.size());
    result->documents.push_back(
        {bytes.substr(begin, end - begin), result->documents.size(), line, block.byte_begin + begin});
    line += CountLineFeeds(bytes.substr(begin, next - begin));
    begin = next;
  }
  result->n_lines = line - 1;
}

// Bounds of the second byte by the first (Unicode 16, table 3-7); all others are 80..BF.
bool IsSecondByte(unsigned char first, unsigned char second) {
  const unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  return second >= low && second <= high;
}

// Where a line stops being UTF-8; its size if it does not. simdjson checks but does not say where.
size_t FirstBadByte(std::string_view line) {
  const auto byte = [line](size_t i) { return static_cast<unsigned char>(line[i]); };
  for (size_t i = 0; i < line.size();) {
    const unsigned char b = byte(i);
    if (b >= 0x80 && (b < 0xC2 || b > 0xF4)) return i;
    const size_t n = b < 0x80 ? 1 : b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
    if (n > line.size() - i || (n > 1 && !IsSecondByte(b, byte(i + 1)))) return i;
    for (size_t k = 2; k < n; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return i;
    }
    i += n;
  }
  return line.size();
}

absl::Status JsonError(const TextBlock& block, std::string_view line, std::string_view fact) {
  const auto begin = static_cast<size_t>(line.data() - block.bytes.data());
  const size_t bad = FirstBadByte(line);
  const std::string place = Concat("byte ", block.byte_begin + begin + (bad < line.size() ? bad : 0));
  if (bad < line.size()) {
    return MakeError(ErrorCode::kInvalidUtf8, place, "invalid UTF-8 in a JSON line",
                     "JSON is always UTF-8: repair the file");
  }
  return MakeError(ErrorCode::kBadInput, place, fact, "repair the line or name another field");
}

void SplitJsonLines(const TextBlock& block, std::string_view field, BlockDocuments* result) {
  // Texts land in one buffer, which moves while it grows: ends first, views last.
  std::vector<size_t> ends;
  JsonFieldExtractor extractor;
  std::string fact;
  std::string_view rest = block.bytes;
  while (!rest.empty()) {
    const size_t line_feed = rest.find('\n');
    std::string_view line = rest.substr(0, line_feed);
    rest.remove_prefix(line_feed == std::string_view::npos ? rest.size() : line_feed + 1);
    const auto begin = block.byte_begin + static_cast<uint64_t>(line.data() - block.bytes.data());
    if (begin == 0 && line.substr(0, kByteOrderMark.size()) == kByteOrderMark)
      line.remove_prefix(kByteOrderMark.size());
    const uint64_t number = result->n_lines + 1;
    result->n_lines += line_feed == std::string_view::npos ? 0 : 1;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (!extractor.AppendField(line, field, &result->unescaped, &fact)) {
      result->error = JsonError(block, line, fact);
      result->error_line = number;
      break;
    }
    ends.push_back(result->unescaped.size());
    result->documents.push_back({{}, result->documents.size(), number, begin});
  }
  for (size_t i = 0, begin = 0; i < ends.size(); begin = ends[i++]) {
    result->documents[i].text = std::string_view(result->unescaped).substr(begin, ends[i] - begin);
  }
}

}  // namespace

std::string InputName(const std::string& path) { return path == "-" ? "<stdin>" : path; }

void SplitBlock(const TextBlock& block, const DocumentSplit& split, BlockDocuments* result) {
  *result = BlockDocuments{};
  switch (split.kind) {
    case DocumentSplit::Kind::kFile:
      result->documents.push_back({block.bytes, 0, 1, block.byte_begin});
      break;  // lines are counted when an error asks for one
    case DocumentSplit::Kind::kLines: SplitLines(block, result); break;
    case DocumentSplit::Kind::kSeparator: SplitSeparated(block, split.argument, result); break;
    case DocumentSplit::Kind::kJsonl: SplitJsonLines(block, split.argument, result); break;
  }
}

}  // namespace tok
