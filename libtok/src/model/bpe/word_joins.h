// model/bpe/word_joins.h: between which words some token of a byte-level vocabulary reaches across the blank.
//
// Model: of vocabularies with superwords (SuperBPE), pieces are as long as lines, and no cache meets one twice. A place
// before a blank that follows no blank may be cut if no token holds both what is left and what is right of it: merging makes
// tokens only, so none crosses. Asked about are up to four bytes on the left and five on the right, by how many of them a
// token has itself; the classes that occur at all for the two letters next to the blank come first, then a hash of the bytes.
// The answer may be a false "joins", which only loses a cut. In a vocabulary without superwords every such place is a cut.
// Cost: some 5 to 20 ns a word. Memory: none without superwords, else 256 KiB. Build: one pass over the vocabulary.
// Threads: immutable and shareable.
#ifndef TOK_SRC_MODEL_BPE_WORD_JOINS_H_
#define TOK_SRC_MODEL_BPE_WORD_JOINS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tok/vocabulary.h"

namespace tok {

class WordJoins {
 public:
  static WordJoins Build(const Vocabulary& vocabulary);

  bool has_superwords() const { return !strings_.empty(); }
  // Whether a part of a longer piece, cut by NextCuts, may have these bytes: it begins with a blank or what follows it does.
  static bool MayBePart(std::string_view bytes) { return bytes.back() != ' '; }
  // Writes the next places behind `begin` where `piece` may be cut, as many as `cuts` holds. Returns how many; fewer are the
  // last ones.
  size_t NextCuts(std::string_view piece, size_t begin, std::span<size_t> cuts) const;

 private:
  // How many bytes of a token are looked at: the largest of these that it has. On the right the blank is the first.
  static constexpr std::array<size_t, 3> kLeft = {1, 2, 4};
  static constexpr std::array<size_t, 4> kRight = {1, 2, 3, 5};
  static constexpr unsigned kLogStrings = 20;

  static bool IsPlace(std::string_view text, size_t place) {
    return text[place] == ' ' && text[place - 1] != ' ';
  }
  static size_t ClassOf(size_t left, size_t right) { return left * kRight.size() + right; }
  static size_t NextTo(char left, char right) {
    return static_cast<size_t>(static_cast<unsigned char>(left)) << 8 | static_cast<unsigned char>(right);
  }
  // Of the bytes of one side; the sum of both sides is hashed.
  static uint64_t LeftKey(std::string_view piece, size_t place, size_t n_bytes);
  static uint64_t RightKey(std::string_view piece, size_t place, size_t n_bytes);
  static size_t StringBit(uint64_t keys, size_t string_class);
  void Add(std::string_view token, size_t place);
  bool MayJoin(std::string_view piece, size_t place) const;

  std::vector<uint16_t> classes_;  // by the bytes next to the blank: which classes occur
  std::vector<uint64_t> strings_;  // bits
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_WORD_JOINS_H_
