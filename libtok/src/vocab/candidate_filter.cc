#include "src/vocab/candidate_filter.h"

#include <algorithm>
#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tok {
namespace {

constexpr size_t kPairs = 65536;

uint32_t PairAt(const char* p) {
  return static_cast<uint8_t>(p[0]) | static_cast<uint32_t>(static_cast<uint8_t>(p[1])) << 8;
}

bool HasAvx2() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2");
#else
  return false;
#endif
}

}  // namespace

CandidateFilter::CandidateFilter(std::span<const std::string_view> strings, bool use_simd)
    : pairs_(kPairs / 64), short_pairs_(kPairs / 64), use_avx2_(use_simd && HasAvx2()) {
  // About sixteen bits a string keep false candidates near 6 %; beyond the cap they only grow more frequent.
  hash_bits_ = std::clamp<unsigned>(std::bit_width(strings.size()) + 4, kMinHashBits, kMaxHashBits);
  quads_.resize((size_t{1} << hash_bits_) / 64);
  for (std::string_view string : strings) AddPrefix(string);
  const auto n_first = std::count(begins_.begin(), begins_.end(), true);
  if (n_first == 1)
    only_first_byte_ = static_cast<int>(std::find(begins_.begin(), begins_.end(), true) - begins_.begin());
  BuildNibbleTables();
}

void CandidateFilter::AddPrefix(std::string_view string) {
  if (string.empty()) return;
  const auto first = static_cast<uint8_t>(string[0]);
  begins_[first] = true;
  if (string.size() == 1) {
    single_[first] = true;
    for (uint32_t second = 0; second < 256; ++second) {
      Set(&pairs_, first | second << 8);
      Set(&short_pairs_, first | second << 8);
    }
    return;
  }
  Set(&pairs_, PairAt(string.data()));
  if (string.size() < 4) {
    Set(&short_pairs_, PairAt(string.data()));
  } else {
    Set(&quads_, Hash(string.data()));
  }
}

void CandidateFilter::BuildNibbleTables() {
  unsigned n_groups = 0;
  for (unsigned first = 0; first < 256; ++first) {
    if (!begins_[first]) continue;
    const auto group = static_cast<uint8_t>(1u << (n_groups++ % 8));
    first_low_[first & 15] |= group;
    first_high_[first >> 4] |= group;
    for (unsigned second = 0; second < 256; ++second) {
      if (!Test(pairs_, first | second << 8)) continue;
      second_low_[second & 15] |= group;
      second_high_[second >> 4] |= group;
    }
  }
}

inline bool CandidateFilter::IsCandidate(std::string_view text, size_t position) const {
  const size_t left = text.size() - position;
  const char* p = text.data() + position;
  if (left == 1) return single_[static_cast<uint8_t>(*p)];
  const uint32_t pair = PairAt(p);
  if (!Test(pairs_, pair)) return false;
  return Test(short_pairs_, pair) || (left >= 4 && Test(quads_, Hash(p)));
}

size_t CandidateFilter::Find(std::string_view text, size_t position) const {
  return use_avx2_ ? FindAvx2(text, position) : FindPortable(text, position);
}

size_t CandidateFilter::FindPortable(std::string_view text, size_t position) const {
  for (; position < text.size(); ++position) {
    if (only_first_byte_ >= 0) {
      const void* found = std::memchr(text.data() + position, only_first_byte_, text.size() - position);
      if (found == nullptr) return text.size();
      position = static_cast<size_t>(static_cast<const char*>(found) - text.data());
    }
    if (begins_[static_cast<uint8_t>(text[position])] && IsCandidate(text, position)) return position;
  }
  return text.size();
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) static inline __m256i LoadTable(const uint8_t* table) {
  return _mm256_broadcastsi128_si256(_mm_load_si128(reinterpret_cast<const __m128i*>(table)));
}

__attribute__((target("avx2"))) size_t CandidateFilter::FindAvx2(std::string_view text,
                                                                 size_t position) const {
  const __m256i first_low = LoadTable(first_low_.data()), first_high = LoadTable(first_high_.data());
  const __m256i second_low = LoadTable(second_low_.data()), second_high = LoadTable(second_high_.data());
  const __m256i nibble = _mm256_set1_epi8(15), zero = _mm256_setzero_si256();
  const size_t n = text.size();
  // A block reads one byte beyond its 32 positions.
  for (; position + 33 <= n; position += 32) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + position));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text.data() + position + 1));
    const __m256i a_high = _mm256_and_si256(_mm256_srli_epi16(a, 4), nibble);
    const __m256i b_high = _mm256_and_si256(_mm256_srli_epi16(b, 4), nibble);
    const __m256i groups_a = _mm256_and_si256(_mm256_shuffle_epi8(first_low, _mm256_and_si256(a, nibble)),
                                              _mm256_shuffle_epi8(first_high, a_high));
    const __m256i groups_b = _mm256_and_si256(_mm256_shuffle_epi8(second_low, _mm256_and_si256(b, nibble)),
                                              _mm256_shuffle_epi8(second_high, b_high));
    const __m256i none = _mm256_cmpeq_epi8(_mm256_and_si256(groups_a, groups_b), zero);
    for (uint32_t hits = ~static_cast<uint32_t>(_mm256_movemask_epi8(none)); hits != 0; hits &= hits - 1) {
      const size_t candidate = position + static_cast<size_t>(std::countr_zero(hits));
      if (IsCandidate(text, candidate)) return candidate;
    }
  }
  return FindPortable(text, position);
}

#else

size_t CandidateFilter::FindAvx2(std::string_view text, size_t position) const {
  return FindPortable(text, position);
}

#endif

}  // namespace tok
