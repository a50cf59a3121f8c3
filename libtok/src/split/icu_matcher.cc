#include "src/split/icu_matcher.h"

#include <unicode/uregex.h>
#include <unicode/utypes.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/split/regex_printer.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// ICU counts its time limit in ticks of 10,000 backtracking steps.
constexpr size_t kBaseTicks = 200, kBytesPerTick = 100, kMaxTicks = 1 << 30;
constexpr size_t kBaseStackBytes = 8 << 20, kStackBytesPerUnit = 64, kMaxStackBytes = 1 << 30;
constexpr size_t kMaxUnits = 0x7FFFFFF0;

struct CloseExpression {
  void operator()(URegularExpression* expression) const { uregex_close(expression); }
};
using ExpressionPtr = std::unique_ptr<URegularExpression, CloseExpression>;

// UTF-16 with the byte offset of every unit; the stand-in rules of regex_printer.h for invalid bytes.
struct Utf16Text {
  std::u16string units;
  std::vector<size_t>
      byte_of_unit;  // units.size() + 1; empty if all of the text is ASCII: then the offsets are equal
  bool has_invalid = false;

  explicit Utf16Text(std::string_view text) {
    if (IsAscii(text)) {
      units.assign(text.begin(), text.end());
      return;
    }
    has_invalid = FindInvalidUtf8(text) != std::string_view::npos;
    units.reserve(text.size());
    byte_of_unit.reserve(text.size() + 1);
    for (size_t i = 0; i < text.size();) {
      const DecodedChar decoded = DecodeUtf8(text, i);
      char32_t c = decoded.code_point;
      if (c == kInvalidByteStandIn && has_invalid) c = kStandInReplacement;
      if (c == kInvalidByte) c = kInvalidByteStandIn;
      byte_of_unit.push_back(i);
      if (c < 0x10000) {
        units.push_back(static_cast<char16_t>(c));
      } else {
        units.push_back(static_cast<char16_t>(0xD7C0 + (c >> 10)));
        units.push_back(static_cast<char16_t>(0xDC00 | (c & 0x3FF)));
        byte_of_unit.push_back(i);
      }
      i += decoded.n_bytes;
    }
    byte_of_unit.push_back(text.size());
  }

  size_t ByteOf(size_t unit) const { return byte_of_unit.empty() ? unit : byte_of_unit[unit]; }
  size_t UnitOf(size_t byte) const {
    if (byte_of_unit.empty()) return byte;
    return static_cast<size_t>(std::lower_bound(byte_of_unit.begin(), byte_of_unit.end(), byte) -
                               byte_of_unit.begin());
  }
};

absl::Status RunError(UErrorCode code, size_t byte) {
  if (code == U_REGEX_TIME_OUT || code == U_REGEX_STACK_OVERFLOW) {
    return MakeError(ErrorCode::kPatternLimit, Concat("byte ", byte),
                     code == U_REGEX_TIME_OUT
                         ? "the pre-tokenizer's regular expression backtracks too much on this text"
                         : "the pre-tokenizer's regular expression needs too much stack",
                     "split the text, or simplify the pattern");
  }
  return MakeError(ErrorCode::kInternal, Concat("byte ", byte), Concat("ICU regex: ", u_errorName(code)));
}

absl::StatusOr<ExpressionPtr> Compile(const std::string& printed) {
  const std::u16string pattern(printed.begin(), printed.end());  // the printer writes ASCII
  UErrorCode code = U_ZERO_ERROR;
  ExpressionPtr expression(
      uregex_open(pattern.data(), static_cast<int32_t>(pattern.size()), 0, nullptr, &code));
  if (code == U_REGEX_LOOK_BEHIND_LIMIT) {
    return MakeError(ErrorCode::kUnsupportedFeature, "pattern", "look-behind without a limit to its length");
  }
  if (U_FAILURE(code)) {
    return MakeError(ErrorCode::kBadPattern, "pattern", Concat("cannot be compiled: ", u_errorName(code)));
  }
  return expression;
}

class IcuMatcher final : public PatternMatcher {
 public:
  // `for_stand_ins` may be null: then `expression` serves both.
  IcuMatcher(ExpressionPtr expression, ExpressionPtr for_stand_ins)
      : expression_(std::move(expression)), for_stand_ins_(std::move(for_stand_ins)) {}

  absl::Status FindInPieces(std::string_view text, std::span<const MatchRange> pieces,
                            std::vector<MatchRange>* matches, std::vector<size_t>* ends) const override {
    matches->clear();
    ends->clear();
    if (text.size() > kMaxUnits) return MakeError(ErrorCode::kLimit, "text", "longer than 2 GiB");
    const Utf16Text utf16(text);
    UErrorCode code = U_ZERO_ERROR;
    const bool stand_ins = utf16.has_invalid && for_stand_ins_ != nullptr;
    const ExpressionPtr expression(uregex_clone((stand_ins ? for_stand_ins_ : expression_).get(), &code));
    if (U_FAILURE(code)) return RunError(code, 0);
    uregex_setStackLimit(expression.get(),
                         static_cast<int32_t>(std::min(
                             kMaxStackBytes, kBaseStackBytes + kStackBytesPerUnit * utf16.units.size())),
                         &code);
    for (const MatchRange& piece : pieces) {
      TOK_RETURN_IF_ERROR(FindInPiece(expression.get(), utf16, piece, matches));
      ends->push_back(matches->size());
    }
    return absl::OkStatus();
  }
  std::string Name() const override { return "icu"; }

 private:
  static absl::Status FindInPiece(URegularExpression* expression, const Utf16Text& utf16,
                                  const MatchRange& piece, std::vector<MatchRange>* matches) {
    UErrorCode code = U_ZERO_ERROR;
    const size_t ticks = std::min(kMaxTicks, kBaseTicks + (piece.end - piece.begin) / kBytesPerTick);
    uregex_setTimeLimit(expression, static_cast<int32_t>(ticks), &code);
    // A text of its own rather than a region of the whole: ICU's look-behind sees past the start of a region.
    const size_t first = utf16.UnitOf(piece.begin);
    uregex_setText(expression, utf16.units.data() + first,
                   static_cast<int32_t>(utf16.UnitOf(piece.end) - first), &code);
    size_t last_end = std::string_view::npos;
    while (uregex_findNext(expression, &code) && U_SUCCESS(code)) {
      const auto begin = static_cast<size_t>(uregex_start(expression, 0, &code)) + first;
      const auto end = static_cast<size_t>(uregex_end(expression, 0, &code)) + first;
      // ICU finds an empty match right after another match and goes on behind it; the peers do not count it.
      if (begin == end && end == last_end) continue;
      last_end = end;
      matches->push_back({utf16.ByteOf(begin), utf16.ByteOf(end)});
    }
    return U_FAILURE(code) ? RunError(code, matches->empty() ? piece.begin : matches->back().end)
                           : absl::OkStatus();
  }

  ExpressionPtr expression_, for_stand_ins_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const PatternMatcher>> MakeIcuMatcher(const Regex& regex) {
  TOK_ASSIGN_OR_RETURN(const std::string printed,
                       PrintRegex(regex.root, regex.word, RegexEngine::kIcu, InvalidBytes::kAbsent));
  TOK_ASSIGN_OR_RETURN(const std::string printed_for_stand_ins,
                       PrintRegex(regex.root, regex.word, RegexEngine::kIcu, InvalidBytes::kStandIns));
  TOK_ASSIGN_OR_RETURN(ExpressionPtr expression, Compile(printed));
  ExpressionPtr for_stand_ins;
  if (printed_for_stand_ins != printed) {
    TOK_ASSIGN_OR_RETURN(for_stand_ins, Compile(printed_for_stand_ins));
  }
  return std::make_shared<const IcuMatcher>(std::move(expression), std::move(for_stand_ins));
}

}  // namespace tok
