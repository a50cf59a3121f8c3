#include "src/model/bpe/byte_joins.h"

#include <cstdint>
#include <string>
#include <vector>

#include "src/unicode/utf8.h"

namespace tok {
namespace {

bool IsLetter(unsigned byte) { return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'; }
bool IsContinuation(unsigned byte) { return (byte & 0xC0) == 0x80; }

// How a token begins and ends: a byte, kBlank, or kNothing of an empty token.
struct Edges {
  uint16_t first, last;
};
constexpr uint16_t kBlank = 256, kNothing = 257, kEdges = 258;

Edges EdgesOf(std::string_view token, std::string_view blank) {
  if (token.empty()) return {kNothing, kNothing};
  Edges edges = {static_cast<uint8_t>(token.front()), static_cast<uint8_t>(token.back())};
  if (token.front() == blank.front() && token.starts_with(blank)) edges.first = kBlank;
  if (token.back() == blank.back() && token.ends_with(blank)) edges.last = kBlank;
  return edges;
}

}  // namespace

ByteJoins ByteJoins::Build(const MergeTable& merges, const Vocabulary& vocabulary,
                           std::span<const char32_t> untold, std::string_view blank) {
  std::vector<Edges> edges;
  edges.reserve(vocabulary.size() + untold.size());
  for (TokenId id = 0; id < vocabulary.size(); ++id) edges.push_back(EdgesOf(vocabulary.Bytes(id), blank));
  for (const char32_t c : untold) {
    std::string bytes;
    AppendUtf8(c, &bytes);
    edges.push_back(EdgesOf(bytes, blank));
  }
  std::vector<uint8_t> met(size_t{kEdges} * kEdges);
  for (const MergeRule& rule : merges.slots()) {
    if (rule.left != kNoToken) met[size_t{edges[rule.left].last} * kEdges + edges[rule.right].first] = 1;
  }
  // In the text a blank may be one, or spelled as the normalizer would.
  const auto bytes_of = [](uint16_t edge, char spelled) -> std::array<unsigned char, 2> {
    if (edge == kBlank) return {' ', static_cast<unsigned char>(spelled)};
    return {static_cast<unsigned char>(edge), static_cast<unsigned char>(edge)};
  };
  ByteJoins joins;
  for (uint16_t left = 0; left < kNothing; ++left) {
    for (uint16_t right = 0; right < kNothing; ++right) {
      if (met[size_t{left} * kEdges + right] == 0) continue;
      for (const unsigned char l : bytes_of(left, blank.back())) {
        for (const unsigned char r : bytes_of(right, blank.front())) joins.right_of_[l][r] = true;
      }
    }
  }
  return joins;
}

CutPairs ByteJoins::Cuts() const {
  // By which sets the bytes of a rectangle are chosen decides only how many cuts are found.
  const auto joins_any_letter = [&](unsigned byte, bool letter_is_left) {
    for (unsigned letter = 0; letter < 0x80; ++letter) {
      if (IsLetter(letter) && (letter_is_left ? right_of_[letter][byte] : right_of_[byte][letter]))
        return true;
    }
    return false;
  };
  std::array<Bytes, CutPairs::kMaxRectangles> left, right;
  right[0][' '] = true;
  for (unsigned byte = 0; byte < 0x80; ++byte) {
    if (byte == ' ') continue;
    right[1][byte] = !IsLetter(byte) && !joins_any_letter(byte, /*letter_is_left=*/true);
    left[2][byte] = !IsLetter(byte) && !joins_any_letter(byte, /*letter_is_left=*/false);
  }
  for (unsigned byte = 0; byte < 256; ++byte) {
    for (const unsigned k : {0u, 1u}) left[k][byte] = (right_of_[byte] & right[k]).none();
    Bytes left_of;
    for (unsigned other = 0; other < 256; ++other) left_of[other] = right_of_[other][byte];
    right[2][byte] = !IsContinuation(byte) && (left_of & left[2]).none();
  }
  CutPairs pairs;
  for (unsigned byte = 0; byte < 256; ++byte) {
    for (unsigned k = 0; k < CutPairs::kMaxRectangles; ++k) {
      pairs.left[byte] = static_cast<uint8_t>(pairs.left[byte] | left[k][byte] << k);
      pairs.right[byte] = static_cast<uint8_t>(pairs.right[byte] | right[k][byte] << k);
    }
  }
  return pairs;
}

}  // namespace tok
