// split/family_rules.h: from class masks to the mask of piece starts, by bit algebra: the rules of each pattern family.
//
// Model: bit i of a rule's answer says whether byte i begins a piece, given that byte 0 does (or is inside a word). Shifting
// a mask up by one asks about the byte before, down by one about the byte behind; adding fills runs.
// This header is compiled once per instruction set inside an anonymous namespace: include it only from mask_scan.h.
#ifndef TOK_SRC_SPLIT_FAMILY_RULES_H_
#define TOK_SRC_SPLIT_FAMILY_RULES_H_

#include <cstdint>

#include "src/split/class_masks.h"
#include "src/split/splitter.h"

namespace tok {
namespace {

// Bits of `runs` from each bit of `seeds` (which lie in `runs`, one per run) to the end of its run.
inline uint64_t FillRunsUpward(uint64_t seeds, uint64_t runs) { return runs & ~(runs + seeds); }

// Bits of `runs` with a bit of `seeds` at or above them in the same run.
inline uint64_t FillRunsDownward(uint64_t seeds, uint64_t runs) {
  uint64_t filled = seeds & runs;
  for (unsigned shift = 1; shift < 64; shift *= 2) {
    filled |= (filled >> shift) & runs;
    runs &= runs >> shift;
  }
  return filled;
}

// The first bytes of the characters that have their last byte in `last_bytes`.
inline uint64_t FirstBytes(uint64_t last_bytes, const ClassMasks& m) {
  if ((last_bytes & m.continuation) == 0) return last_bytes;
  for (int i = 0; i < 3; ++i)
    last_bytes = (last_bytes & ~m.continuation) | ((last_bytes & m.continuation) >> 1);
  return last_bytes;
}

// Starts of \p{N}{1,3} groups where numbers have several bytes.
inline uint64_t TripleStartsOfCharacters(const ClassMasks& m) {
  uint64_t starts = 0;
  unsigned n_before = 0;  // in the run
  for (uint64_t numbers = m.digit & ~m.continuation; numbers != 0; numbers &= numbers - 1) {
    const uint64_t number = numbers & -numbers;
    if ((number & (m.digit << 1)) == 0) n_before = 0;
    if (n_before++ % 3 == 0) starts |= number;
  }
  return starts;
}

// Starts of \p{N}{1,3} groups.
inline uint64_t TripleStarts(const ClassMasks& m) {
  if ((m.digit & m.high) != 0) return TripleStartsOfCharacters(m);
  const uint64_t digit = m.digit;
  uint64_t starts = digit & ~(digit << 1);
  const uint64_t inside = digit & (digit << 1) & (digit << 2) & (digit << 3);
  for (uint64_t last = starts; (last = (last << 3) & inside) != 0;) starts |= last;
  return starts;
}

// Starts inside white space that is not absorbed by a symbol piece: \s*[\r\n]+ | \s+(?!\S) | \s+.
// `edges`: starts of what \S does not see from before it, as it does not see what lies behind the text.
inline uint64_t WhiteSpaceStarts(uint64_t white, const ClassMasks& m, uint64_t edges = 0) {
  const uint64_t newline = m.newline & white;
  uint64_t starts = white & ~(white << 1);  // first of a run
  // Last of a run, taken along by what follows.
  starts |= FirstBytes(white & ~newline & ~(white >> 1) & ~(edges >> 1), m);
  const uint64_t in_longer_run = newline & ((white << 1) | (white >> 1));
  if (in_longer_run != 0) {
    const uint64_t up_to_last_newline = FillRunsDownward(newline, white);
    starts |= white & ~up_to_last_newline & (up_to_last_newline << 1);
    // Before the last newline of a run only its first character starts a piece.
    starts &= ~(up_to_last_newline & (white << 1));
  }
  return starts;
}

// Length of '(?:[sdmt]|ll|ve|re) at `p` (three readable bytes), 0 if it is not there.
inline unsigned ContractionAt(const char* p, bool ignore_case) {
  if (ignore_case && p[1] == '\xC5' && p[2] == '\xBF') return 3;  // U+017F folds to s
  const char fold = ignore_case ? 0x20 : 0;
  const char a = static_cast<char>(p[1] | fold), b = static_cast<char>(p[2] | fold);
  if (a == 's' || a == 'd' || a == 'm' || a == 't') return 2;
  if ((a == 'l' && b == 'l') || ((a == 'v' || a == 'r') && b == 'e')) return 3;
  return 0;
}

// Moves the boundary from behind the apostrophe to behind the contraction, for each apostrophe in `candidates`.
// `joins_word`: the contraction ends a word (o200k) instead of being a piece of its own.
inline uint64_t ApplyContractions(const char* batch, uint64_t starts, uint64_t candidates, bool ignore_case,
                                  bool joins_word) {
  unsigned previous_end = 65;
  for (; candidates != 0; candidates &= candidates - 1) {
    const unsigned i = static_cast<unsigned>(__builtin_ctzll(candidates));
    if (i > 61) break;                              // starts this late are not used
    if (joins_word && i == previous_end) continue;  // a word takes one contraction
    const unsigned n = ContractionAt(batch + i, ignore_case);
    if (n == 0) continue;
    previous_end = i + n;
    starts &= ~(LowBits(n) << i);
    if (!joins_word) starts |= uint64_t{1} << i;
    if (i + n < 64) starts |= uint64_t{1} << (i + n);
  }
  return starts;
}

inline uint64_t Gpt2Starts(const ClassMasks& m, const char* batch) {
  const uint64_t letter = m.upper | m.lower | m.caseless;
  const uint64_t other = ~(letter | m.digit | m.space);
  const uint64_t same = (letter & (letter << 1)) | (m.digit & (m.digit << 1)) | (other & (other << 1));
  uint64_t starts = ~m.space & ~same & ~(m.blank << 1);
  starts |= (m.space & ~(m.space << 1)) | FirstBytes(m.space & ~(m.space >> 1), m);
  if (const uint64_t candidates = m.apostrophe & (starts | 1)) {
    starts = ApplyContractions(batch, starts, candidates, /*ignore_case=*/false, /*joins_word=*/false);
  }
  return starts;
}

// The characters (all their bytes) that have a bit in `first_bytes`.
inline uint64_t WholeCharacters(uint64_t first_bytes, const ClassMasks& m) {
  for (int i = 0; i < 3; ++i) first_bytes |= (first_bytes << 1) & m.continuation;
  return first_bytes;
}

// What cl100k, Llama 3, Qwen and o200k have in common: starts of digit groups, symbols, words and white space.
inline uint64_t WordStarts(const ClassMasks& m, uint64_t letter, uint64_t digit_starts) {
  const uint64_t other = ~(letter | m.digit | m.space);
  const uint64_t other_begin = other & ~(other << 1) & ~(m.blank << 1);
  const uint64_t prefix = (m.space & ~m.newline) | WholeCharacters(other_begin, m);
  const uint64_t absorbed = FillRunsUpward((other << 1) & m.newline, m.newline);  // newlines behind symbols
  return digit_starts | other_begin | (letter & ~(letter << 1) & ~(prefix << 1)) |
         WhiteSpaceStarts(m.space & ~absorbed, m);
}

inline uint64_t Cl100kStarts(const ClassMasks& m, const char* batch, bool single_digits) {
  uint64_t starts = WordStarts(m, m.upper | m.lower | m.caseless,
                               single_digits ? m.digit & ~m.continuation : TripleStarts(m));
  if (const uint64_t candidates = m.apostrophe & (starts | 1)) {
    starts = ApplyContractions(batch, starts, candidates, /*ignore_case=*/true, /*joins_word=*/false);
  }
  return starts;
}

// `capitals`: the first ones behind letters that may stand in both halves of an o200k word (`shared`). Those begin a word
// if a small letter has begun the second half before them, or if none of either half follows, which ends the word.
inline uint64_t StartsBehindSharedLetters(uint64_t capitals, uint64_t shared, ClassMasks* m) {
  const uint64_t second_half = FillRunsUpward((m->lower << 1) & shared, shared) << 1;
  const uint64_t run = FillRunsUpward(capitals, m->upper);
  const uint64_t joined = FillRunsDownward((run & (m->lower | shared) >> 1), run);
  m->unsure |= capitals & FillRunsDownward(run & uint64_t{1} << 63, run);
  return capitals & (second_half | ~joined);
}

inline uint64_t O200kStarts(ClassMasks* m, const char* batch, bool has_contractions) {
  const uint64_t shared = m->caseless | m->mark;  // may stand in both halves of a word
  const uint64_t letter = m->upper | m->lower | shared;
  const uint64_t capitals = m->upper & (shared << 1);
  const uint64_t contractions = has_contractions ? m->apostrophe & (letter << 1) : 0;
  // A mark behind anything but a letter is a symbol, a prefix or a word; a slash behind an absorbed newline is absorbed
  // too; behind a contraction a word begins that may look like the second half of one. All are rare.
  m->unsure |= (m->mark & ~(letter << 1)) | (m->slash & (m->newline << 1));
  uint64_t starts = WordStarts(*m, letter, TripleStarts(*m));
  starts |= m->upper & (m->lower << 1);
  if (capitals != 0) {
    starts |= StartsBehindSharedLetters(capitals, shared, m);
    if (contractions != 0) m->unsure |= capitals;
  }
  if (contractions != 0) {
    starts = ApplyContractions(batch, starts, contractions, /*ignore_case=*/true, /*joins_word=*/true);
  }
  return starts;
}

inline uint64_t DeepSeekStarts(const ClassMasks& m) {
  const uint64_t letter = m.upper | m.lower | m.caseless | m.mark;
  const uint64_t ascii_letter = (m.upper | m.lower) & ~m.high;
  const uint64_t punctuation = ~(letter | m.digit | m.space | m.other);
  // Of the segments that the first two patterns make; the third does not look across.
  const uint64_t edges = (m.digit ^ (m.digit << 1)) | (m.han_or_kana ^ (m.han_or_kana << 1));
  const auto behind = [edges](uint64_t mask) { return (mask << 1) & ~edges; };

  const uint64_t first_letter = letter & ~behind(letter);
  const uint64_t punctuation_begin = punctuation & ~behind(punctuation) & ~behind(m.blank);
  // [!-/:-@\[-`{-~][A-Za-z]+
  const uint64_t punctuated_letter = (punctuation_begin & ~m.high) << 1 & ascii_letter;
  const uint64_t prefix = (m.space & ~m.newline) | m.other;
  uint64_t starts =
      edges | TripleStarts(m) | punctuation_begin | (first_letter & ~punctuated_letter & ~behind(prefix));
  if (const uint64_t foreign = letter & ~ascii_letter; foreign != 0) {
    starts |= foreign & (FillRunsUpward(punctuated_letter, ascii_letter) << 1);
  }
  if (m.other != 0) {  // matched before a word only: the first of a run without that, the last with it
    starts |= (m.other & ~behind(m.other)) | FirstBytes(m.other & (first_letter & ~edges) >> 1, m);
  }
  const uint64_t absorbed = FillRunsUpward(behind(punctuation) & m.newline, m.newline);
  return starts | WhiteSpaceStarts(m.space & ~absorbed, m, edges);
}

inline uint64_t SuperwordStarts(ClassMasks* m) {
  const uint64_t symbol = ~(m->upper | m->lower | m->caseless | m->digit | m->space);
  // Runs of two symbols and more, from the blank before them to the newlines behind.
  const uint64_t second = symbol & ~m->continuation & (symbol << 1);
  const uint64_t run_begin = symbol & ~(symbol << 1) & FillRunsDownward(second, symbol);
  const uint64_t run = FillRunsUpward(run_begin, symbol);
  const uint64_t match = run | FillRunsUpward((run << 1) & m->newline, m->newline);
  uint64_t starts = (run_begin & ~(m->blank << 1)) | ((run_begin >> 1) & m->blank);
  starts |= (match << 1) & ~match;
  // A slash behind such a newline goes on with the match: rare.
  m->unsure |= m->slash & (m->newline << 1);
  starts |= TripleStarts(*m) | ((m->digit << 1) & ~m->digit);
  // Blanks but for the last, and that too before other white space.
  starts |= m->blank & ~(m->blank << 1) & (m->space >> 1);
  const uint64_t last = m->blank & ~(m->blank >> 1);
  starts |= last & (m->blank << 1) & ~(m->space >> 1);
  return starts | (last & (m->space >> 1)) << 1;
}

// May add to what is unsure.
template <PatternFamily kFamily>
inline uint64_t FamilyStarts(ClassMasks* m, const char* batch) {
  if constexpr (kFamily == PatternFamily::kGpt2) return Gpt2Starts(*m, batch);
  if constexpr (kFamily == PatternFamily::kO200k) return O200kStarts(m, batch, /*has_contractions=*/true);
  if constexpr (kFamily == PatternFamily::kSubwords) return O200kStarts(m, batch, /*has_contractions=*/false);
  if constexpr (kFamily == PatternFamily::kSuperwords) return SuperwordStarts(m);
  if constexpr (kFamily == PatternFamily::kSpacedWords) return m->blank & ~(m->space << 1);
  if constexpr (kFamily == PatternFamily::kDeepSeek) return DeepSeekStarts(*m);
  return Cl100kStarts(*m, batch, kFamily == PatternFamily::kQwen);
}

}  // namespace
}  // namespace tok

#endif  // TOK_SRC_SPLIT_FAMILY_RULES_H_
