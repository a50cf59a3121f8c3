#include "src/split/mask_scanners.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <array>
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
#include "src/split/begin_avx512.inc"
#include "src/split/mask_scan.h"

namespace tok {
namespace {

// The 64 bytes of a batch.
class Avx512Bytes : public PlaceWriter {
 public:
  static constexpr std::string_view kName = "avx512";

  explicit Avx512Bytes(const char* batch) : bytes_(_mm512_loadu_si512(batch)) {}
  uint64_t Equal(unsigned byte) const {
    return _mm512_cmpeq_epi8_mask(bytes_, _mm512_set1_epi8(static_cast<char>(byte)));
  }
  uint64_t InRange(unsigned first, unsigned last) const {
    const __m512i shifted = _mm512_sub_epi8(bytes_, _mm512_set1_epi8(static_cast<char>(first)));
    return _mm512_cmple_epu8_mask(shifted, _mm512_set1_epi8(static_cast<char>(last - first)));
  }
  uint64_t High() const { return _mm512_movepi8_mask(bytes_); }
  // Bytes that have any of `bits`.
  uint64_t HasBit(unsigned bits) const {
    return _mm512_test_epi8_mask(bytes_, _mm512_set1_epi8(static_cast<char>(bits)));
  }

  static Avx512Bytes Fill(unsigned byte) { return Avx512Bytes(_mm512_set1_epi8(static_cast<char>(byte))); }
  Avx512Bytes With(unsigned bits) const {
    return Avx512Bytes(_mm512_or_si512(bytes_, _mm512_set1_epi8(static_cast<char>(bits))));
  }
  void Set(uint64_t places, const Avx512Bytes& from) {
    bytes_ = _mm512_mask_mov_epi8(bytes_, places, from.bytes_);
  }
  // table[byte & 63] for each byte.
  Avx512Bytes LookUp(const uint8_t* table) const {
    // Without the mask gcc 12 warns of the undefined vector inside the intrinsic.
    const auto quarter = [table](int i) {
      return _mm512_maskz_broadcast_i32x4(0xFFFF,
                                          _mm_loadu_si128(reinterpret_cast<const __m128i*>(table) + i));
    };
    const __m512i low = _mm512_and_si512(bytes_, _mm512_set1_epi8(0x0F));
    const __mmask64 odd = HasBit(0x10), upper = HasBit(0x20);
    __m512i found = _mm512_shuffle_epi8(quarter(0), low);
    found = _mm512_mask_shuffle_epi8(found, odd & ~upper, quarter(1), low);
    found = _mm512_mask_shuffle_epi8(found, upper & ~odd, quarter(2), low);
    return Avx512Bytes(_mm512_mask_shuffle_epi8(found, upper & odd, quarter(3), low));
  }

 private:
  explicit Avx512Bytes(__m512i bytes) : bytes_(bytes) {}

  __m512i bytes_;
};

}  // namespace

std::shared_ptr<const Splitter> MakeAvx512Scanner(PatternFamily family) {
  return std::make_shared<MaskScanner<Avx512Bytes>>(family);
}

}  // namespace tok
#include "src/split/end_target.inc"

#endif
