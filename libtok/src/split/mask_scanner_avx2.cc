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

#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt")
#endif
#include "src/split/mask_scan.h"

namespace tok {
namespace {

// The 64 bytes of a batch.
class Avx2Bytes {
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

 private:
  static uint64_t MaskOf(__m256i low, __m256i high) {
    return static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(low))) |
           static_cast<uint64_t>(static_cast<uint32_t>(_mm256_movemask_epi8(high))) << 32;
  }

  __m256i low_, high_;
};

}  // namespace

std::shared_ptr<const Splitter> MakeAvx2Scanner(PatternFamily family) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2")) return nullptr;
  return std::make_shared<MaskScanner<Avx2Bytes>>(family);
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
