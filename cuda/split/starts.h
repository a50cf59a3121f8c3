// cuda/split/starts.h: from class masks to the mask of piece starts, by bit algebra, for text of any length.
//
// Model: a chunk is kChunkWords words of 32 bytes, one a lane of a warp, behind two lanes with the words before it and before
// one with the word behind it. `Ops` moves masks by one byte (Behind: what the byte before has; Ahead: what the byte behind has; never
// across the edge of a document) and fills runs. What a run brings in from beyond is a bit of the chunk's Carries, for each
// fill of the rules, and the number of a digit in its group of three. Those bits are found by running the same rules once
// before (Ops::summary) without any: a fill's bit at one edge depends on the other edge only if all between is one run, and on
// other fills hardly ever (ExpectedUp).
// What the rules do not cover is `unsure`: a document with such a byte is split in some other way.
#ifndef TOK_CUDA_SPLIT_STARTS_H_
#define TOK_CUDA_SPLIT_STARTS_H_

#include <cstdint>

#include "cuda/base/device_code.h"
#include "cuda/split/class_masks.h"
#include "src/split/splitter.h"

namespace tok::cuda {

inline constexpr unsigned kLanes = 32;
inline constexpr unsigned kFirstLane = 2;  // of the chunk's own words
inline constexpr unsigned kChunkWords = kLanes - kFirstLane - 1;
inline constexpr unsigned kBehindLane = kFirstLane + kChunkWords;
inline constexpr unsigned kLastUpLane = kBehindLane - kFirstLane;  // whose end is the next chunk's lane 0's
inline constexpr unsigned kWordBytes = 32;

// Runs that are filled from a byte towards the end of the text.
enum UpFill : unsigned { kAbsorbed, kSecondHalf, kSymbols, kAbsorbedByMarks, kNumUpFills };
// And towards its beginning.
enum DownFill : unsigned { kNewlineAhead, kTail, kJoined, kNumDownFills };

static_assert(kNumUpFills <= 8 && kNumDownFills <= 8, "a bit each");

// What comes into a chunk across its edges.
struct Carries {
  uint8_t up = 0;         // bit k: the last byte of lane 0 is filled by UpFill k
  uint8_t n_numbers = 0;  // numbers up to there in the group of three at hand
  uint8_t down = 0;       // bit k: the byte behind the chunk is filled by DownFill k
};

// What a chunk brings to its neighbours: without what comes in, and whether it lets that pass.
struct alignas(8) ChunkSummary {
  uint8_t up = 0, up_passes = 0;
  uint8_t n_numbers = 0, numbers_pass = 0;
  uint8_t down = 0, down_passes = 0;
  uint16_t unused = 0;  // read and written with the others
};

constexpr bool HasFills(PatternFamily family) { return family != PatternFamily::kGpt2; }

// \s*[\r\n]+ | \s+(?!\S) | \s+ inside `white`, which symbols have not absorbed. `tail_first`: \s+$ before all of them.
template <bool tail_first, typename Ops, typename Mask>
TOK_WARP_CODE Mask WhiteSpaceStarts(Ops& ops, const ClassMasks<Mask>& m, const Mask& white) {
  const Mask newline = m.newline & white;
  const Mask first = white & ~ops.Behind(white);
  Mask starts = first | ops.FirstBytes(white & ~newline & ~ops.AheadOrEnd(white));
  // A piece ends at the last newline of a run.
  const Mask up_to_newline = ops.FillDown(kNewlineAhead, newline, white);
  starts |= white & ~up_to_newline & ops.Behind(up_to_newline);
  if constexpr (tail_first) {
    const Mask tail = ops.FillDown(kTail, white & ops.ends(), white);
    starts &= ~(tail & ~first);
  }
  return starts;
}

// What cl100k, Llama 3, Qwen and o200k have in common: starts of digit groups, symbols, words and white space.
// `absorbed`: newlines, and what trails them, that go with the symbols before them.
template <bool tail_first, typename Ops, typename Mask>
TOK_WARP_CODE Mask WordStarts(Ops& ops, const ClassMasks<Mask>& m, const Mask& letter, const Mask& symbol,
                              const Mask& absorbed, const Mask& digit_starts) {
  const Mask other = symbol & ~absorbed;
  const Mask other_begin = other & ~ops.Behind(other) & ~ops.Behind(m.blank);
  const Mask prefix = (m.space & ~m.newline) | ops.WholeCharacters(other_begin);
  return digit_starts | other_begin | (letter & ~ops.Behind(letter) & ~ops.Behind(prefix)) |
         WhiteSpaceStarts<tail_first>(ops, m, m.space & ~absorbed);
}

template <typename Ops, typename Mask>
TOK_WARP_CODE Mask Gpt2Starts(Ops& ops, const ClassMasks<Mask>& m) {
  const Mask letter = m.upper | m.lower | m.caseless;
  const Mask other = ~(letter | m.digit | m.space);
  const Mask same =
      (letter & ops.Behind(letter)) | (m.digit & ops.Behind(m.digit)) | (other & ops.Behind(other));
  Mask starts = ~m.space & ~same & ~ops.Behind(m.blank);
  starts |= (m.space & ~ops.Behind(m.space)) | ops.FirstBytes(m.space & ~ops.AheadOrEnd(m.space));
  return ops.ApplyContractions(starts, ops.FindContractions(m.apostrophe & starts, /*ignore_case=*/false));
}

template <bool single_digits, bool tail_first, typename Ops, typename Mask>
TOK_WARP_CODE Mask Cl100kStarts(Ops& ops, const ClassMasks<Mask>& m) {
  const Mask letter = m.upper | m.lower | m.caseless;
  const Mask symbol = ~(letter | m.digit | m.space);
  const Mask absorbed = ops.FillUp(kAbsorbed, ops.Behind(symbol) & m.newline, m.newline);
  const Mask digit_starts = single_digits ? m.digit & ~m.continuation : ops.TripleStarts(m);
  const Mask starts = WordStarts<tail_first>(ops, m, letter, symbol, absorbed, digit_starts);
  return ops.ApplyContractions(starts, ops.FindContractions(m.apostrophe & starts, /*ignore_case=*/true));
}

// Marks that are symbols, in runs of symbols that no word begins in: those behind two symbols or a blank and one. A mark
// behind the first symbol of a run makes a word with it; behind anything else it is a letter.
template <typename Ops, typename Mask>
TOK_WARP_CODE Mask LooseMarks(Ops& ops, const ClassMasks<Mask>& m, const Mask& symbol) {
  const Mask second = symbol & ~m.continuation & (ops.Behind(symbol) | ops.Behind(m.blank));
  return m.mark & ops.FillUp(kSymbols, second, symbol | m.mark);
}

template <bool has_contractions, typename Ops, typename Mask>
TOK_WARP_CODE Mask O200kStarts(Ops& ops, const ClassMasks<Mask>& m, Mask* unsure) {
  Mask symbol = ~(m.upper | m.lower | m.caseless | m.mark | m.digit | m.space);
  const Mask trailing = m.newline | m.slash;  // symbols absorb [\r\n/]*
  Mask absorbed = ops.FillUp(kAbsorbed, ops.Behind(symbol) & m.newline, trailing);
  const Mask loose = LooseMarks(ops, m, symbol & ~absorbed);
  const Mask absorbed_by_marks = ops.FillUp(kAbsorbedByMarks, ops.Behind(loose) & m.newline, trailing);
  *unsure |= absorbed_by_marks & m.slash;  // which was taken for a symbol above
  symbol |= loose;
  absorbed |= absorbed_by_marks;
  const Mask shared = m.caseless | (m.mark & ~loose);  // may stand in both halves of a word
  const Mask letter = m.upper | m.lower | shared;
  Mask starts = WordStarts<false>(ops, m, letter, symbol, absorbed, ops.TripleStarts(m));
  starts |= m.upper & ops.Behind(m.lower);
  // A contraction ends a word; behind it a word begins, whose letters before that do not count.
  Mask lower = m.lower;
  if constexpr (has_contractions) {
    const auto found = ops.FindContractions(m.apostrophe & ops.Behind(letter), /*ignore_case=*/true);
    *unsure |= found.at & ops.Behind(found.inside);  // a word takes one
    starts = (starts & ~found.inside) | found.behind;
    lower = lower & ~found.inside;
  }
  // The first capitals behind letters of both halves begin a word if a small letter has begun the second half before them,
  // or if none of either half follows, which ends the word.
  const Mask capitals = m.upper & ops.Behind(shared);
  const Mask second_half = ops.FillUp(kSecondHalf, ops.Behind(lower) & shared, shared);
  const Mask joined = ops.FillDown(kJoined, m.upper & ops.Ahead(m.lower | shared), m.upper);
  return starts | (capitals & (ops.Behind(second_half) | ~joined));
}

// Bit i: byte i begins a piece. Adds to *unsure.
template <PatternFamily kFamily, typename Ops, typename Mask>
TOK_WARP_CODE Mask PieceStarts(Ops& ops, const ClassMasks<Mask>& m, Mask* unsure) {
  if constexpr (kFamily == PatternFamily::kGpt2) return Gpt2Starts(ops, m);
  if constexpr (kFamily == PatternFamily::kCl100k) return Cl100kStarts<false, true>(ops, m);
  if constexpr (kFamily == PatternFamily::kLlama3) return Cl100kStarts<false, false>(ops, m);
  if constexpr (kFamily == PatternFamily::kQwen) return Cl100kStarts<true, false>(ops, m);
  if constexpr (kFamily == PatternFamily::kO200k) return O200kStarts<true>(ops, m, unsure);
  if constexpr (kFamily == PatternFamily::kSubwords) return O200kStarts<false>(ops, m, unsure);
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_SPLIT_STARTS_H_
