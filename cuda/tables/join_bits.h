// cuda/tables/join_bits.h: where no token reaches across, for lookup by every lane: the library's JoinFilter (its words).
//
// Model: src/model/bpe/join_filter.h, whose answer may be a false yes, never a false no.
#ifndef TOK_CUDA_TABLES_JOIN_BITS_H_
#define TOK_CUDA_TABLES_JOIN_BITS_H_

#include <cstdint>

#include "cuda/base/device_code.h"

namespace tok::cuda {

struct JoinBitsView {
  const uint64_t* words;  // of the filter; memory of the host or of the device

  // What stands for a neighbour that is no character of three bytes.
  static constexpr uint32_t kOther = 0;
  static constexpr uint32_t kNothing = 1;

  // Characters are numbers of their three bytes, the first one lowest.
  TOK_DEVICE_METHOD static bool IsCharacter(uint32_t bytes) { return (bytes & 0xC0C0F0u) == 0x8080E0u; }

  // Whether a token may reach across the place between a and b, of text that goes on as x a b y.
  TOK_DEVICE_METHOD bool MayJoin(uint32_t x, uint32_t a, uint32_t b, uint32_t y) const {
    constexpr uint64_t kBeginsToken = 1, kEndsToken = 2, kInsideToken = 4, kIsToken = 8;
    const uint64_t xab = String(x, a, b), aby = String(a, b, y);
    const bool of_part = Bits(kPairBits + ((a >> 16 & 0x3F) << 10 | (b & 0x0F) << 6 | (b >> 8 & 0x3F))) & 1;
    return ((String(kNothing, a, b) & kIsToken) | (xab & kEndsToken) | (aby & kBeginsToken) |
            (xab & aby & kInsideToken)) != 0 ||
           of_part;
  }

 private:
  static constexpr uint32_t kPairBits = 1u << 19, kStringsBegin = kPairBits + (1u << 16);
  static constexpr unsigned kLogStrings = 19;

  TOK_DEVICE_METHOD uint64_t Bits(uint32_t bit) const { return words[bit / 64] >> (bit % 64); }
  TOK_DEVICE_METHOD uint64_t String(uint32_t first, uint32_t second, uint32_t third) const {
    const uint64_t mixed =
        first * 0x9E3779B97F4A7C15u + second * 0xD6E8FEB86659FD93u + third * 0xA0761D6478BD642Fu;
    return Bits(kStringsBegin + 4 * static_cast<uint32_t>(mixed * 0x9E3779B97F4A7C15u >> (64 - kLogStrings)));
  }
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_TABLES_JOIN_BITS_H_
