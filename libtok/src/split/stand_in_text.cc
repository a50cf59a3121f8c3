#include "src/split/stand_in_text.h"

#include <algorithm>

#include "src/split/regex_printer.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr size_t kGrowth = 3;  // bytes that a stand-in is longer than what it stands for

}  // namespace

StandInText::StandInText(std::string_view original) : original_(original) {
  const size_t first_invalid = FindInvalidUtf8(original);
  if (first_invalid == std::string_view::npos) return;
  replaced_.reserve(original.size() + original.size() / 8);
  for (size_t i = 0; i < original.size();) {
    const DecodedChar c = DecodeUtf8(original, i);
    if (c.code_point == kInvalidByte) {
      invalid_.push_back(i);
      AppendUtf8(kInvalidByteStandIn, &replaced_);
    } else if (c.code_point == kInvalidByteStandIn) {
      AppendUtf8(kStandInReplacement, &replaced_);
    } else {
      replaced_.append(original, i, c.n_bytes);
    }
    i += c.n_bytes;
  }
}

size_t StandInText::FromOriginal(size_t offset) const {
  const auto after = std::lower_bound(invalid_.begin(), invalid_.end(), offset);
  return offset + kGrowth * static_cast<size_t>(after - invalid_.begin());
}

size_t StandInText::ToOriginal(size_t offset) const {
  // How many invalid bytes are before: the first i whose stand-in begins at or after `offset`.
  size_t low = 0, high = invalid_.size();
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if (invalid_[middle] + kGrowth * middle < offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return offset - kGrowth * low;
}

}  // namespace tok
