// split/class_masks.h: the classes of 64 bytes of text as bit masks, one bit a byte.
//
// Model: `Bytes` holds 64 bytes in vector registers and compares them (mask_scanner_*.cc); the classes of ASCII are some
// comparisons, those of frequent scripts a few more, and other characters are looked up one at a time. All bytes of a
// character carry its class, so that rules about neighbouring characters are rules about neighbouring bits.
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
  uint64_t upper, lower, digit, space, newline, blank, apostrophe, slash;
  uint64_t high, continuation;      // bytes above 0x7F; those among them that begin no character
  uint64_t caseless = 0, mark = 0;  // other letters, marks
  uint64_t unsure = 0;              // what the rules do not cover: from here on they must not be trusted
  uint64_t other = 0;               // CharClass::kOther; of ASCII after ClassifyForDeepSeek() only
  uint64_t han_or_kana = 0;         // IsHanOrKana(), after ClassifyForDeepSeek() only
};

// Bits below n (n <= 64).
inline uint64_t LowBits(unsigned n) { return n >= 64 ? ~uint64_t{0} : (uint64_t{1} << n) - 1; }

template <typename Bytes>
ClassMasks ClassifyAscii(const Bytes& bytes) {
  ClassMasks m;
  m.upper = bytes.InRange('A', 'Z');
  m.lower = bytes.InRange('a', 'z');
  m.digit = bytes.InRange('0', '9');
  m.blank = bytes.Equal(' ');
  m.space = m.blank | bytes.InRange('\t', '\r');
  m.newline = bytes.Equal('\n') | bytes.Equal('\r');
  m.apostrophe = bytes.Equal('\'');
  m.slash = bytes.Equal('/');
  m.high = bytes.High();
  m.continuation = m.high & ~bytes.InRange(0xC0, 0xFF);
  return m;
}

// Leads of characters of `n_bytes` that are in the batch as a whole.
inline uint64_t WholeLeads(uint64_t leads, unsigned n_bytes, const ClassMasks& m) {
  for (unsigned i = 1; i < n_bytes; ++i) leads &= m.continuation >> i;
  return leads;
}
inline uint64_t PairsOf(uint64_t leads) { return leads | leads << 1; }
inline uint64_t TriplesOf(uint64_t leads) { return leads | leads << 1 | leads << 2; }

// Adds the Cyrillic letters U+0400 to U+045F; returns the bytes it knows.
template <typename Bytes>
uint64_t ClassifyCyrillic(const Bytes& bytes, ClassMasks* m) {
  const uint64_t d0 = WholeLeads(bytes.Equal(0xD0), 2, *m), d1 = WholeLeads(bytes.Equal(0xD1), 2, *m);
  const uint64_t second_from_b0 = bytes.InRange(0xB0, 0xBF) >> 1;
  const uint64_t upper = PairsOf(d0 & ~second_from_b0);
  const uint64_t lower = PairsOf((d0 & second_from_b0) | (d1 & (bytes.InRange(0x80, 0x9F) >> 1)));
  m->upper |= upper;
  m->lower |= lower;
  return upper | lower;
}

// Adds Han (U+4E00 to U+9FFF), Hangul syllables and kana, which are letters without case; returns the bytes it knows,
// frequent punctuation among them, which is in no class.
template <typename Bytes>
uint64_t ClassifyEastAsian(const Bytes& bytes, ClassMasks* m) {
  const auto second_in = [&](unsigned first, unsigned last) { return bytes.InRange(first, last) >> 1; };
  const auto third_in = [&](unsigned first, unsigned last) { return bytes.InRange(first, last) >> 2; };
  const uint64_t han = bytes.InRange(0xE5, 0xE9) | (bytes.Equal(0xE4) & second_in(0xB8, 0xBF));
  const uint64_t hangul = bytes.InRange(0xEB, 0xEC) | (bytes.Equal(0xEA) & second_in(0xB0, 0xBF)) |
                          (bytes.Equal(0xED) & second_in(0x80, 0x9D));
  const uint64_t e3 = bytes.Equal(0xE3);
  const uint64_t kana = e3 & ((second_in(0x81, 0x81) & ~third_in(0x80, 0x80)) |
                              (second_in(0x82, 0x82) & (third_in(0x80, 0x96) | third_in(0xA1, 0xBF))) |
                              (second_in(0x83, 0x83) & ~third_in(0xBB, 0xBB)));
  const uint64_t letters = WholeLeads(han | hangul | kana, 3, *m);
  m->caseless |= TriplesOf(letters);
  // U+3001 to U+3004, U+3008 to U+301F; U+FF01 to U+FF0F, U+FF1A to U+FF20.
  const uint64_t punctuation =
      (e3 & second_in(0x80, 0x80) & (third_in(0x81, 0x84) | third_in(0x88, 0x9F))) |
      (bytes.Equal(0xEF) & second_in(0xBC, 0xBC) & (third_in(0x81, 0x8F) | third_in(0x9A, 0xA0)));
  return TriplesOf(letters | WholeLeads(punctuation, 3, *m));
}

// `text` begins with the batch and may go on behind it.
template <typename Bytes>
void ClassifyNonAscii(const Bytes& bytes, std::string_view text, ClassMasks* m) {
  constexpr int kManyCharacters = 6;  // fewer are looked up faster
  uint64_t covered = 0;
  if (__builtin_popcountll(bytes.InRange(0xD0, 0xD1)) >= kManyCharacters)
    covered |= ClassifyCyrillic(bytes, m);
  if (__builtin_popcountll(bytes.InRange(0xE3, 0xEF)) >= kManyCharacters)
    covered |= ClassifyEastAsian(bytes, m);
  uint64_t by_class[kNumCharClasses] = {};
  for (uint64_t leads = m->high & ~m->continuation & ~covered; leads != 0; leads &= leads - 1) {
    const auto i = static_cast<unsigned>(__builtin_ctzll(leads));
    const DecodedChar c = DecodeUtf8(text, i);
    const uint64_t character = LowBits(c.n_bytes) << i;
    by_class[static_cast<size_t>(ClassOf(c.code_point))] |= character;
    covered |= character;
  }
  const auto of = [&](CharClass c) { return by_class[static_cast<size_t>(c)]; };
  m->upper |= of(CharClass::kUpper);
  m->lower |= of(CharClass::kLower);
  m->caseless |= of(CharClass::kLetterOther);
  m->mark |= of(CharClass::kMark);
  m->other |= of(CharClass::kOther);
  // White space and numbers have rules that count characters; a continuation byte of nothing is a character of its own.
  m->unsure = of(CharClass::kSpace) | of(CharClass::kNumber) | (m->continuation & ~covered);
}

// What only the DeepSeek rules ask: after the classes of all characters.
template <typename Bytes>
void ClassifyForDeepSeek(const Bytes& bytes, ClassMasks* m) {
  m->other |= bytes.InRange(0x00, 0x08) | bytes.InRange(0x0E, 0x1F) | bytes.Equal(0x7F);
  if (m->high == 0) return;
  const uint64_t after_be =
      (bytes.InRange(0xBE, 0xBF) >> 1) & ~((bytes.Equal(0xBE) >> 1) & (bytes.InRange(0x80, 0xA5) >> 2));
  const uint64_t leads = bytes.InRange(0xE3, 0xE9), e3 = bytes.Equal(0xE3), e4 = bytes.Equal(0xE4);
  const uint64_t whole = WholeLeads(leads, 3, *m);
  m->han_or_kana = TriplesOf(whole & ~(e3 & ~(bytes.InRange(0x81, 0x83) >> 1)) &
                             ~(e4 & ~(bytes.InRange(0xB8, 0xBF) >> 1)) & ~(bytes.Equal(0xE9) & after_be));
  m->unsure |= leads & ~whole;
}

}  // namespace
}  // namespace tok

#endif  // TOK_SRC_SPLIT_CLASS_MASKS_H_
