#include "src/model/bpe/join_filter.h"

#include <utility>
#include <vector>

namespace tok {
namespace {

constexpr size_t kBitsPerWord = 64;
constexpr unsigned kContinuations = 64;  // how many bytes may continue a character

void Set(uint64_t* words, size_t bit) { words[bit / kBitsPerWord] |= uint64_t{1} << (bit % kBitsPerWord); }

}  // namespace

// Places inside the token that have a character of three bytes behind them, or a beginning of one, and one before them, or
// an end of one. (Any other neighbour makes a pair that NextCuts does not ask about.)
void JoinFilter::AddToken(std::string_view token, uint64_t* words) {
  const auto* t = reinterpret_cast<const unsigned char*>(token.data());
  const size_t n = token.size();
  const auto continues = [&](size_t i) { return (t[i] & 0xC0) == 0x80; };
  for (size_t i = 1; i < n; ++i) {
    if ((t[i] & 0xF0) != 0xE0 || !continues(i - 1)) continue;
    const bool whole_left = i >= 3 && IsCharacter(ThreeBytes(t + i - 3));
    const bool end_of_left = i == 1 || (i == 2 && continues(0));
    if (!whole_left && !end_of_left) continue;
    const uint32_t left = whole_left ? ThreeBytes(t + i - 3) : uint32_t{t[i - 1]} << 16;
    const bool whole_right = i + 3 <= n && IsCharacter(ThreeBytes(t + i));
    if (whole_left && whole_right) {
      Set(words, PairBit(left, ThreeBytes(t + i)));
    } else if (whole_right || (i + 2 == n && continues(i + 1))) {
      Set(words, PartBit(left, uint32_t{t[i]} | uint32_t{t[i + 1]} << 8));
    } else if (i + 1 == n) {
      for (uint32_t second = 0; second < kContinuations; ++second) {
        Set(words, PartBit(left, uint32_t{t[i]} | second << 8));
      }
    }
  }
}

JoinFilter JoinFilter::Build(const Vocabulary& vocabulary) {
  auto words = std::make_shared<std::vector<uint64_t>>((kPairBits + kPartBits) / kBitsPerWord);
  for (TokenId id = 0; id < vocabulary.size(); ++id) AddToken(vocabulary.Bytes(id), words->data());
  JoinFilter filter;
  filter.words_ = *words;
  filter.owner_ = std::move(words);
  return filter;
}

absl::StatusOr<JoinFilter> JoinFilter::FromStorage(std::span<const uint64_t> words,
                                                   std::shared_ptr<const void> owner) {
  if (words.size() != (kPairBits + kPartBits) / kBitsPerWord) {
    return MakeError(ErrorCode::kBadFormat, "join filter", "has the wrong size");
  }
  JoinFilter filter;
  filter.words_ = words;
  filter.owner_ = std::move(owner);
  return filter;
}

}  // namespace tok
