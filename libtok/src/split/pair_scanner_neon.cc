#include "src/split/pair_scanners.h"

#if defined(__aarch64__)
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "src/split/neon_batch.h"
#include "src/split/pair_scan.h"

namespace tok {
namespace {

class NeonVector : public NeonBatch {
 public:
  static constexpr unsigned kBytes = 64, kEntries = 32;

  static NeonVector Load(const char* p) { return NeonVector(p); }
  NeonVector operator|(const NeonVector& other) const {
    return NeonVector(OfEach([&](int i) { return vorrq_u8(bytes_.val[i], other.bytes_.val[i]); }));
  }
  // table[low half], for bytes from 0x80 on table[16 + low half].
  NeonVector LookUp(const uint8_t* table) const {
    const uint8x16x2_t entries = vld1q_u8_x2(table);
    const uint8x16_t low_half = vdupq_n_u8(0x0F);
    return NeonVector(OfEach([&](int i) {
      return vqtbl2q_u8(entries, vbslq_u8(low_half, bytes_.val[i], vshrq_n_u8(bytes_.val[i], 3)));
    }));
  }
  // 1 << (high half mod 8).
  NeonVector HighHalfBit() const {
    const uint8x16_t bits = vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201));
    return NeonVector(OfEach([&](int i) { return vqtbl1q_u8(bits, vshrq_n_u8(bytes_.val[i], 4)); }));
  }
  uint64_t TopBits() const { return TopBitsOf(bytes_); }
  static uint64_t BothMeet(const NeonVector& a, const NeonVector& a_bit, const NeonVector& b,
                           const NeonVector& b_bit) {
    return TopBitsOf(OfEach([&](int i) {
      return vandq_u8(vtstq_u8(a.bytes_.val[i], a_bit.bytes_.val[i]),
                      vtstq_u8(b.bytes_.val[i], b_bit.bytes_.val[i]));
    }));
  }

 private:
  explicit NeonVector(const char* bytes) : NeonBatch(bytes) {}
  explicit NeonVector(const uint8x16x4_t& bytes) : NeonBatch(bytes) {}
};

}  // namespace

std::shared_ptr<const Splitter> MakeNeonPairScanner(const CutPairs& pairs) {
  return std::make_shared<PairScanner<NeonVector>>(pairs);
}

}  // namespace tok

#endif
