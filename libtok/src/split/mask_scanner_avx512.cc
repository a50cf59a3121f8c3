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
#include "src/base/instruction_set.h"
#include "src/base/strings.h"
#include "src/split/char_class.h"
#include "src/split/reference_scanner.h"
#include "src/split/safe_cut.h"
#include "src/split/splitter.h"
#include "src/unicode/utf8.h"

#if defined(__clang__)
#pragma clang attribute push(                                                               \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2,bmi,bmi2,lzcnt,popcnt"))), \
    apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512vbmi2,bmi,bmi2,lzcnt,popcnt")
#endif
#include "src/split/mask_scan.h"

namespace tok {
namespace {

// The 64 bytes of a batch.
class Avx512Bytes {
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

  // Writes base + i for each bit i of `bits`, and up to 16 numbers in any case. Returns how many bits there are.
  static size_t WritePlaces(uint64_t bits, size_t base, size_t* out) {
    alignas(64) static constexpr auto kPlaces = [] {
      std::array<uint8_t, 64> places{};
      for (uint8_t i = 0; i < 64; ++i) places[i] = i;
      return places;
    }();
    const __m512i places = _mm512_maskz_compress_epi8(bits, _mm512_load_si512(kPlaces.data()));
    const __m512i bases = _mm512_set1_epi64(static_cast<int64_t>(base));
    const auto write = [&](__m128i eight, size_t at) {
      _mm512_storeu_si512(out + at, _mm512_add_epi64(_mm512_maskz_cvtepu8_epi64(0xFF, eight), bases));
    };
    const __m128i first = _mm512_maskz_extracti32x4_epi32(0xF, places, 0);
    write(first, 0);
    write(_mm_bsrli_si128(first, 8), 8);
    const auto n = static_cast<size_t>(__builtin_popcountll(bits));
    if (n > 16) [[unlikely]] {
      alignas(64) uint8_t all[64];
      _mm512_store_si512(all, places);
      for (size_t i = 16; i < n; i += 8) {
        write(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(all + i)), i);
      }
    }
    return n;
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
  if (!RunsHere(InstructionSet::kAvx512)) return nullptr;
  return std::make_shared<MaskScanner<Avx512Bytes>>(family);
}

}  // namespace tok
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#else

namespace tok {
std::shared_ptr<const Splitter> MakeAvx512Scanner(PatternFamily) { return nullptr; }
}  // namespace tok

#endif
