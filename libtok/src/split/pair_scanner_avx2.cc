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
#include "src/split/begin_avx2.inc"
#include "src/split/pair_scan.h"

namespace tok {
namespace {

class Avx2Vector : public PlaceWriter {
 public:
  static constexpr std::string_view kName = "avx2";
  static constexpr unsigned kBytes = 32, kEntries = 16;

  static Avx2Vector Load(const char* p) {
    return Avx2Vector(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
  }
  Avx2Vector operator|(const Avx2Vector& other) const {
    return Avx2Vector(_mm256_or_si256(bytes_, other.bytes_));
  }
  // table[low half] of bytes below 0x80, 0 for the others.
  Avx2Vector LookUp(const uint8_t* table) const {
    return Avx2Vector(_mm256_shuffle_epi8(Broadcast(table), bytes_));
  }
  Avx2Vector FlipTopBit() const {
    return Avx2Vector(_mm256_xor_si256(bytes_, _mm256_set1_epi8(static_cast<char>(0x80))));
  }
  // 1 << (high half mod 8).
  Avx2Vector HighHalfBit() const {
    alignas(16) static constexpr uint8_t kBits[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                                      1, 2, 4, 8, 16, 32, 64, 128};
    const __m256i half = _mm256_and_si256(_mm256_srli_epi16(bytes_, 4), _mm256_set1_epi8(0x0F));
    return Avx2Vector(_mm256_shuffle_epi8(Broadcast(kBits), half));
  }
  uint64_t TopBits() const { return static_cast<uint32_t>(_mm256_movemask_epi8(bytes_)); }
  static uint64_t BothMeet(Avx2Vector a, Avx2Vector a_bit, Avx2Vector b, Avx2Vector b_bit) {
    const __m256i zero = _mm256_setzero_si256();
    const __m256i a_misses = _mm256_cmpeq_epi8(_mm256_and_si256(a.bytes_, a_bit.bytes_), zero);
    const __m256i b_misses = _mm256_cmpeq_epi8(_mm256_and_si256(b.bytes_, b_bit.bytes_), zero);
    return ~static_cast<uint32_t>(_mm256_movemask_epi8(_mm256_or_si256(a_misses, b_misses)));
  }

 private:
  explicit Avx2Vector(__m256i bytes) : bytes_(bytes) {}
  static __m256i Broadcast(const uint8_t* table) {
    return _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(table)));
  }

  __m256i bytes_;
};

}  // namespace

std::shared_ptr<const Splitter> MakeAvx2PairScanner(const CutPairs& pairs) {
  return std::make_shared<PairScanner<Avx2Vector>>(pairs);
}

}  // namespace tok
#include "src/split/end_target.inc"

#endif
