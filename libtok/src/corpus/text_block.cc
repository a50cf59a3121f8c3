#include "src/corpus/text_block.h"

#include <algorithm>
#include <cstring>

#include "src/base/strings.h"
#include "src/corpus/json_field.h"
#include "src/corpus/json_repair.h"

namespace tok {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

uint64_t CountLineFeeds(std::string_view text) {
  return static_cast<uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

void SplitLines(const TextBlock& block, bool keeps_line_feed, BlockDocuments* result) {
  const std::string_view bytes = block.bytes;
  for (size_t begin = 0; begin < bytes.size();) {
    const size_t line_feed = bytes.find('\n', begin);
    const size_t end = std::min(line_feed, bytes.size());
    const uint64_t index = result->documents.size();
    result->documents.push_back(
        {bytes.substr(begin, end - begin + (keeps_line_feed && end < bytes.size() ? 1 : 0)), index, index + 1,
         block.byte_begin + begin});
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

// What keeps the strings of a line from being Unicode, and where; its size if nothing does. simdjson checks but does not
// say where.
size_t FirstBadByte(std::string_view line) {
  for (size_t i = 0; i < line.size();) {
    const size_t n_bytes = Utf8CharLength(line, i);
    if (n_bytes == 0) return i;
    i += n_bytes;
  }
  return line.size();
}

absl::Status JsonError(const TextBlock& block, std::string_view line, Utf8Policy policy,
                       std::string_view fact) {
  const auto begin = static_cast<size_t>(line.data() - block.bytes.data());
  const auto place = [&](size_t byte) { return Concat("byte ", block.byte_begin + begin + byte); };
  constexpr std::string_view kRemedy = "repair the file or choose the UTF-8 policy replace or bytes";
  const bool is_strict = policy == Utf8Policy::kError;
  if (const size_t bad = FirstBadByte(line); is_strict && bad < line.size()) {
    return MakeError(ErrorCode::kInvalidUtf8, place(bad), "invalid UTF-8 in a JSON line", kRemedy);
  }
  if (const size_t bad = FindLoneSurrogate(line); is_strict && bad != std::string_view::npos) {
    return MakeError(ErrorCode::kInvalidUtf8, place(bad),
                     Concat(line.substr(bad, 6), " is half of a surrogate pair"), kRemedy);
  }
  return MakeError(ErrorCode::kBadInput, place(0), fact, "repair the line or name another field");
}

// Texts land in one buffer, which moves while it grows: ends first, views last.
void ViewUnescaped(const std::vector<size_t>& ends, BlockDocuments* result) {
  for (size_t i = 0, begin = 0; i < ends.size(); begin = ends[i++]) {
    result->documents[i].text = std::string_view(result->unescaped).substr(begin, ends[i] - begin);
  }
}

void SplitJsonLines(const TextBlock& block, std::string_view field, Utf8Policy policy,
                    BlockDocuments* result) {
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
    if (!extractor.AppendField(line, field, policy, &result->unescaped, &fact)) {
      result->error = JsonError(block, line, policy, fact);
      result->error_line = number;
      break;
    }
    ends.push_back(result->unescaped.size());
    result->documents.push_back({{}, result->documents.size(), number, begin});
  }
  ViewUnescaped(ends, result);
}

void SplitFasta(const TextBlock& block, BlockDocuments* result) {
  std::vector<size_t> ends;
  std::string_view rest = block.bytes;
  result->unescaped.reserve(rest.size());
  bool is_first = true;
  while (!rest.empty()) {
    const size_t line_feed = rest.find('\n');
    std::string_view line = rest.substr(0, line_feed);
    rest.remove_prefix(line_feed == std::string_view::npos ? rest.size() : line_feed + 1);
    const auto begin = static_cast<uint64_t>(line.data() - block.bytes.data());
    const bool is_header = line.starts_with('>');
    if (is_header || is_first) {
      if (!is_first) ends.push_back(result->unescaped.size());
      result->documents.push_back(
          {{}, result->documents.size(), result->n_lines + 1, block.byte_begin + begin});
      is_first = false;
    }
    result->n_lines += line_feed == std::string_view::npos ? 0 : 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!is_header) result->unescaped += line;
  }
  if (!is_first) ends.push_back(result->unescaped.size());
  ViewUnescaped(ends, result);
}

}  // namespace

std::string InputName(const std::string& path) { return path == "-" ? "<stdin>" : path; }

void SplitBlock(const TextBlock& block, const DocumentSplit& split, Utf8Policy utf8, BlockDocuments* result) {
  *result = BlockDocuments{};
  switch (split.kind) {
    case DocumentSplit::Kind::kFile:
      result->documents.push_back({block.bytes, 0, 1, block.byte_begin});
      break;  // lines are counted when an error asks for one
    case DocumentSplit::Kind::kLines: SplitLines(block, /*keeps_line_feed=*/false, result); break;
    case DocumentSplit::Kind::kLinesLf: SplitLines(block, /*keeps_line_feed=*/true, result); break;
    case DocumentSplit::Kind::kSeparator: SplitSeparated(block, split.argument, result); break;
    case DocumentSplit::Kind::kFasta: SplitFasta(block, result); break;
    case DocumentSplit::Kind::kJsonl: SplitJsonLines(block, split.argument, utf8, result); break;
  }
}

}  // namespace tok
