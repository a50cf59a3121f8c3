#include "src/normalize/aligned_text.h"

#include <algorithm>
#include <utility>

#include "src/unicode/utf8.h"

namespace tok {

AlignedText AlignedText::From(std::string_view text, uint64_t begin, bool tracked) {
  AlignedText result;
  result.bytes.assign(text);
  result.tracked = tracked;
  result.front = begin;
  if (!tracked) return result;
  result.origin.resize(text.size());
  for (size_t i = 0; i < text.size();) {
    const size_t end = i + DecodeUtf8(text, i).n_bytes;  // an invalid byte is a character of its own
    std::fill(result.origin.begin() + i, result.origin.begin() + end, Span{begin + i, begin + end});
    i = end;
  }
  return result;
}

Span AlignedText::OriginOf(size_t begin, size_t end) const {
  if (origin.empty()) return Span{front, front};
  if (begin < end) return Span{origin[begin].begin, std::max(origin[begin].begin, origin[end - 1].end)};
  const uint64_t place = begin < origin.size() ? origin[begin].begin : origin.back().end;
  return Span{place, place};
}

AlignedText AlignedText::Slice(size_t begin, size_t end) const {
  AlignedText result;
  result.bytes = bytes.substr(begin, end - begin);
  result.tracked = tracked;
  result.front = front + begin;
  if (tracked) {
    result.origin.assign(origin.begin() + static_cast<std::ptrdiff_t>(begin),
                         origin.begin() + static_cast<std::ptrdiff_t>(end));
    result.front = OriginOf(begin, end).begin;
  }
  return result;
}

AlignedText RepairUtf8(const AlignedText& text) {
  TextRewriter rewriter(text);
  std::string_view rest = text.bytes;
  while (!rest.empty()) {
    const size_t n_valid = std::min(FindInvalidUtf8(rest), rest.size());
    rewriter.Keep(n_valid);
    rest.remove_prefix(n_valid);
    if (rest.empty()) break;
    const size_t n_invalid = InvalidPartLength(rest, 0);
    rewriter.Replace(n_invalid, "\xEF\xBF\xBD");
    rest.remove_prefix(n_invalid);
  }
  return rewriter.Finish();
}

TextRewriter::TextRewriter(const AlignedText& source) : source_(source) {
  result_.tracked = source.tracked;
  result_.front = source.front;
  result_.bytes.reserve(source.bytes.size() + 16);
  if (source.tracked) result_.origin.reserve(source.bytes.size() + 16);
}

void TextRewriter::Keep(size_t n_bytes) {
  result_.bytes.append(source_.bytes, position_, n_bytes);
  if (source_.tracked) {
    result_.origin.insert(result_.origin.end(), source_.origin.begin() + position_,
                          source_.origin.begin() + position_ + n_bytes);
  }
  position_ += n_bytes;
}

void TextRewriter::Drop(size_t n_bytes) {
  position_ += n_bytes;
  // Untracked text drops from its front byte for byte: steps that drop run before steps that change lengths there.
  if (result_.bytes.empty() && !source_.tracked) result_.front += n_bytes;
}

void TextRewriter::Replace(size_t n_bytes, std::string_view text) {
  result_.bytes.append(text);
  if (source_.tracked) {
    const Span span = source_.OriginOf(position_, position_ + n_bytes);
    result_.origin.insert(result_.origin.end(), text.size(), span);
  }
  position_ += n_bytes;
}

void TextRewriter::Take(size_t n_bytes, std::string_view text, size_t model) {
  if (text.empty()) return Drop(n_bytes);
  if (source_.tracked) {
    const Span span = model == kNoModel ? Span{source_.front, source_.front} : source_.origin[model];
    result_.origin.insert(result_.origin.end(), text.size(), span);
  } else if (result_.bytes.empty()) {
    result_.front = source_.front + (model == kNoModel ? 0 : model);
  }
  result_.bytes.append(text);
  position_ += n_bytes;
}

AlignedText TextRewriter::Finish() {
  Keep(source_.bytes.size() - position_);
  if (source_.tracked && !result_.origin.empty()) result_.front = result_.origin.front().begin;
  return std::move(result_);
}

}  // namespace tok
