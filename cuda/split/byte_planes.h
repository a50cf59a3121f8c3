// cuda/split/byte_planes.h: 32 bytes of text as eight bit planes, so that a boolean formula classifies all of them at once.
//
// Cost: 64 instructions for 32 bytes.
// Source: the transposition of Cameron, Herdy and Lin, 2008, "High Performance XML Parsing Using Parallel Bit Stream Technology".
#ifndef TOK_CUDA_SPLIT_BYTE_PLANES_H_
#define TOK_CUDA_SPLIT_BYTE_PLANES_H_

#include <cstdint>

#include "cuda/base/bits.h"
#include "cuda/base/device_code.h"

namespace tok::cuda {

// Of text, in its order, least significant byte first.
struct TextWord {
  uint32_t quads[8];
};

// Four bytes from byte i of a word on; `ahead`: those behind the word.
TOK_DEVICE_CODE uint32_t BytesAt(const TextWord& word, uint32_t ahead, unsigned i) {
  uint32_t quad = 0, next = 0;
  // By constants, so that the word stays in registers.
  for (unsigned q = 0; q < 8; ++q) {
    if (q == i / 4) {
      quad = word.quads[q];
      next = q == 7 ? ahead : word.quads[q < 7 ? q + 1 : 7];
    }
  }
  return static_cast<uint32_t>((uint64_t{next} << 32 | quad) >> (8 * (i % 4)));
}

// Bit i of plane k is bit k of byte i.
struct BytePlanes {
  uint32_t bit[8];
};

// Byte j of column i to byte i of row j.
TOK_DEVICE_CODE void TransposeBytes(uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t* rows) {
  const uint32_t ab_low = PermuteBytes(a, b, 0x5140), ab_high = PermuteBytes(a, b, 0x7362);
  const uint32_t cd_low = PermuteBytes(c, d, 0x5140), cd_high = PermuteBytes(c, d, 0x7362);
  rows[0] = PermuteBytes(ab_low, cd_low, 0x5410);
  rows[1] = PermuteBytes(ab_low, cd_low, 0x7632);
  rows[2] = PermuteBytes(ab_high, cd_high, 0x5410);
  rows[3] = PermuteBytes(ab_high, cd_high, 0x7632);
}

// The bits of *a outside `kept` against those of *b inside it, `kShift` places apart.
template <int kShift>
TOK_DEVICE_CODE void ExchangeBits(uint32_t* a, uint32_t* b, uint32_t kept) {
  const uint32_t new_a = (*a & kept) | ((*b << kShift) & ~kept);
  *b = ((*a >> kShift) & kept) | (*b & ~kept);
  *a = new_a;
}

TOK_DEVICE_CODE BytePlanes PlanesOf(const TextWord& word) {
  const uint32_t* q = word.quads;
  BytePlanes planes;
  uint32_t* p = planes.bit;
  // Byte 8j + w to byte j of row w; then bit k of row w to bit w of each byte of row k.
  TransposeBytes(q[0], q[2], q[4], q[6], p);
  TransposeBytes(q[1], q[3], q[5], q[7], p + 4);
  for (int w = 0; w < 4; ++w) ExchangeBits<4>(&p[w], &p[w + 4], 0x0F0F0F0Fu);
  for (int w = 0; w < 4; ++w) ExchangeBits<2>(&p[w + (w & 2)], &p[w + (w & 2) + 2], 0x33333333u);
  for (int w = 0; w < 8; w += 2) ExchangeBits<1>(&p[w], &p[w + 1], 0x55555555u);
  return planes;
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_SPLIT_BYTE_PLANES_H_
