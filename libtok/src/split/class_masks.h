// split/class_masks.h: the classes of 64 bytes of text as bit masks, one bit a byte.
//
// Model: a classifier (mask_scanner_*.cc) fills in what ASCII needs with vector instructions; ClassifyNonAscii adds the
// other characters. All bytes of a character carry its class, so that rules about neighbouring characters are rules
// about neighbouring bits.
// This header is compiled once per instruction set inside an anonymous namespace: include it only from mask_scan.h.
#ifndef TOK_SRC_SPLIT_CLASS_MASKS_H_
#define TOK_SRC_SPLIT_CLASS_MASKS_H_

#include <cstdint>
#include <string_view>

#include "src/split/char_class.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// Bit i describes byte i of the batch. Bytes that are in no class are symbols.
struct ClassMasks {
  uint64_t upper, lower, digit, space, newline, blank, apostrophe,
      slash;                        // of ASCII, then of every character
  uint64_t high, continuation;      // bytes above 0x7F; those among them that begin no character
  uint64_t caseless = 0, mark = 0;  // other letters, marks
  uint64_t unsure = 0;              // what the rules do not cover, from here on they must not be trusted
};

// Bits below n (n <= 64).
inline uint64_t LowBits(unsigned n) { return n >= 64 ? ~uint64_t{0} : (uint64_t{1} << n) - 1; }

// `text` begins with the batch and may go on behind it.
inline void ClassifyNonAscii(std::string_view text, ClassMasks* m) {
  uint64_t by_class[8] = {};
  uint64_t covered = 0;
  for (uint64_t leads = m->high & ~m->continuation; leads != 0; leads &= leads - 1) {
    const auto i = static_cast<unsigned>(__builtin_ctzll(leads));
    const DecodedChar c = DecodeUtf8(text, i);
    const uint64_t bytes = LowBits(c.n_bytes) << i;
    by_class[static_cast<size_t>(ClassOf(c.code_point))] |= bytes;
    covered |= bytes;
  }
  const auto of = [&](CharClass c) { return by_class[static_cast<size_t>(c)]; };
  m->upper |= of(CharClass::kUpper);
  m->lower |= of(CharClass::kLower);
  m->caseless = of(CharClass::kLetterOther);
  m->mark = of(CharClass::kMark);
  // White space and numbers have rules that count characters; a continuation byte of nothing is a character of its own.
  m->unsure = of(CharClass::kSpace) | of(CharClass::kNumber) | (m->continuation & ~covered);
}

}  // namespace
}  // namespace tok

#endif  // TOK_SRC_SPLIT_CLASS_MASKS_H_
