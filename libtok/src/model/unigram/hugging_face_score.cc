#include "src/model/unigram/hugging_face_score.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace tok {
namespace {

constexpr int kMaxPower = 308;  // of ten in a double

// The nearest double to 10^exponent; std::pow promises less.
double PowerOfTen(int exponent) {
  char text[8] = "1e";
  const char* end = std::to_chars(text + 2, text + sizeof(text), exponent).ptr;
  double power = 0;
  std::from_chars(text, end, power);
  return power;
}

}  // namespace

double HuggingFaceScore(double score) {
  char text[32] = {};  // ends in a NUL for std::atoi
  const char* end =
      std::to_chars(text, text + sizeof(text) - 1, std::fabs(score), std::chars_format::scientific).ptr;
  const std::string_view spelled(text, static_cast<size_t>(end - text));
  const size_t mark = spelled.find('e');
  uint64_t digits = 0;
  for (const char c : spelled.substr(0, mark)) {
    if (c != '.') digits = digits * 10 + static_cast<uint64_t>(c - '0');
  }
  const auto n_fraction = static_cast<int>(mark > 1 ? mark - 2 : 0);
  int exponent = std::atoi(text + mark + 1) - n_fraction;

  auto value = static_cast<double>(digits);
  for (; exponent < -kMaxPower; exponent += kMaxPower) value /= PowerOfTen(kMaxPower);
  if (exponent < 0) value /= PowerOfTen(-exponent);
  if (exponent > 0) value *= PowerOfTen(exponent);
  return std::copysign(value, score);
}

}  // namespace tok
