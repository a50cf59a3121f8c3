// model/bpe/join_filter.h: which neighbouring characters some token of a byte-level vocabulary holds side by side.
//
// Model: merging makes tokens only. Where no token has the two characters side by side, no merge ever crosses the place
// between them, so a piece may be cut there and its parts merged on their own: the ids are the same. In scripts without
// spaces most neighbours are like that, and a sentence falls into short parts that a cache knows.
// Covered are characters of three bytes (U+0800 to U+FFFF: Han, kana, Hangul, Thai, Devanagari, ...); between others the
// answer is always that they may join. Tokens that begin or end inside a character count for every character they fit.
// The answer may be a false yes, which only loses a cut, never a false no.
// Cost: two bits a pair of characters, without a branch on them; 72 KiB. Build: one pass over the vocabulary.
// Threads: immutable and shareable.
#ifndef TOK_SRC_MODEL_BPE_JOIN_FILTER_H_
#define TOK_SRC_MODEL_BPE_JOIN_FILTER_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
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

  // Whether a part of a longer piece, cut by NextCuts, may have these bytes: one of its ends is a character of three.
  static bool MayBePart(std::string_view bytes) {
    const auto* p = reinterpret_cast<const unsigned char*>(bytes.data());
    return bytes.size() >= 3 && (IsCharacter(ThreeBytes(p)) || IsCharacter(ThreeBytes(p + bytes.size() - 3)));
  }

  // Writes the next places behind `begin` (0 or a place that this wrote) where `piece` may be cut, `base` added to each: as
  // many as `cuts` holds. Returns how many; fewer are the last ones, and what is behind them in `cuts` may be
  // overwritten.
  size_t NextCuts(std::string_view piece, size_t begin, size_t base, std::span<size_t> cuts) const {
    const auto* p = reinterpret_cast<const unsigned char*>(piece.data());
    uint32_t left = 0;  // the character that ends at i; 0 if it is no character of three bytes
    size_t n = 0;
    for (size_t i = begin; i + 3 <= piece.size() && n < cuts.size();) {
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

 private:
  // Two sets of bits in one block. The first holds pairs of whole characters, by hash. The second holds pairs of which
  // a token has only a part of one or both, by the last byte before the place and the first two behind it.
  static constexpr unsigned kLogPairBits = 19;
  static constexpr size_t kPairBits = size_t{1} << kLogPairBits, kPartBits = size_t{1} << 16;

  // Characters are numbers of their three bytes, the first one lowest.
  static uint32_t ThreeBytes(const unsigned char* p) {
    return uint32_t{p[0]} | uint32_t{p[1]} << 8 | uint32_t{p[2]} << 16;
  }
  static uint32_t FourBytes(const unsigned char* p) {
    uint32_t bytes;
    std::memcpy(&bytes, p, sizeof(bytes));
    return bytes;
  }
  static bool IsCharacter(uint32_t bytes) { return (bytes & 0xC0C0F0u) == 0x8080E0u; }
  static size_t PairBit(uint32_t left, uint32_t right) {
    return static_cast<size_t>(((uint64_t{left} << 24 | right) * 0x9E3779B97F4A7C15u) >> (64 - kLogPairBits));
  }
  static size_t PartBit(uint32_t left, uint32_t right) {
    return kPairBits + ((left >> 16 & 0x3F) << 10 | (right & 0x0F) << 6 | (right >> 8 & 0x3F));
  }
  bool Has(size_t bit) const { return (words_[bit / 64] >> (bit % 64) & 1) != 0; }
  bool MayJoin(uint32_t left, uint32_t right) const {
    return Has(PairBit(left, right)) | Has(PartBit(left, right));
  }
  static void AddToken(std::string_view token, uint64_t* words);

  std::span<const uint64_t> words_;
  std::shared_ptr<const void> owner_;
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_JOIN_FILTER_H_
