// split/class_masks.h: the classes of 64 bytes of text as bit masks, one bit a byte.
//
// Model: `Bytes` holds 64 bytes in vector registers, compares them and looks them up (mask_scanner_*.cc); the classes
// of ASCII are some comparisons, those of Cyrillic and East Asian scripts a few more. Other characters are looked up by
// rows of the property table where there are many, else one at a time. All bytes of a character carry its class, so
// that rules about neighbouring characters are rules about neighbouring bits.
// This header is compiled once per instruction set inside an anonymous namespace: include it only from family_rules.h
// and mask_scan.h.
#ifndef TOK_SRC_SPLIT_CLASS_MASKS_H_
#define TOK_SRC_SPLIT_CLASS_MASKS_H_

#include <cstddef>
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

// All bytes of the characters of each class.
class BytesByClass {
 public:
  uint64_t& operator[](CharClass c) { return bytes_[static_cast<size_t>(c)]; }

 private:
  uint64_t bytes_[kNumCharClasses] = {};
};

// The class of a character as a bit, by the low six bits of its property byte. Punctuation, which needs no mask, has
// none.
struct ClassBitTable {
  uint8_t bits[64];
};
inline constexpr ClassBitTable kClassBits = [] {
  ClassBitTable table{};
  for (size_t i = 0; i < sizeof table.bits; ++i) {
    const size_t category = i & unicode_tables::kCategoryMask;
    if (category < kClassOfCategory.size())
      table.bits[i] = static_cast<uint8_t>(ClassBit(kClassOfCategory[category]));
  }
  return table;
}();

// Characters of two and three bytes, of which `ends` are the last ones.
inline uint64_t WholeFromEnds(uint64_t ends, const ClassMasks& m) {
  for (int i = 0; i < 2; ++i) ends |= (ends & m.continuation) >> 1;
  return ends;
}

// Adds the characters that end in `last_bytes`, where their property bytes are.
template <typename Bytes>
void CollectClasses(const Bytes& properties, uint64_t last_bytes, const ClassMasks& m,
                    BytesByClass* by_class) {
  const Bytes classes = properties.LookUp(kClassBits.bits);
  const auto any_of = [&](uint32_t class_bits) { return classes.HasBit(class_bits) & last_bytes; };
  const auto collect = [&](CharClass c) { (*by_class)[c] |= WholeFromEnds(any_of(ClassBit(c)), m); };
  collect(CharClass::kLetterOther);
  collect(CharClass::kMark);
  if (any_of(ClassBit(CharClass::kUpper) | ClassBit(CharClass::kLower)) != 0) {
    collect(CharClass::kUpper);
    collect(CharClass::kLower);
  }
  if (any_of(ClassBit(CharClass::kNumber) | ClassBit(CharClass::kSpace) | ClassBit(CharClass::kOther)) != 0) {
    collect(CharClass::kNumber);
    collect(CharClass::kOther);
    // U+0085 is white space by property and a control by category.
    const uint64_t space = WholeFromEnds(properties.HasBit(unicode_tables::kWhiteSpace) & last_bytes, m);
    (*by_class)[CharClass::kSpace] |= space;
    (*by_class)[CharClass::kOther] &= ~space;
  }
}

// The first two bytes of a character tell its row of the property table.
struct RowPrefix {
  unsigned char b0 = 0xC2, b1 = 0x80;
};

// Looks up characters of two and three bytes among `leads`, all those of a row of the property table (128 code points,
// which share all bytes but the last and one bit) at once; returns the bytes it knows.
// `guess`: a row that is looked up first, so that nothing waits for the text to tell which; set to the last one needed.
template <typename Bytes>
uint64_t ClassifyRows(const Bytes& bytes, const char* batch, uint64_t leads, const ClassMasks& m,
                      BytesByClass* by_class, RowPrefix* guess) {
  static_assert(unicode_tables::kBlockShift == 7);
  const uint64_t two = WholeLeads(leads & bytes.InRange(0xC2, 0xDF), 2, m);
  const uint64_t three = WholeLeads(leads & bytes.InRange(0xE0, 0xEF), 3, m);
  const Bytes without_row_bit = bytes.With(1);
  const uint64_t upper_half = bytes.HasBit(1) << 1;
  Bytes properties = Bytes::Fill(0);  // of the character that ends in the byte
  uint64_t last_bytes = 0;            // where they are known
  uint64_t left = two | three;
  const auto look_up = [&](RowPrefix prefix) {
    const bool is_pair = prefix.b0 < 0xE0;
    const uint64_t row_leads =
        left & (is_pair ? without_row_bit.Equal(prefix.b0 | 1u)
                        : bytes.Equal(prefix.b0) & (without_row_bit.Equal(prefix.b1 | 1u) >> 1));
    const char32_t first =
        is_pair ? (prefix.b0 & 0x1Eu) << 6 : (prefix.b0 & 0x0Fu) << 12 | (prefix.b1 & 0x3Eu) << 6;
    left &= ~row_leads;
    if (!is_pair && (first < 0x800 || (first >= 0xD800 && first <= 0xDFFF))) return;  // no UTF-8
    const uint64_t row_ends = is_pair ? row_leads << 1 : row_leads << 2;
    const uint8_t* row = unicode_tables::PropertyRow(first);
    properties.Set(row_ends & ~upper_half, bytes.LookUp(row));
    properties.Set(row_ends & upper_half, bytes.LookUp(row + 64));
    last_bytes |= row_ends;
  };
  look_up(*guess);
  while (left != 0) {
    const auto i = static_cast<unsigned>(__builtin_ctzll(left));
    *guess = {static_cast<unsigned char>(batch[i]), static_cast<unsigned char>(batch[i + 1])};
    look_up(*guess);
  }
  CollectClasses(properties, last_bytes, m, by_class);
  return WholeFromEnds(last_bytes, m);
}

// `text` begins with the batch and may go on behind it. `guess`: kept from batch to batch.
template <typename Bytes>
void ClassifyNonAscii(const Bytes& bytes, const char* batch, std::string_view text, RowPrefix* guess,
                      ClassMasks* m) {
  constexpr int kManyCharacters = 6;  // fewer are looked up faster
  // Letters of a script of its own are of a row or two; accents between ASCII letters are fewer and of many rows.
  constexpr int kManyBytesInRows = 32;
  const uint64_t leads = m->high & ~m->continuation;
  uint64_t covered = 0;
  if (__builtin_popcountll(bytes.InRange(0xD0, 0xD1)) >= kManyCharacters)
    covered |= ClassifyCyrillic(bytes, m);
  if (__builtin_popcountll(bytes.InRange(0xE3, 0xEF)) >= kManyCharacters)
    covered |= ClassifyEastAsian(bytes, m);
  BytesByClass by_class;
  if (__builtin_popcountll(m->high & ~covered) >= kManyBytesInRows)
    covered |= ClassifyRows(bytes, batch, leads & ~covered, *m, &by_class, guess);
  for (uint64_t left = leads & ~covered; left != 0; left &= left - 1) {
    const auto i = static_cast<unsigned>(__builtin_ctzll(left));
    const DecodedChar c = DecodeUtf8(text, i);
    const uint64_t character = LowBits(c.n_bytes) << i;
    by_class[ClassOf(c.code_point)] |= character;
    covered |= character;
  }
  m->upper |= by_class[CharClass::kUpper];
  m->lower |= by_class[CharClass::kLower];
  m->caseless |= by_class[CharClass::kLetterOther];
  m->mark |= by_class[CharClass::kMark];
  m->digit |= by_class[CharClass::kNumber];
  m->space |= by_class[CharClass::kSpace];
  m->other |= by_class[CharClass::kOther];
  m->unsure = m->continuation & ~covered;  // a continuation byte of nothing is a character of its own
}

// What only the DeepSeek rules ask: after the classes of all characters.
template <typename Bytes>
void ClassifyForDeepSeek(const Bytes& bytes, ClassMasks* m) {
  m->other |= bytes.InRange(0x00, 0x08) | bytes.InRange(0x0E, 0x1F) | bytes.Equal(0x7F);
  const uint64_t leads = bytes.InRange(0xE3, 0xE9);
  if (leads == 0) return;
  const auto second_in = [&](unsigned first, unsigned last) { return bytes.InRange(first, last) >> 1; };
  const uint64_t third_to_a5 = bytes.InRange(0x80, 0xA5) >> 2;
  const uint64_t whole = WholeLeads(leads, 3, *m);
  m->han_or_kana = TriplesOf(
      whole & (bytes.InRange(0xE5, 0xE8) | (bytes.Equal(0xE3) & second_in(0x81, 0x83)) |
               (bytes.Equal(0xE4) & second_in(0xB8, 0xBF)) |
               (bytes.Equal(0xE9) & (second_in(0x80, 0xBD) | (second_in(0xBE, 0xBE) & third_to_a5)))));
  m->unsure |= leads & ~whole;
}

}  // namespace
}  // namespace tok

#endif  // TOK_SRC_SPLIT_CLASS_MASKS_H_
