// model/bpe/join_layout.h: where a JoinFilter has the bits of a pair or a string of characters; a GPU reads the same words.
//
// Model: three sets in one block of bits. The first holds pairs of whole characters, by hash. The second holds pairs of which
// a token has only a part of one or both, by the last byte before the place and the first two behind it. The third says
// of strings of two or three characters how they lie in tokens: four bits, by hash.
// Characters are numbers of their three bytes, the first one lowest. Bits are numbers of 32 bits, which suit vectors and GPUs.
// join_filter_avx2.cc has PairBit and PartBit once more, for eight pairs at a time.
#ifndef TOK_SRC_MODEL_BPE_JOIN_LAYOUT_H_
#define TOK_SRC_MODEL_BPE_JOIN_LAYOUT_H_

#include <cstdint>

namespace tok {

struct JoinLayout {
  static constexpr uint32_t kLeftFactor = 0x9E3779B1, kRightFactor = 0x85EBCA6B;
  static constexpr unsigned kLogPairBits = 19, kLogStrings = 19;
  static constexpr uint32_t kPairBits = 1u << kLogPairBits, kPartBits = 1u << 16;
  static constexpr uint32_t kStringsBegin = kPairBits + kPartBits, kBitsPerString = 4;
  static constexpr uint32_t kBits = kStringsBegin + (kBitsPerString << kLogStrings);
  // What is said of a string.
  static constexpr uint64_t kBeginsToken = 1, kEndsToken = 2, kInsideToken = 4, kIsToken = 8;
  // What stands for a neighbour that is no character of three bytes, and for none at all.
  static constexpr uint32_t kOther = 0, kNothing = 1;

  static constexpr bool IsCharacter(uint32_t bytes) { return (bytes & 0xC0C0F0u) == 0x8080E0u; }
  static constexpr uint32_t PairBit(uint32_t left, uint32_t right) {
    return (left * kLeftFactor + right * kRightFactor) >> (32 - kLogPairBits);
  }
  static constexpr uint32_t PartBit(uint32_t left, uint32_t right) {
    return kPairBits + ((left >> 16 & 0x3F) << 10 | (right & 0x0F) << 6 | (right >> 8 & 0x3F));
  }
  // Where the four bits of a string of three begin; of two characters: (kNothing, first, second).
  static constexpr uint32_t StringBit(uint32_t first, uint32_t second, uint32_t third) {
    const uint64_t mixed =
        first * 0x9E3779B97F4A7C15u + second * 0xD6E8FEB86659FD93u + third * 0xA0761D6478BD642Fu;
    return kStringsBegin +
           kBitsPerString * static_cast<uint32_t>(mixed * 0x9E3779B97F4A7C15u >> (64 - kLogStrings));
  }
  // Of x a b y in the text, by what is said of ab, xab and aby: a token across the place between a and b is "ab", ends with
  // "xab", begins with "aby", or holds "xaby" (or, at least, both "xab" and "aby").
  static constexpr bool IsJoined(uint64_t ab, uint64_t xab, uint64_t aby) {
    return ((ab & kIsToken) | (xab & kEndsToken) | (aby & kBeginsToken) | (xab & aby & kInsideToken)) != 0;
  }
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_JOIN_LAYOUT_H_
