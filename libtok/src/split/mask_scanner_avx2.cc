#include "src/split/mask_scanners.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "src/base/strings.h"

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt")
#endif
#include "src/split/mask_scan.h"

namespace tok {
namespace {

struct Avx2Classifier {
  static constexpr std::string_view kName = "avx2";

  static ClassMasks Classify(const char* batch) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(batch));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(batch + 32));
    const auto mask_of = [](__m256i a, __m256i b) {
      return static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(a))) |
             static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(b))) << 32;
    };
    const auto equal = [&](char c) {
      const __m256i value = _mm256_set1_epi8(c);
      return mask_of(_mm256_cmpeq_epi8(low, value), _mm256_cmpeq_epi8(high, value));
    };
    const auto in_range = [&](char first, char last) {
      const __m256i base = _mm256_set1_epi8(first), width = _mm256_set1_epi8(static_cast<char>(last - first));
      const auto inside = [&](__m256i v) {
        const __m256i shifted = _mm256_sub_epi8(v, base);
        return _mm256_cmpeq_epi8(_mm256_min_epu8(shifted, width), shifted);
      };
      return mask_of(inside(low), inside(high));
    };
    ClassMasks m;
    m.upper = in_range('A', 'Z');
    m.lower = in_range('a', 'z');
    m.digit = in_range('0', '9');
    m.blank = equal(' ');
    m.space = m.blank | in_range('\t', '\r');
    m.newline = equal('\n') | equal('\r');
    m.apostrophe = equal('\'');
    m.slash = equal('/');
    m.high = mask_of(low, high);
    const __m256i first_lead = _mm256_set1_epi8(static_cast<char>(0xC0));
    m.continuation = mask_of(_mm256_cmpgt_epi8(first_lead, low), _mm256_cmpgt_epi8(first_lead, high));
    return m;
  }
};

}  // namespace

std::shared_ptr<const Splitter> MakeAvx2Scanner(PatternFamily family) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2")) return nullptr;
  return std::make_shared<MaskScanner<Avx2Classifier>>(family);
}

}  // namespace tok
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#else

namespace tok {
std::shared_ptr<const Splitter> MakeAvx2Scanner(PatternFamily) { return nullptr; }
}  // namespace tok

#endif
