// base/hash.h: the one byte-string hash of libtok. Stable: images and identity hashes store its values.
//
// Quality: 64 x 64 -> 128-bit multiplications folded, 16 bytes a step, four
// steps side by side on long strings (the construction of wyhash by Wang Yi, 2019).
// Not cryptographic.
#ifndef TOK_SRC_BASE_HASH_H_
#define TOK_SRC_BASE_HASH_H_

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace tok {

static_assert(std::endian::native == std::endian::little, "stored hashes and images are little-endian");

inline uint64_t FoldedMultiply(uint64_t a, uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline uint64_t HashBytes(std::string_view bytes, uint64_t seed = 0) {
  constexpr uint64_t kA = 0xA0761D6478BD642Fu, kB = 0xE7037ED1A0B428DBu, kC = 0x8EBC6AF09C88C6E3u;
  // memcpy may not be given a null pointer, not even for no bytes.
  const char* p = bytes.empty() ? "" : bytes.data();
  size_t left = bytes.size();
  uint64_t state = seed ^ kA;
  const auto load = [](const char* at, size_t n) {
    uint64_t value = 0;
    std::memcpy(&value, at, n);
    return value;
  };
  const auto mix = [&](const char* at, uint64_t lane) {
    return FoldedMultiply(load(at, 8) ^ kB, load(at + 8, 8) ^ lane);
  };
  if (left > 64) {
    // Four chains: one alone would wait for its multiplications.
    uint64_t lanes[4] = {state, state ^ kB, state ^ kC, ~state};
    for (; left > 64; p += 64, left -= 64) {
      for (int i = 0; i < 4; ++i) lanes[i] = mix(p + 16 * i, lanes[i]);
    }
    state = FoldedMultiply(lanes[0] ^ kA, lanes[1]) ^ FoldedMultiply(lanes[2] ^ kC, lanes[3]);
  }
  for (; left > 16; p += 16, left -= 16) state = mix(p, state);
  const uint64_t low = load(p, left < 8 ? left : 8);
  const uint64_t high = left > 8 ? load(p + 8, left - 8) : 0;
  return FoldedMultiply(kC ^ bytes.size(), FoldedMultiply(low ^ kB, high ^ state));
}

}  // namespace tok

#endif  // TOK_SRC_BASE_HASH_H_
