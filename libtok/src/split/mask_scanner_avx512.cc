#include "src/split/mask_scanners.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "src/base/strings.h"

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,bmi,bmi2,lzcnt,popcnt"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,bmi,bmi2,lzcnt,popcnt")
#endif
#include "src/split/mask_scan.h"

namespace tok {
namespace {

struct Avx512Classifier {
  static constexpr std::string_view kName = "avx512";

  static ClassMasks Classify(const char* batch) {
    const __m512i bytes = _mm512_loadu_si512(batch);
    const auto equal = [&](char c) { return _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(c)); };
    const auto in_range = [&](char first, char last) {
      return _mm512_cmple_epu8_mask(_mm512_sub_epi8(bytes, _mm512_set1_epi8(first)),
                                    _mm512_set1_epi8(static_cast<char>(last - first)));
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
    m.high = _mm512_movepi8_mask(bytes);
    m.continuation = _mm512_cmplt_epi8_mask(bytes, _mm512_set1_epi8(static_cast<char>(0xC0)));
    return m;
  }
};

}  // namespace

std::shared_ptr<const Splitter> MakeAvx512Scanner(PatternFamily family) {
  if (!__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl") ||
      !__builtin_cpu_supports("bmi2")) {
    return nullptr;
  }
  return std::make_shared<MaskScanner<Avx512Classifier>>(family);
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
