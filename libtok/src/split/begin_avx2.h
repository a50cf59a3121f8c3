// split/begin_avx2.h: from here to end_target.h functions are compiled for AVX2 (InstructionSet::kAvx2).
//
// Include first whatever the functions use, <immintrin.h> too: inline functions compiled for this instruction set must not
// become the program's only copy. Include it once a file, and only where RunsHere() is asked before anything is called.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,bmi2,lzcnt,popcnt")
#endif

namespace tok {
namespace {

// Writes base + i for each bit i of `bits`, and up to 16 numbers in any case. Returns how many bits there are.
inline size_t WritePlaces(uint64_t bits, size_t base, size_t* out) {
  const auto n = static_cast<size_t>(__builtin_popcountll(bits));
  // As many steps for most batches, so that nothing has to be guessed.
  size_t i = 0;
  do {
    for (size_t end = i + 8; i < end; ++i, bits &= bits - 1) {
      out[i] = base + static_cast<size_t>(_tzcnt_u64(bits));
    }
  } while (i < n || i < 16);
  return n;
}

}  // namespace
}  // namespace tok
