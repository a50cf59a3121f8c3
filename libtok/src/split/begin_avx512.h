// split/begin_avx512.h: from here to end_target.h functions are compiled for AVX-512 (InstructionSet::kAvx512).
//
// Include first whatever the functions use, <immintrin.h> too: inline functions compiled for this instruction set must not
// become the program's only copy. Include it once a file, and only where RunsHere() is asked before anything is called.
#if defined(__clang__)
#pragma clang attribute push(                                                               \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi2,bmi,bmi2,lzcnt,popcnt"))), \
    apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512vbmi2,bmi,bmi2,lzcnt,popcnt")
#endif

namespace tok {
namespace {

// Writes base + i for each bit i of `bits`, and up to 16 numbers in any case. Returns how many bits there are.
inline size_t WritePlaces(uint64_t bits, size_t base, size_t* out) {
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

}  // namespace
}  // namespace tok
