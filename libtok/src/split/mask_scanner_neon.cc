#include "src/split/mask_scanners.h"

#if defined(__aarch64__)
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "src/base/strings.h"
#include "src/split/mask_scan.h"
#include "src/split/neon_batch.h"

namespace tok {
namespace {

// The 64 bytes of a batch.
class NeonBytes : public NeonBatch {
 public:
  explicit NeonBytes(const char* batch) : NeonBatch(batch) {}
  uint64_t Equal(unsigned byte) const {
    const uint8x16_t value = vdupq_n_u8(static_cast<uint8_t>(byte));
    return TopBitsOf(OfEach([&](int i) { return vceqq_u8(bytes_.val[i], value); }));
  }
  uint64_t InRange(unsigned first, unsigned last) const {
    const uint8x16_t base = vdupq_n_u8(static_cast<uint8_t>(first));
    const uint8x16_t width = vdupq_n_u8(static_cast<uint8_t>(last - first));
    return TopBitsOf(OfEach([&](int i) { return vcleq_u8(vsubq_u8(bytes_.val[i], base), width); }));
  }
  uint64_t High() const { return TopBitsOf(bytes_); }
  // Bytes that have any of `bits`.
  uint64_t HasBit(unsigned bits) const {
    const uint8x16_t value = vdupq_n_u8(static_cast<uint8_t>(bits));
    return TopBitsOf(OfEach([&](int i) { return vtstq_u8(bytes_.val[i], value); }));
  }

  static NeonBytes Fill(unsigned byte) {
    return NeonBytes(OfEach([byte](int) { return vdupq_n_u8(static_cast<uint8_t>(byte)); }));
  }
  NeonBytes With(unsigned bits) const {
    const uint8x16_t value = vdupq_n_u8(static_cast<uint8_t>(bits));
    return NeonBytes(OfEach([&](int i) { return vorrq_u8(bytes_.val[i], value); }));
  }
  void Set(uint64_t places, const NeonBytes& from) {
    const uint8x16_t eights = vreinterpretq_u8_u64(vdupq_n_u64(places));
    const uint8x16_t twice = vzip1q_u8(eights, eights);  // in lane k the half k mod 2 is of this lane
    bytes_ = OfEach([&](int i) {
      const uint8x16_t bit_of = vreinterpretq_u8_u16(vdupq_n_u16(static_cast<uint16_t>(0x1001 << i)));
      return vbslq_u8(vtstq_u8(twice, bit_of), from.bytes_.val[i], bytes_.val[i]);
    });
  }
  // table[byte & 63] for each byte.
  NeonBytes LookUp(const uint8_t* table) const {
    const uint8x16x4_t entries = vld1q_u8_x4(table);
    return NeonBytes(
        OfEach([&](int i) { return vqtbl4q_u8(entries, vandq_u8(bytes_.val[i], vdupq_n_u8(63))); }));
  }

 private:
  explicit NeonBytes(const uint8x16x4_t& bytes) : NeonBatch(bytes) {}
};

}  // namespace

std::shared_ptr<const Splitter> MakeNeonScanner(PatternFamily family) {
  return std::make_shared<MaskScanner<NeonBytes>>(family);
}

}  // namespace tok

#endif
