#include "src/model/bpe/word_joins.h"

#include <cstring>

namespace tok {
namespace {

uint64_t Load(const char* bytes, size_t n_bytes) {
  uint64_t value = 0;
  std::memcpy(&value, bytes, n_bytes);
  return value;
}

}  // namespace

uint64_t WordJoins::LeftKey(std::string_view piece, size_t place, size_t n_bytes) {
  return Load(piece.data() + place - n_bytes, n_bytes) * 0x9E3779B97F4A7C15u;
}

uint64_t WordJoins::RightKey(std::string_view piece, size_t place, size_t n_bytes) {
  return Load(piece.data() + place, n_bytes) * 0xD6E8FEB86659FD93u;
}

size_t WordJoins::StringBit(uint64_t keys, size_t string_class) {
  return (keys + string_class) * 0xA0761D6478BD642Fu >> (64 - kLogStrings);
}

void WordJoins::Add(std::string_view token, size_t place) {
  const auto largest = [](const auto& sizes, size_t room) {
    size_t i = sizes.size() - 1;
    while (sizes[i] > room) --i;
    return i;
  };
  const size_t left = largest(kLeft, place), right = largest(kRight, token.size() - place);
  const auto bit = static_cast<uint16_t>(1u << ClassOf(left, right));
  const char before = token[place - 1];
  if (kRight[right] > 1) {
    classes_[NextTo(before, token[place + 1])] |= bit;
  } else {
    for (unsigned behind = 0; behind < 256; ++behind) classes_[NextTo(before, static_cast<char>(behind))] |= bit;
  }
  const size_t string = StringBit(
      LeftKey(token, place, kLeft[left]) + RightKey(token, place, kRight[right]), ClassOf(left, right));
  strings_[string / 64] |= uint64_t{1} << (string % 64);
}

WordJoins WordJoins::Build(const Vocabulary& vocabulary) {
  WordJoins joins;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    const std::string_view token = vocabulary.Bytes(id);
    for (size_t place = token.find(' ', 1); place < token.size(); place = token.find(' ', place + 1)) {
      if (!IsPlace(token, place)) continue;
      if (joins.strings_.empty()) {
        joins.classes_.resize(size_t{1} << 16);
        joins.strings_.resize((size_t{1} << kLogStrings) / 64);
      }
      joins.Add(token, place);
    }
  }
  return joins;
}

bool WordJoins::MayJoin(std::string_view piece, size_t place) const {
  // Behind a blank that ends the piece there is nothing: the classes of whatever might come hold those of nothing.
  const char behind = place + 1 < piece.size() ? piece[place + 1] : '\0';
  unsigned classes = classes_[NextTo(piece[place - 1], behind)];
  for (; classes != 0; classes &= classes - 1) {
    const auto string_class = static_cast<size_t>(__builtin_ctz(classes));
    const size_t n_left = kLeft[string_class / kRight.size()], n_right = kRight[string_class % kRight.size()];
    if (n_left > place || n_right > piece.size() - place) continue;
    const size_t bit = StringBit(LeftKey(piece, place, n_left) + RightKey(piece, place, n_right), string_class);
    if ((strings_[bit / 64] >> (bit % 64) & 1) != 0) return true;
  }
  return false;
}

size_t WordJoins::NextCuts(std::string_view piece, size_t begin, std::span<size_t> cuts) const {
  size_t n = 0;
  for (size_t place = begin + 1; n < cuts.size() && place < piece.size(); ++place) {
    const void* const blank = std::memchr(piece.data() + place, ' ', piece.size() - place);
    if (blank == nullptr) break;
    place = static_cast<size_t>(static_cast<const char*>(blank) - piece.data());
    if (IsPlace(piece, place) && (!has_superwords() || !MayJoin(piece, place))) cuts[n++] = place;
  }
  return n;
}

}  // namespace tok
