#include "src/model/bpe/join_filter.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace tok {

// Eight characters side by side; what is no character of three bytes is skipped byte by byte.
__attribute__((target("avx2,bmi,bmi2,popcnt"))) size_t JoinFilter::NextCutsAvx2(const JoinFilter& joins,
                                                                                std::string_view piece,
                                                                                size_t readable, size_t begin,
                                                                                size_t base,
                                                                                std::span<size_t> cuts) {
  constexpr size_t kLanes = 8, kBytesRead = 28;  // twelve of the first load count, and of the second
  const auto* p = reinterpret_cast<const unsigned char*>(piece.data());
  const auto* words = reinterpret_cast<const int*>(joins.words_.data());
  const __m256i spread = _mm256_setr_epi8(0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1,  //
                                          0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1);
  const __m256i one_on = _mm256_setr_epi32(7, 0, 1, 2, 3, 4, 5, 6);
  const __m256i low_bits = _mm256_set1_epi32(31);
  __m256i eight_before = _mm256_setzero_si256();  // moved one on
  unsigned left_is_character = 0;
  size_t n = 0, i = begin;
  while (i + 3 <= piece.size() && n + kLanes <= cuts.size()) {
    const unsigned char* at = p + i;
    unsigned char copy[kBytesRead];
    if (readable - i < kBytesRead) {
      std::memset(copy, 0, sizeof(copy));
      std::memcpy(copy, at, readable - i);
      at = copy;
    }
    const __m256i bytes =
        _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(at))),
                                _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 12)), 1);
    const __m256i right = _mm256_shuffle_epi8(bytes, spread);
    const __m256i are_characters =
        _mm256_cmpeq_epi32(_mm256_and_si256(right, _mm256_set1_epi32(0xC0C0F0)), _mm256_set1_epi32(0x8080E0));
    const auto n_whole = static_cast<unsigned>(std::min((piece.size() - i) / 3, kLanes));
    const auto characters = static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(are_characters)));
    const auto n_characters = _tzcnt_u32(~_bzhi_u32(characters, n_whole));
    if (n_characters == 0) {
      left_is_character = 0;
      do ++i;
      while (i + 3 <= piece.size() && (p[i] & 0xF0) != 0xE0);
      continue;
    }
    const __m256i moved_on = _mm256_permutevar8x32_epi32(right, one_on);
    const __m256i left = _mm256_blend_epi32(moved_on, eight_before, 1);
    // MayJoin of eight: the words of thirty-two bits in which the bits are, which are moved to the lowest place.
    const __m256i hash =
        _mm256_add_epi32(_mm256_mullo_epi32(left, _mm256_set1_epi32(static_cast<int>(kLeftFactor))),
                         _mm256_mullo_epi32(right, _mm256_set1_epi32(static_cast<int>(kRightFactor))));
    const __m256i pair_bit = _mm256_srli_epi32(hash, 32 - kLogPairBits);
    const __m256i pair =
        _mm256_srlv_epi32(_mm256_i32gather_epi32(words, _mm256_srli_epi32(pair_bit, 5), sizeof(int)),
                          _mm256_and_si256(pair_bit, low_bits));
    const __m256i part_bit = _mm256_or_si256(
        _mm256_and_si256(_mm256_srli_epi32(left, 6), _mm256_set1_epi32(0x3F << 10)),
        _mm256_or_si256(_mm256_and_si256(_mm256_slli_epi32(right, 6), _mm256_set1_epi32(0x0F << 6)),
                        _mm256_and_si256(_mm256_srli_epi32(right, 8), _mm256_set1_epi32(0x3F))));
    const __m256i part = _mm256_srlv_epi32(
        _mm256_i32gather_epi32(words + kPairBits / 32, _mm256_srli_epi32(part_bit, 5), sizeof(int)),
        _mm256_and_si256(part_bit, low_bits));
    const __m256i may_join = _mm256_slli_epi32(_mm256_or_si256(pair, part), 31);
    const auto joins_mask = static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(may_join)));
    const unsigned found = _bzhi_u32(~joins_mask & (0xFE | left_is_character), n_characters);
    const uint64_t found_bytes = _pdep_u64(found, 0x0101010101010101u) * 0xFF;
    const __m128i offsets =
        _mm_cvtsi64_si128(static_cast<int64_t>(_pext_u64(0x15120F0C09060300u, found_bytes)));
    const __m256i bases = _mm256_set1_epi64x(static_cast<int64_t>(base + i));
    auto* out = reinterpret_cast<__m256i*>(cuts.data() + n);
    _mm256_storeu_si256(out, _mm256_add_epi64(_mm256_cvtepu8_epi64(offsets), bases));
    _mm256_storeu_si256(out + 1, _mm256_add_epi64(_mm256_cvtepu8_epi64(_mm_bsrli_si128(offsets, 4)), bases));
    n += static_cast<size_t>(__builtin_popcount(found));
    i += size_t{3} * n_characters;
    left_is_character = n_characters == kLanes;
    eight_before = moved_on;
  }
  return joins.FinishCuts(piece, i, left_is_character != 0 ? ThreeBytes(p + i - 3) : 0, base, n, cuts);
}

}  // namespace tok
#endif
