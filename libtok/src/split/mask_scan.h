// split/mask_scan.h: the mask scanner: piece boundaries of 64 ASCII bytes at a time by bit algebra.
//
// Model: a batch starts at a piece boundary. A classifier turns its 64 bytes into one bit mask per class (the only
// SIMD part); a family's rules turn the masks into the mask of piece starts with some 30 word operations; only
// starts that no later byte can change are used, and the last of them begins the next batch. Bytes that are not
// ASCII, and pieces longer than a batch, go through the reference scanner, one piece at a time.
// Source: the approach of simdjson (Langdale and Lemire, 2019, "Parsing Gigabytes of JSON per Second") applied to
// pre-tokenization.
// This header is compiled once per instruction set inside an anonymous namespace: include it only from
// mask_scanner_*.cc, after switching the target on.
#ifndef TOK_SRC_SPLIT_MASK_SCAN_H_
#define TOK_SRC_SPLIT_MASK_SCAN_H_

#include "src/split/mask_scanners.h"
#include "src/split/reference_scanner.h"
#include "src/split/splitter.h"

namespace tok {
namespace {

// Bit i describes byte i of the batch.
struct ClassMasks {
  uint64_t upper, lower, digit, space, newline, blank, apostrophe, slash, high;
};

// Bits below n (n <= 64).
inline uint64_t LowBits(unsigned n) { return n >= 64 ? ~uint64_t{0} : (uint64_t{1} << n) - 1; }

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
inline uint64_t WhiteSpaceStarts(uint64_t white, uint64_t newline) {
  newline &= white;
  uint64_t starts = white & ~(white << 1);     // first of a run
  starts |= white & ~newline & ~(white >> 1);  // last of a run, taken along by what follows
  const uint64_t in_longer_run = newline & ((white << 1) | (white >> 1));
  if (in_longer_run != 0) {
    const uint64_t up_to_last_newline = FillRunsDownward(newline, white);
    starts |= white & ~up_to_last_newline & (up_to_last_newline << 1);
    // Before the last newline of a run only its first character starts a piece.
    starts &= ~(up_to_last_newline & (white << 1));
  }
  return starts;
}

// Length of '(?:[sdmt]|ll|ve|re) at `p` (three readable bytes), ASCII, 0 if it is not there.
inline unsigned AsciiContraction(const char* p, bool ignore_case) {
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
    const unsigned n = AsciiContraction(batch + i, ignore_case);
    if (n == 0) continue;
    previous_end = i + n;
    starts &= ~(LowBits(n) << i);
    if (!joins_word) starts |= uint64_t{1} << i;
    if (i + n < 64) starts |= uint64_t{1} << (i + n);
  }
  return starts;
}

inline uint64_t Gpt2Starts(const ClassMasks& m, const char* batch) {
  const uint64_t letter = m.upper | m.lower;
  const uint64_t other = ~(letter | m.digit | m.space);
  const uint64_t same = (letter & (letter << 1)) | (m.digit & (m.digit << 1)) | (other & (other << 1));
  uint64_t starts = ~m.space & ~same & ~(m.blank << 1);
  starts |= m.space & (~(m.space << 1) | ~(m.space >> 1));
  if (const uint64_t candidates = m.apostrophe & (starts | 1)) {
    starts = ApplyContractions(batch, starts, candidates, /*ignore_case=*/false, /*joins_word=*/false);
  }
  return starts;
}

// What cl100k, Llama 3, Qwen and o200k have in common. `absorbed` are the newlines behind symbols.
struct WordContext {
  uint64_t letter, other, absorbed;
  uint64_t Starts(const ClassMasks& m, uint64_t digit_starts) const {
    uint64_t starts = digit_starts;
    const uint64_t other_begin = other & ~(other << 1) & ~(m.blank << 1);
    starts |= other_begin;
    const uint64_t prefix = (m.space & ~m.newline) | other_begin;
    starts |= letter & ~(letter << 1) & ~(prefix << 1);
    return starts | WhiteSpaceStarts(m.space & ~absorbed, m.newline);
  }
};

inline WordContext MakeWordContext(const ClassMasks& m) {
  const uint64_t letter = m.upper | m.lower;
  const uint64_t other = ~(letter | m.digit | m.space);
  return {letter, other, FillRunsUpward((other << 1) & m.newline, m.newline)};
}

inline uint64_t Cl100kStarts(const ClassMasks& m, const char* batch, bool single_digits) {
  const WordContext context = MakeWordContext(m);
  uint64_t starts = context.Starts(m, single_digits ? m.digit : TripleStarts(m.digit));
  if (const uint64_t candidates = m.apostrophe & (starts | 1)) {
    starts = ApplyContractions(batch, starts, candidates, /*ignore_case=*/true, /*joins_word=*/false);
  }
  return starts;
}

// `usable` loses the batch's bytes from the first one that these rules do not cover.
inline uint64_t O200kStarts(const ClassMasks& m, const char* batch, unsigned* usable) {
  // A slash behind an absorbed newline is absorbed too: too rare to have rules of its own.
  if (const uint64_t slash_behind_newline = m.slash & (m.newline << 1)) {
    const unsigned i = static_cast<unsigned>(__builtin_ctzll(slash_behind_newline));
    if (i < *usable) *usable = i;
  }
  const WordContext context = MakeWordContext(m);
  uint64_t starts = context.Starts(m, TripleStarts(m.digit));
  starts |= m.upper & (m.lower << 1);
  if (const uint64_t candidates = m.apostrophe & (context.letter << 1)) {
    starts = ApplyContractions(batch, starts, candidates, /*ignore_case=*/true, /*joins_word=*/true);
  }
  return starts;
}

template <PatternFamily kFamily>
inline uint64_t FamilyStarts(const ClassMasks& m, const char* batch, unsigned* usable) {
  if constexpr (kFamily == PatternFamily::kGpt2) return Gpt2Starts(m, batch);
  if constexpr (kFamily == PatternFamily::kO200k) return O200kStarts(m, batch, usable);
  return Cl100kStarts(m, batch, kFamily == PatternFamily::kQwen);
}

// Piece starts of the batch that no byte outside it can change; bit 0 is always set.
template <PatternFamily kFamily>
inline uint64_t CertainStarts(const ClassMasks& m, const char* batch) {
  unsigned usable = m.high != 0 ? static_cast<unsigned>(__builtin_ctzll(m.high)) : 64;
  const uint64_t starts = FamilyStarts<kFamily>(m, batch, &usable);
  if (usable < 4) return 1;
  // White space that reaches the edge: where it is cut depends on what follows. Contractions look three bytes ahead.
  const uint64_t not_white = ~m.space & LowBits(usable);
  const unsigned white_begin = not_white == 0 ? 0 : 64 - static_cast<unsigned>(__builtin_clzll(not_white));
  const unsigned limit = white_begin < usable - 3 ? white_begin : usable - 3;
  return (starts & LowBits(limit + 1)) | 1;
}

template <PatternFamily kFamily, typename Classifier>
size_t FillMasked(std::string_view text, SplitState* state, size_t* ends, size_t capacity) {
  constexpr size_t kBatch = 64;
  size_t position = state->position, n = 0;
  const auto one_piece = [&] {
    position = PieceEnd(kFamily, text, position);
    ends[n++] = position;
  };
  while (n + kBatch <= capacity && position + kBatch <= text.size()) {
    const char* batch = text.data() + position;
    uint64_t starts = CertainStarts<kFamily>(Classifier::Classify(batch), batch) & ~uint64_t{1};
    if (starts == 0) {
      one_piece();
      continue;
    }
    size_t end = position;
    for (; starts != 0; starts &= starts - 1) {
      end = position + static_cast<size_t>(__builtin_ctzll(starts));
      ends[n++] = end;
    }
    position = end;
  }
  while (n < capacity && position < text.size() && (n == 0 || position + kBatch > text.size())) one_piece();
  state->position = position;
  return n;
}

template <typename Classifier>
class MaskScanner final : public Splitter {
 public:
  explicit MaskScanner(PatternFamily family) : family_(family) {}

  size_t Fill(std::string_view text, SplitState* state, size_t* ends, size_t capacity) const override {
    switch (family_) {
      case PatternFamily::kGpt2:
        return FillMasked<PatternFamily::kGpt2, Classifier>(text, state, ends, capacity);
      case PatternFamily::kCl100k:
        return FillMasked<PatternFamily::kCl100k, Classifier>(text, state, ends, capacity);
      case PatternFamily::kLlama3:
        return FillMasked<PatternFamily::kLlama3, Classifier>(text, state, ends, capacity);
      case PatternFamily::kQwen:
        return FillMasked<PatternFamily::kQwen, Classifier>(text, state, ends, capacity);
      case PatternFamily::kO200k:
        return FillMasked<PatternFamily::kO200k, Classifier>(text, state, ends, capacity);
    }
    return 0;
  }
  std::string Name() const override {
    return Concat(PatternFamilyName(family_), " mask scanner (", Classifier::kName, ")");
  }
  size_t SafeCut(std::string_view text, size_t begin, size_t limit) const override {
    return SafeCutBeforeWord(text, begin, limit);
  }

 private:
  PatternFamily family_;
};

}  // namespace
}  // namespace tok

#endif  // TOK_SRC_SPLIT_MASK_SCAN_H_
