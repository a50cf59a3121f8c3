// cuda/split/decode_char.h: the character that begins at a place of the text, checked.
#ifndef TOK_CUDA_SPLIT_DECODE_CHAR_H_
#define TOK_CUDA_SPLIT_DECODE_CHAR_H_

#include <cstdint>

#include "cuda/base/device_code.h"

namespace tok::cuda {

struct CharAt {
  uint32_t code_point;
  unsigned n_bytes;  // 0: no character of UTF-8 begins here
};

// Of four bytes, the first in the low bits, above ASCII.
TOK_DEVICE_CODE CharAt DecodeLongChar(uint32_t bytes) {
  const uint32_t b0 = bytes & 0xFF, b1 = bytes >> 8 & 0x3F, b2 = bytes >> 16 & 0x3F, b3 = bytes >> 24 & 0x3F;
  const bool has2 = (bytes & 0xC000) == 0x8000, has3 = (bytes & 0xC00000) == 0x800000,
             has4 = (bytes & 0xC0000000) == 0x80000000;
  if (b0 < 0xE0) return {(b0 & 0x1F) << 6 | b1, b0 >= 0xC2 && has2 ? 2u : 0u};
  if (b0 < 0xF0) {
    const uint32_t c = (b0 & 0x0F) << 12 | b1 << 6 | b2;
    return {c, has2 && has3 && c >= 0x800 && (c & 0xF800) != 0xD800 ? 3u : 0u};
  }
  const uint32_t c = (b0 & 0x07) << 18 | b1 << 12 | b2 << 6 | b3;
  return {c, b0 < 0xF5 && has2 && has3 && has4 && c >= 0x10000 && c < 0x110000 ? 4u : 0u};
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_SPLIT_DECODE_CHAR_H_
