// split/neon_batch.h: 64 bytes of text in four registers of Advanced SIMD, which every 64-bit ARM has.
//
// Model: byte i is in register i mod 4. So the top bits of all 64 bytes become a mask in five instructions, nine if each
// register held bytes that are neighbours; what else is asked of single bytes does not care where they are.
// Include it only from mask_scanner_neon.cc and pair_scanner_neon.cc.
#ifndef TOK_SRC_SPLIT_NEON_BATCH_H_
#define TOK_SRC_SPLIT_NEON_BATCH_H_

#if defined(__aarch64__)
#include <arm_acle.h>
#include <arm_neon.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tok {

class NeonBatch {
 public:
  static constexpr std::string_view kName = "neon";

  // Writes base + i for each bit i of `bits`, and up to 16 numbers in any case. Returns how many bits there are.
  static size_t WritePlaces(uint64_t bits, size_t base, size_t* out) {
    const auto n = static_cast<size_t>(std::popcount(bits));
    // There is an instruction that counts zeros from the top, none from the bottom.
    uint64_t left = __rbitll(bits);
    // As many steps for most batches, so that nothing has to be guessed.
    size_t i = 0;
    do {
      for (const size_t end = i + 8; i < end; ++i) {
        const auto place = static_cast<size_t>(std::countl_zero(left));
        out[i] = base + place;
        left &= ~((uint64_t{1} << 63) >> (place & 63));
      }
    } while (i < n || i < 16);
    return n;
  }

 protected:
  explicit NeonBatch(const char* bytes) : bytes_(vld4q_u8(reinterpret_cast<const uint8_t*>(bytes))) {}
  explicit NeonBatch(const uint8x16x4_t& bytes) : bytes_(bytes) {}

  // Of one(i), register by register.
  template <typename One>
  static uint8x16x4_t OfEach(One one) {
    return {{one(0), one(1), one(2), one(3)}};
  }

  // Bit i is the top bit of byte i.
  static uint64_t TopBitsOf(const uint8x16x4_t& bytes) {
    // Inserting from the right gathers the four top bits in the upper half of a byte, then in both halves.
    const uint8x16_t low = vsriq_n_u8(bytes.val[1], bytes.val[0], 1);
    const uint8x16_t high = vsriq_n_u8(bytes.val[3], bytes.val[2], 1);
    const uint8x16_t four = vsriq_n_u8(high, low, 2);
    const uint8x16_t twice = vsriq_n_u8(four, four, 4);
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(twice), 4)), 0);
  }

  uint8x16x4_t bytes_;
};

}  // namespace tok

#endif  // defined(__aarch64__)
#endif  // TOK_SRC_SPLIT_NEON_BATCH_H_
