// split/mask_scan.h: the mask scanner: piece boundaries of 64 bytes at a time by bit algebra.
//
// Model: a batch starts at a piece boundary, or inside a word that reached the end of what was sure of the batch before. A
// classifier turns its 64 bytes into one bit mask per class; a family's rules turn the masks into the mask of piece starts
// with some 30 word operations; only starts that no later byte can change are used, and the last of them begins the next
// batch. What the rules do not cover (ClassMasks::unsure) goes through the reference scanner, one piece at a time.
// Source: the approach of simdjson (Langdale and Lemire, 2019, "Parsing Gigabytes of JSON per Second") applied to
// pre-tokenization.
// This header is compiled once per instruction set inside an anonymous namespace: include it only from
// mask_scanner_*.cc, after switching the target on, and include before that whatever this header includes.
#ifndef TOK_SRC_SPLIT_MASK_SCAN_H_
#define TOK_SRC_SPLIT_MASK_SCAN_H_

#include <cstring>

#include "src/split/class_masks.h"
#include "src/split/mask_scanners.h"
#include "src/split/reference_scanner.h"
#include "src/split/safe_cut.h"
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

// Starts of \p{N}{1,3} groups.
inline uint64_t TripleStarts(uint64_t digit) {
  uint64_t starts = digit & ~(digit << 1);
  const uint64_t inside = digit & (digit << 1) & (digit << 2) & (digit << 3);
  for (uint64_t last = starts; (last = (last << 3) & inside) != 0;) starts |= last;
  return starts;
}

// Starts inside white space that is not absorbed by a symbol piece: \s*[\r\n]+ | \s+(?!\S) | \s+.
// `edges`: starts of what \S does not see from before it, as it does not see what lies behind the text.
inline uint64_t WhiteSpaceStarts(uint64_t white, uint64_t newline, uint64_t edges = 0) {
  newline &= white;
  uint64_t starts = white & ~(white << 1);                     // first of a run
  starts |= white & ~newline & ~(white >> 1) & ~(edges >> 1);  // last of a run, taken along by what follows
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
  starts |= m.space & (~(m.space << 1) | ~(m.space >> 1));
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
         WhiteSpaceStarts(m.space & ~absorbed, m.newline);
}

inline uint64_t Cl100kStarts(const ClassMasks& m, const char* batch, bool single_digits) {
  uint64_t starts =
      WordStarts(m, m.upper | m.lower | m.caseless, single_digits ? m.digit : TripleStarts(m.digit));
  if (const uint64_t candidates = m.apostrophe & (starts | 1)) {
    starts = ApplyContractions(batch, starts, candidates, /*ignore_case=*/true, /*joins_word=*/false);
  }
  return starts;
}

inline uint64_t O200kStarts(ClassMasks* m, const char* batch) {
  const uint64_t shared = m->caseless | m->mark;  // may stand in both halves of a word
  const uint64_t letter = m->upper | m->lower | shared;
  // Where a capital behind a shared letter begins a word depends on what follows; a mark behind anything but a letter is
  // a symbol, a prefix or a word; a slash behind an absorbed newline is absorbed too. All are rare.
  m->unsure |= (m->upper & (shared << 1)) | (m->mark & ~(letter << 1)) | (m->slash & (m->newline << 1));
  uint64_t starts = WordStarts(*m, letter, TripleStarts(m->digit));
  starts |= m->upper & (m->lower << 1);
  if (const uint64_t candidates = m->apostrophe & (letter << 1)) {
    starts = ApplyContractions(batch, starts, candidates, /*ignore_case=*/true, /*joins_word=*/true);
  }
  return starts;
}

// The first bytes of the characters that have their last byte in `last_bytes`.
inline uint64_t FirstBytes(uint64_t last_bytes, const ClassMasks& m) {
  for (int i = 0; i < 3; ++i)
    last_bytes = (last_bytes & ~m.continuation) | ((last_bytes & m.continuation) >> 1);
  return last_bytes;
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
  uint64_t starts = edges | TripleStarts(m.digit) | punctuation_begin |
                    (first_letter & ~punctuated_letter & ~behind(prefix));
  if (const uint64_t foreign = letter & ~ascii_letter; foreign != 0) {
    starts |= foreign & (FillRunsUpward(punctuated_letter, ascii_letter) << 1);
  }
  if (m.other != 0) {  // matched before a word only: the first of a run without that, the last with it
    starts |= (m.other & ~behind(m.other)) | FirstBytes(m.other & (first_letter & ~edges) >> 1, m);
  }
  const uint64_t absorbed = FillRunsUpward(behind(punctuation) & m.newline, m.newline);
  return starts | WhiteSpaceStarts(m.space & ~absorbed, m.newline, edges);
}

// May add to what is unsure.
template <PatternFamily kFamily>
inline uint64_t FamilyStarts(ClassMasks* m, const char* batch) {
  if constexpr (kFamily == PatternFamily::kGpt2) return Gpt2Starts(*m, batch);
  if constexpr (kFamily == PatternFamily::kO200k) return O200kStarts(m, batch);
  if constexpr (kFamily == PatternFamily::kDeepSeek) return DeepSeekStarts(*m);
  return Cl100kStarts(*m, batch, kFamily == PatternFamily::kQwen);
}

struct BatchStarts {
  uint64_t starts;  // of pieces, behind bit 0, that no byte outside the batch can change
  unsigned
      resume;  // if there is none: where in the word that fills the batch the next one may begin; 0: nowhere
};

template <PatternFamily kFamily>
inline BatchStarts CertainStarts(ClassMasks* m, const char* batch) {
  const uint64_t starts = FamilyStarts<kFamily>(m, batch) & ~uint64_t{1};
  const unsigned usable = m->unsure != 0 ? static_cast<unsigned>(__builtin_ctzll(m->unsure)) : 64;
  // Contractions look three bytes ahead; in DeepSeek what no pattern matches, at the character behind it.
  constexpr unsigned kReach = kFamily == PatternFamily::kDeepSeek ? 5 : 3;
  if (usable <= kReach) return {0, 0};
  // White space that reaches the edge: where it is cut depends on what follows.
  const uint64_t not_white = ~m->space & LowBits(usable);
  const unsigned white_begin = not_white == 0 ? 0 : 64 - static_cast<unsigned>(__builtin_clzll(not_white));
  const unsigned limit = white_begin < usable - kReach ? white_begin : usable - kReach;
  const uint64_t certain = starts & LowBits(limit + 1);
  if (certain != 0) return {certain, 0};
  // Inside a word all that matters of what came before is that it is a word. (Of a capital in o200k the case before
  // it matters, of a letter behind an apostrophe whether the two are a contraction, and in DeepSeek the symbol before a
  // word of ASCII letters.)
  uint64_t inside = m->lower | m->caseless;
  if constexpr (kFamily != PatternFamily::kO200k) inside |= m->upper;
  if constexpr (kFamily == PatternFamily::kDeepSeek) {
    if (((inside | m->mark | m->space | m->other) & 1) == 0) return {0, 0};
  }
  inside &= ~m->continuation & LowBits(limit + 1) & ~uint64_t{1};
  if (inside == 0 || (m->apostrophe & LowBits(limit + 1)) != 0) return {0, 0};
  return {0, 63 - static_cast<unsigned>(__builtin_clzll(inside))};
}

template <PatternFamily kFamily, typename Bytes>
size_t FillMasked(std::string_view text, SplitState* state, size_t* ends, size_t capacity) {
  constexpr size_t kBatch = 64;
  size_t begin = state->position, n = 0;  // of the piece at hand
  bool all_ascii = true;
  const auto one_piece = [&] {
    const size_t end = PieceEnd(kFamily, text, begin);
    all_ascii = all_ascii && IsAscii(text.substr(begin, end - begin));
    ends[n++] = begin = end;
  };
  for (size_t position = begin; n + kBatch <= capacity && begin < text.size();) {
    const std::string_view rest = text.substr(position);
    const char* batch = rest.data();
    char padded[kBatch];
    if (rest.size() < kBatch) {
      std::memset(padded, 0, kBatch);
      std::memcpy(padded, rest.data(), rest.size());
      batch = padded;
    }
    const Bytes bytes(batch);
    ClassMasks masks = ClassifyAscii(bytes);
    if (masks.high != 0) ClassifyNonAscii(bytes, rest, &masks);
    if constexpr (kFamily == PatternFamily::kDeepSeek) ClassifyForDeepSeek(bytes, &masks);
    if (rest.size() < kBatch) masks.unsure |= ~LowBits(static_cast<unsigned>(rest.size()));
    all_ascii = all_ascii && masks.high == 0;
    auto [starts, resume] = CertainStarts<kFamily>(&masks, batch);
    if (starts == 0) {
      if (resume == 0) one_piece();
      position = resume == 0 ? begin : position + resume;
      continue;
    }
    for (; starts != 0; starts &= starts - 1) {
      begin = position + static_cast<size_t>(__builtin_ctzll(starts));
      ends[n++] = begin;
    }
    position = begin;
  }
  if (n == 0 && capacity > 0 && begin < text.size()) one_piece();  // room for less than a batch
  state->position = begin;
  state->all_ascii = all_ascii;
  return n;
}

template <typename Bytes>
class MaskScanner final : public Splitter {
 public:
  explicit MaskScanner(PatternFamily family) : family_(family) {}

  size_t Fill(std::string_view text, SplitState* state, size_t* ends, size_t capacity) const override {
    switch (family_) {
      case PatternFamily::kGpt2: return FillMasked<PatternFamily::kGpt2, Bytes>(text, state, ends, capacity);
      case PatternFamily::kCl100k:
        return FillMasked<PatternFamily::kCl100k, Bytes>(text, state, ends, capacity);
      case PatternFamily::kLlama3:
        return FillMasked<PatternFamily::kLlama3, Bytes>(text, state, ends, capacity);
      case PatternFamily::kQwen: return FillMasked<PatternFamily::kQwen, Bytes>(text, state, ends, capacity);
      case PatternFamily::kO200k:
        return FillMasked<PatternFamily::kO200k, Bytes>(text, state, ends, capacity);
      case PatternFamily::kDeepSeek:
        return FillMasked<PatternFamily::kDeepSeek, Bytes>(text, state, ends, capacity);
    }
    return 0;
  }
  std::string Name() const override {
    return Concat(PatternFamilyName(family_), " mask scanner (", Bytes::kName, ")");
  }
  size_t SafeCut(std::string_view text, size_t begin, size_t limit) const override {
    return LastSafeCut(text, begin, limit);
  }

 private:
  PatternFamily family_;
};

}  // namespace
}  // namespace tok

#endif  // TOK_SRC_SPLIT_MASK_SCAN_H_
