#include "src/model/bpe/join_filter.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace tok {
namespace {

constexpr size_t kBitsPerWord = 64;
constexpr unsigned kContinuations = 64;  // how many bytes may continue a character

void Set(uint64_t* words, size_t bit, uint64_t bits = 1) {
  words[bit / kBitsPerWord] |= bits << (bit % kBitsPerWord);
}

bool Continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }
bool BeginsThree(char byte) { return (static_cast<unsigned char>(byte) & 0xF0) == 0xE0; }
// Whether a character of three bytes may begin before these bytes and end with them.
bool IsEndOfCharacter(std::string_view bytes) {
  return bytes.size() < 3 && std::all_of(bytes.begin(), bytes.end(), Continues);
}
// Whether one may begin with these bytes and end behind them.
bool IsBeginOfCharacter(std::string_view bytes) {
  return bytes.size() < 3 && BeginsThree(bytes[0]) && std::all_of(bytes.begin() + 1, bytes.end(), Continues);
}

}  // namespace

// A pair of whole characters of a token, which meet at `place`.
void JoinFilter::AddPair(std::string_view token, size_t place, uint64_t* words) {
  const auto* t = reinterpret_cast<const unsigned char*>(token.data());
  const uint32_t left = ThreeBytes(t + place - 3), right = ThreeBytes(t + place);
  Set(words, PairBit(left, right));
  const std::string_view head = token.substr(0, place - 3), tail = token.substr(place + 3);
  const uint32_t before = FirstOf(head.substr(head.size() - std::min<size_t>(head.size(), 3)));
  const uint32_t behind = FirstOf(tail);
  const bool fits_any =
      (!head.empty() && IsEndOfCharacter(head)) || (!tail.empty() && IsBeginOfCharacter(tail));
  if (fits_any || (head.empty() && tail.empty())) {
    Set(words, StringBit(kNothing, left, right), kIsToken);
  } else if (head.empty()) {
    Set(words, StringBit(left, right, behind), kBeginsToken);
  } else if (tail.empty()) {
    Set(words, StringBit(before, left, right), kEndsToken);
  } else {
    Set(words, StringBit(before, left, right), kInsideToken);
    Set(words, StringBit(left, right, behind), kInsideToken);
  }
}

// Places inside the token that have a character of three bytes behind them, or a beginning of one, and one before them, or
// an end of one. (Any other neighbour makes a pair that NextCuts does not ask about.)
void JoinFilter::AddToken(std::string_view token, uint64_t* words) {
  const auto* t = reinterpret_cast<const unsigned char*>(token.data());
  const size_t n = token.size();
  for (size_t i = 1; i < n; ++i) {
    if (!BeginsThree(token[i]) || !Continues(token[i - 1])) continue;
    const bool whole_left = i >= 3 && IsCharacter(ThreeBytes(t + i - 3));
    const bool end_of_left = i == 1 || (i == 2 && Continues(token[0]));
    if (!whole_left && !end_of_left) continue;
    const uint32_t left = whole_left ? ThreeBytes(t + i - 3) : uint32_t{t[i - 1]} << 16;
    const bool whole_right = i + 3 <= n && IsCharacter(ThreeBytes(t + i));
    if (whole_left && whole_right) {
      AddPair(token, i, words);
    } else if (whole_right || (i + 2 == n && Continues(token[i + 1]))) {
      Set(words, PartBit(left, uint32_t{t[i]} | uint32_t{t[i + 1]} << 8));
    } else if (i + 1 == n) {
      for (uint32_t second = 0; second < kContinuations; ++second) {
        Set(words, PartBit(left, uint32_t{t[i]} | second << 8));
      }
    }
  }
}

size_t JoinFilter::FinishCuts(std::string_view piece, size_t i, uint32_t left, size_t base, size_t n,
                              std::span<size_t> cuts) const {
  const auto* p = reinterpret_cast<const unsigned char*>(piece.data());
  while (i + 3 <= piece.size() && n < cuts.size()) {
    const uint32_t right = i + 4 <= piece.size() ? FourBytes(p + i) & 0xFFFFFF : ThreeBytes(p + i);
    if (!IsCharacter(right)) {
      left = 0;
      ++i;
      continue;
    }
    cuts[n] = base + i;  // one in three is a cut: nobody could guess which
    n += static_cast<size_t>(left != 0) & static_cast<size_t>(!MayJoin(left, right));
    left = right;
    i += 3;
  }
  return n;
}

size_t JoinFilter::NextCutsScalar(const JoinFilter& joins, std::string_view piece, size_t /*readable*/,
                                  size_t begin, size_t base, std::span<size_t> cuts) {
  return joins.FinishCuts(piece, begin, 0, base, 0, cuts);
}

JoinFilter::NextCutsFunction* JoinFilter::NextCutsOf(InstructionSet set) {
#if defined(__x86_64__)
  if (set == InstructionSet::kAvx2 || set == InstructionSet::kAvx512) return &NextCutsAvx2;
#endif
  return &NextCutsScalar;
}

size_t JoinFilter::NextFineCuts(std::string_view piece, size_t begin, size_t base,
                                std::span<size_t> cuts) const {
  uint32_t a = kNothing, b = kNothing;
  uint64_t xab = 0;
  size_t n = 0, place = begin;
  for (size_t i = begin; n < cuts.size();) {
    const uint32_t y = FirstOf(piece.substr(i));
    const uint64_t aby = IsCharacter(b) && a != kNothing && y != kNothing ? String(a, b, y) : 0;
    if (IsCharacter(a) && IsCharacter(b)) {
      // No branch: what is asked next does not wait for it.
      const unsigned may_join = static_cast<unsigned>(IsJoined(String(kNothing, a, b), xab, aby)) |
                                static_cast<unsigned>(Has(PartBit(a, b)));
      cuts[n] = base + place;
      n += static_cast<size_t>(may_join == 0);
    }
    if (y == kNothing) break;
    place = i;
    i += y == kOther ? 1 : 3;
    a = b;
    b = y;
    xab = aby;
  }
  return n;
}

JoinFilter JoinFilter::Build(const Vocabulary& vocabulary) {
  auto words = std::make_shared<std::vector<uint64_t>>(kBits / kBitsPerWord);
  for (TokenId id = 0; id < vocabulary.size(); ++id) AddToken(vocabulary.Bytes(id), words->data());
  JoinFilter filter;
  filter.words_ = *words;
  filter.owner_ = std::move(words);
  return filter;
}

absl::StatusOr<JoinFilter> JoinFilter::FromStorage(std::span<const uint64_t> words,
                                                   std::shared_ptr<const void> owner) {
  if (words.size() != kBits / kBitsPerWord) {
    return MakeError(ErrorCode::kBadFormat, "join filter", "has the wrong size");
  }
  JoinFilter filter;
  filter.words_ = words;
  filter.owner_ = std::move(owner);
  return filter;
}

}  // namespace tok
