#include "src/split/mask_scanners.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

// Whatever mask_scan.h includes comes first: inline functions compiled for this instruction set must not become the
// program's only copy.
#include "src/base/strings.h"
#include "src/split/char_class.h"
#include "src/split/reference_scanner.h"
#include "src/split/safe_cut.h"
#include "src/split/splitter.h"
#include "src/unicode/utf8.h"
// From here on for one instruction set.
#include "src/split/begin_avx2.inc"
#include "src/split/mask_scan.h"

namespace tok {
namespace {

// The 64 bytes of a batch.
class Avx2Bytes : public PlaceWriter {
 public:
  static constexpr std::string_view kName = "avx2";

  explicit Avx2Bytes(const char* batch)
      : low_(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(batch))),
        high_(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(batch + 32))) {}
  uint64_t Equal(unsigned byte) const {
    const __m256i value = _mm256_set1_epi8(static_cast<char>(byte));
    return MaskOf(_mm256_cmpeq_epi8(low_, value), _mm256_cmpeq_epi8(high_, value));
  }
  uint64_t InRange(unsigned first, unsigned last) const {
    const __m256i base = _mm256_set1_epi8(static_cast<char>(first));
    const __m256i width = _mm256_set1_epi8(static_cast<char>(last - first));
    const __m256i low = _mm256_sub_epi8(low_, base), high = _mm256_sub_epi8(high_, base);
    return MaskOf(_mm256_cmpeq_epi8(_mm256_min_epu8(low, width), low),
                  _mm256_cmpeq_epi8(_mm256_min_epu8(high, width), high));
  }
  uint64_t High() const { return MaskOf(low_, high_); }
  // Bytes that have any of `bits`.
  uint64_t HasBit(unsigned bits) const {
    const __m256i value = _mm256_set1_epi8(static_cast<char>(bits)), zero = _mm256_setzero_si256();
    return ~MaskOf(_mm256_cmpeq_epi8(_mm256_and_si256(low_, value), zero),
                   _mm256_cmpeq_epi8(_mm256_and_si256(high_, value), zero));
  }

  static Avx2Bytes Fill(unsigned byte) {
    const __m256i value = _mm256_set1_epi8(static_cast<char>(byte));
    return Avx2Bytes(value, value);
  }
  Avx2Bytes With(unsigned bits) const {
    const __m256i value = _mm256_set1_epi8(static_cast<char>(bits));
    return Avx2Bytes(_mm256_or_si256(low_, value), _mm256_or_si256(high_, value));
  }
  void Set(uint64_t places, const Avx2Bytes& from) {
    low_ = _mm256_blendv_epi8(low_, from.low_, VectorOf(static_cast<uint32_t>(places)));
    high_ = _mm256_blendv_epi8(high_, from.high_, VectorOf(static_cast<uint32_t>(places >> 32)));
  }
  // table[byte & 63] for each byte.
  Avx2Bytes LookUp(const uint8_t* table) const {
    __m256i quarters[4];
    for (int i = 0; i < 4; ++i) {
      quarters[i] = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(table) + i));
    }
    const auto look_up = [&quarters](__m256i bytes) {
      const __m256i low = _mm256_and_si256(bytes, _mm256_set1_epi8(0x0F));
      // The blends select by the top bit of each byte.
      const __m256i bit4 = _mm256_slli_epi16(bytes, 3), bit5 = _mm256_slli_epi16(bytes, 2);
      const auto pair = [&](int i) {
        return _mm256_blendv_epi8(_mm256_shuffle_epi8(quarters[i], low),
                                  _mm256_shuffle_epi8(quarters[i + 1], low), bit4);
      };
      return _mm256_blendv_epi8(pair(0), pair(2), bit5);
    };
    return Avx2Bytes(look_up(low_), look_up(high_));
  }

 private:
  Avx2Bytes(__m256i low, __m256i high) : low_(low), high_(high) {}

  // 0xFF in the byte of each bit that is set.
  static __m256i VectorOf(uint32_t mask) {
    const __m256i byte_of = _mm256_setr_epi64x(0, 0x0101010101010101, 0x0202020202020202, 0x0303030303030303);
    const __m256i bit_of = _mm256_set1_epi64x(static_cast<int64_t>(0x8040201008040201));
    const __m256i bits = _mm256_shuffle_epi8(_mm256_set1_epi32(static_cast<int>(mask)), byte_of);
    return _mm256_cmpeq_epi8(_mm256_and_si256(bits, bit_of), bit_of);
  }
  static uint64_t MaskOf(__m256i low, __m256i high) {
    return static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(low))) |
           static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(high))) << 32;
  }

  __m256i low_, high_;
};

}  // namespace

std::shared_ptr<const Splitter> MakeAvx2Scanner(PatternFamily family) {
  return std::make_shared<MaskScanner<Avx2Bytes>>(family);
}

}  // namespace tok
#include "src/split/end_target.inc"

#endif
