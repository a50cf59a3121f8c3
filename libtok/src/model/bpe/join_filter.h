// model/bpe/join_filter.h: which neighbouring characters some token of a byte-level vocabulary holds side by side.
//
// Model: merging makes tokens only. Where no token has the two characters side by side, no merge ever crosses the place
// between them, so a piece may be cut there and its parts merged on their own: the ids are the same. In scripts without
// spaces most neighbours are like that, and a sentence falls into short parts that a cache knows.
// Covered are characters of three bytes (U+0800 to U+FFFF: Han, kana, Hangul, Thai, Devanagari, ...); between others the
// answer is always that they may join. Tokens that begin or end inside a character count for every character they fit.
// The answer may be a false yes, which only loses a cut, never a false no.
// Cost: MayJoin two bits; 72 KiB. Build: one pass over the vocabulary.
// Threads: immutable and shareable.
#ifndef TOK_SRC_MODEL_BPE_JOIN_FILTER_H_
#define TOK_SRC_MODEL_BPE_JOIN_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "tok/status.h"
#include "tok/vocabulary.h"

namespace tok {

class JoinFilter {
 public:
  static JoinFilter Build(const Vocabulary& vocabulary);
  // Borrows the words of a filter, which `owner` keeps alive. Errors: TOK-E020 if there are too few or too many.
  static absl::StatusOr<JoinFilter> FromStorage(std::span<const uint64_t> words,
                                                std::shared_ptr<const void> owner);
  std::span<const uint64_t> words() const { return words_; }

  // The next place behind `begin` where `piece` may be cut; piece.size() if there is none.
  size_t NextCut(std::string_view piece, size_t begin) const {
    const auto* p = reinterpret_cast<const unsigned char*>(piece.data());
    for (size_t i = begin + 3; i + 3 <= piece.size(); ++i) {
      if (IsLead(p[i]) && IsCharacter(p + i - 3) && IsCharacter(p + i) && !MayJoin(p + i)) return i;
    }
    return piece.size();
  }

 private:
  // Two sets of bits in one block. The first holds pairs of whole characters, by hash. The second holds pairs of which
  // a token has only a part of one or both, by the last byte before the place and the first two behind it.
  static constexpr size_t kPairBits = size_t{1} << 19, kPartBits = size_t{1} << 16;

  static bool IsLead(unsigned char byte) { return (byte & 0xF0) == 0xE0; }
  static bool IsContinuation(unsigned char byte) { return (byte & 0xC0) == 0x80; }
  static bool IsCharacter(const unsigned char* p) {
    return IsLead(p[0]) && IsContinuation(p[1]) && IsContinuation(p[2]);
  }
  // `p` is the place between two characters of three bytes.
  static size_t PairBit(const unsigned char* p) {
    const uint64_t left = uint64_t{p[-3]} << 16 | uint64_t{p[-2]} << 8 | p[-1];
    const uint64_t right = uint64_t{p[0]} << 16 | uint64_t{p[1]} << 8 | p[2];
    return static_cast<size_t>(((left << 24 | right) * 0x9E3779B97F4A7C15u) >> (64 - 19));
  }
  static size_t PartBit(unsigned char before, unsigned char lead, unsigned char second) {
    return kPairBits + (size_t{before & 0x3Fu} << 10 | size_t{lead & 0x0Fu} << 6 | (second & 0x3Fu));
  }
  bool Has(size_t bit) const { return (words_[bit / 64] >> (bit % 64) & 1) != 0; }
  bool MayJoin(const unsigned char* p) const { return Has(PairBit(p)) || Has(PartBit(p[-1], p[0], p[1])); }
  static void AddToken(std::string_view token, uint64_t* words);

  std::span<const uint64_t> words_;
  std::shared_ptr<const void> owner_;
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_JOIN_FILTER_H_
