#include "src/split/pair_scanners.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

// Whatever pair_scan.h includes comes first: inline functions compiled for this instruction set must not become the
// program's only copy.
#include "src/split/pair_splitter.h"
#include "src/split/splitter.h"
// From here on for one instruction set.
#include "src/split/begin_avx512.inc"
#include "src/split/pair_scan.h"

namespace tok {
namespace {

class Avx512Vector : public PlaceWriter {
 public:
  static constexpr std::string_view kName = "avx512";
  static constexpr unsigned kBytes = 64, kEntries = 16;

  static Avx512Vector Load(const char* p) { return Avx512Vector(_mm512_loadu_si512(p)); }
  Avx512Vector operator|(const Avx512Vector& other) const {
    return Avx512Vector(_mm512_or_si512(bytes_, other.bytes_));
  }
  // table[low half] of bytes below 0x80, 0 for the others.
  Avx512Vector LookUp(const uint8_t* table) const {
    return Avx512Vector(_mm512_shuffle_epi8(Broadcast(table), bytes_));
  }
  Avx512Vector FlipTopBit() const {
    return Avx512Vector(_mm512_xor_si512(bytes_, _mm512_set1_epi8(static_cast<char>(0x80))));
  }
  // 1 << (high half mod 8).
  Avx512Vector HighHalfBit() const {
    alignas(16) static constexpr uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                                      1, 2, 4, 8, 16, 32, 64, 128};
    const __m512i half = _mm512_and_si512(_mm512_srli_epi16(bytes_, 4), _mm512_set1_epi8(0x0F));
    return Avx512Vector(_mm512_shuffle_epi8(Broadcast(kBits), half));
  }
  uint64_t TopBits() const { return _mm512_movepi8_mask(bytes_); }
  static uint64_t BothMeet(Avx512Vector a, Avx512Vector a_bit, Avx512Vector b, Avx512Vector b_bit) {
    return _mm512_mask_test_epi8_mask(_mm512_test_epi8_mask(a.bytes_, a_bit.bytes_), b.bytes_, b_bit.bytes_);
  }

 private:
  explicit Avx512Vector(__m512i bytes) : bytes_(bytes) {}
  static __m512i Broadcast(const uint8_t* table) {
    return _mm512_maskz_broadcast_i32x4(0xFFFF, _mm_load_si128(reinterpret_cast<const __m128i*>(table)));
  }

  __m512i bytes_;
};

}  // namespace

std::shared_ptr<const Splitter> MakeAvx512PairScanner(const CutPairs& pairs) {
  return std::make_shared<PairScanner<Avx512Vector>>(pairs);
}

}  // namespace tok
#include "src/split/end_target.inc"

#endif
