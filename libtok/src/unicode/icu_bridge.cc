#include "src/unicode/icu_bridge.h"

#include <unicode/ubrk.h>
#include <unicode/utext.h>

#include <algorithm>
#include <memory>

#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr size_t kStretch = size_t{1} << 20;

struct CloseBreaker {
  void operator()(UBreakIterator* breaker) const { ubrk_close(breaker); }
};
using BreakerPtr = std::unique_ptr<UBreakIterator, CloseBreaker>;

struct CloseText {
  void operator()(UText* text) const { utext_close(text); }
};

absl::Status IcuError(UErrorCode error) {
  return MakeError(ErrorCode::kInternal, "word boundaries", std::string("ICU reports ") + u_errorName(error),
                   "check that ICU's data is installed");
}

size_t StretchEnd(std::string_view text, size_t begin) {
  if (text.size() - begin <= kStretch) return text.size();
  const size_t line_end = text.substr(begin, kStretch).rfind('\n');
  if (line_end != std::string_view::npos) return begin + line_end + 1;
  size_t end = begin + kStretch;
  for (int i = 0; i < 3 && (text[end] & 0xC0) == 0x80; ++i) --end;
  return end;
}

bool HoldsLetterOrNumber(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const DecodedChar c = DecodeUtf8(text, i);
    if (HasCategory(c.code_point, kLetterCategories | kNumberCategories)) return true;
    i += c.n_bytes;
  }
  return false;
}

}  // namespace

absl::Status AppendWords(std::string_view text, std::vector<Span>* words) {
  thread_local BreakerPtr breaker;
  UErrorCode error = U_ZERO_ERROR;
  if (breaker == nullptr) {
    breaker.reset(ubrk_open(UBRK_WORD, "", nullptr, 0, &error));
    if (U_FAILURE(error)) {
      breaker.reset();
      return IcuError(error);
    }
  }
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = StretchEnd(text, begin);
    const std::string_view stretch = text.substr(begin, end - begin);
    const std::unique_ptr<UText, CloseText> view(
        utext_openUTF8(nullptr, stretch.data(), static_cast<int64_t>(stretch.size()), &error));
    if (U_SUCCESS(error)) ubrk_setUText(breaker.get(), view.get(), &error);
    if (U_FAILURE(error)) return IcuError(error);
    auto from = static_cast<size_t>(ubrk_first(breaker.get()));
    for (int32_t next; (next = ubrk_next(breaker.get())) != UBRK_DONE; from = static_cast<size_t>(next)) {
      const auto to = static_cast<size_t>(next);
      if (HoldsLetterOrNumber(stretch.substr(from, to - from))) words->push_back({begin + from, begin + to});
    }
    begin = end;
  }
  return absl::OkStatus();
}

}  // namespace tok
