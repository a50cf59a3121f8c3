// cuda/split/class_masks.h: the classes of the characters of text as bit masks, one bit a byte.
//
// Model: all bytes of a character carry its class, so that rules about neighbouring characters are rules about neighbouring
// bits. `Mask` is 32 bits, of the word that a lane of a warp holds, or on the host those of all lanes.
#ifndef TOK_CUDA_SPLIT_CLASS_MASKS_H_
#define TOK_CUDA_SPLIT_CLASS_MASKS_H_

#include <cstdint>

#include "cuda/base/bits.h"
#include "cuda/split/byte_planes.h"
#include "cuda/split/char_table.h"
#include "cuda/split/decode_char.h"
#include "src/split/char_class.h"

namespace tok::cuda {

template <typename Mask>
struct ClassMasks {
  Mask upper, lower, digit, space, newline, blank, apostrophe, slash;
  Mask caseless, mark;  // letters without case, marks
  Mask continuation;    // bytes that begin no character
  Mask invalid;         // bytes that are no UTF-8: of no class
};

// Of one word; what is not ASCII is in no class yet.
TOK_DEVICE_CODE ClassMasks<uint32_t> ClassifyAscii(const BytePlanes& planes) {
  const uint32_t* b = planes.bit;
  const uint32_t high = b[7];
  const uint32_t low5 = b[4] | b[3] | b[2] | b[1] | b[0];
  const uint32_t above_z = b[4] & b[3] & (b[2] | (b[1] & b[0]));
  const uint32_t letter = ~high & b[6] & low5 & ~above_z;
  const uint32_t below_40 = ~high & ~b[6];
  const uint32_t column2 = below_40 & b[5] & ~b[4];
  const uint32_t control = below_40 & ~b[5] & ~b[4] & b[3];  // 0x08 to 0x0F
  ClassMasks<uint32_t> m = {};
  m.upper = letter & ~b[5];
  m.lower = letter & b[5];
  m.digit = below_40 & b[5] & b[4] & ~(b[3] & (b[2] | b[1]));
  m.blank = column2 & ~(b[3] | b[2] | b[1] | b[0]);
  m.newline = control & ((~b[2] & b[1] & ~b[0]) | (b[2] & ~b[1] & b[0]));
  m.space = m.blank | (control & (b[2] | b[1] | b[0]) & ~(b[2] & b[1]));
  m.apostrophe = column2 & ~b[3] & b[2] & b[1] & b[0];
  m.slash = column2 & b[3] & b[2] & b[1] & b[0];
  m.continuation = high & ~b[6];
  return m;
}

// The bytes of a character that lie in the word behind the one it begins in.
struct SpilledChar {
  unsigned char_class = 0, n_bytes = 0;
};

// Adds `bytes` to the class.
TOK_DEVICE_CODE void AddToClass(unsigned char_class, uint32_t bytes, ClassMasks<uint32_t>* m) {
  switch (static_cast<CharClass>(char_class)) {
    case CharClass::kUpper: m->upper |= bytes; break;
    case CharClass::kLower: m->lower |= bytes; break;
    case CharClass::kLetterOther: m->caseless |= bytes; break;
    case CharClass::kMark: m->mark |= bytes; break;
    case CharClass::kNumber: m->digit |= bytes; break;
    case CharClass::kSpace: m->space |= bytes; break;
    default: break;
  }
}

// Adds the characters above ASCII that begin in the word; `ahead`: the first three bytes behind it.
TOK_DEVICE_CODE SpilledChar ClassifyLongChars(const TextWord& word, uint32_t ahead, uint32_t high,
                                              const CharTableView& table, ClassMasks<uint32_t>* m) {
  SpilledChar spilled;
  uint32_t covered = 0;
  for (uint32_t left = high & ~m->continuation; left != 0; left &= left - 1) {
    const unsigned i = LowestBit(left);
    const CharAt c = DecodeLongChar(BytesAt(word, ahead, i));
    if (c.n_bytes == 0) continue;
    const uint64_t bytes = ((uint64_t{1} << c.n_bytes) - 1) << i;
    const unsigned char_class = table.ClassOf(c.code_point);
    covered |= static_cast<uint32_t>(bytes);
    AddToClass(char_class, static_cast<uint32_t>(bytes), m);
    if (i + c.n_bytes > 32) spilled = {char_class, i + c.n_bytes - 32};
  }
  m->invalid = high & ~covered;
  return spilled;
}

// Adds what the word before spilled into this one.
TOK_DEVICE_CODE void AddSpilled(const SpilledChar& spilled, ClassMasks<uint32_t>* m) {
  const uint32_t bytes = (1u << spilled.n_bytes) - 1;
  m->invalid &= ~bytes;
  AddToClass(spilled.char_class, bytes, m);
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_SPLIT_CLASS_MASKS_H_
