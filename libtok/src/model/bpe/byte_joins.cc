#include "src/model/bpe/byte_joins.h"

#include <cstdint>
#include <vector>

namespace tok {
namespace {

bool IsLetter(unsigned byte) { return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'; }
bool IsContinuation(unsigned byte) { return (byte & 0xC0) == 0x80; }

// How a token begins and ends.
struct Edges {
  uint8_t first = 0, last = 0;
  bool is_empty = true, begins_blank = false, ends_blank = false;
};

std::vector<Edges> EdgesOf(const Vocabulary& vocabulary, std::string_view blank) {
  std::vector<Edges> edges(vocabulary.size());
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    const std::string_view token = vocabulary.Bytes(id);
    if (token.empty()) continue;
    edges[id] = {static_cast<uint8_t>(token.front()), static_cast<uint8_t>(token.back()), false,
                 token.starts_with(blank), token.ends_with(blank)};
  }
  return edges;
}

}  // namespace

ByteJoins ByteJoins::Build(const MergeTable& merges, const Vocabulary& vocabulary, std::string_view blank) {
  const std::vector<Edges> edges = EdgesOf(vocabulary, blank);
  ByteJoins joins;
  for (const MergeRule& rule : merges.slots()) {
    if (rule.left == kNoToken || edges[rule.left].is_empty || edges[rule.right].is_empty) continue;
    const Edges &left = edges[rule.left], &right = edges[rule.right];
    joins.right_of_[left.last][right.first] = true;
    if (left.ends_blank) joins.right_of_[' '][right.first] = true;
    if (right.begins_blank) joins.right_of_[left.last][' '] = true;
    if (left.ends_blank && right.begins_blank) joins.right_of_[' '][' '] = true;
  }
  return joins;
}

CutPairs ByteJoins::Cuts() const {
  // By which sets the bytes of a rectangle are chosen decides only how many cuts are found.
  const auto joins_any_letter = [&](unsigned byte, bool letter_is_left) {
    for (unsigned letter = 0; letter < 0x80; ++letter) {
      if (IsLetter(letter) && (letter_is_left ? right_of_[letter][byte] : right_of_[byte][letter])) return true;
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
