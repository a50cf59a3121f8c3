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
#include "src/split/family_rules.h"
#include "src/split/mask_scanners.h"
#include "src/split/reference_scanner.h"
#include "src/split/safe_cut.h"
#include "src/split/splitter.h"

namespace tok {
namespace {

struct BatchStarts {
  uint64_t starts;  // of pieces, behind bit 0, that no byte outside the batch can change
  unsigned
      resume;  // if there is none: where in the word that fills the batch the next one may begin; 0: nowhere
};

template <PatternFamily kFamily>
inline BatchStarts CertainStarts(ClassMasks* m, const char* batch) {
  const uint64_t starts = FamilyStarts<kFamily>(m, batch) & ~uint64_t{1};
  const unsigned usable = m->unsure != 0 ? static_cast<unsigned>(__builtin_ctzll(m->unsure)) : 64;
  // Contractions look three bytes ahead; in DeepSeek what no pattern matches, at the character behind it; a symbol between
  // superwords, behind a blank, at the next one.
  constexpr unsigned kReach = kFamily == PatternFamily::kSuperwords ? 6
                              : kFamily == PatternFamily::kDeepSeek ? 5
                                                                    : 3;
  if (usable <= kReach) return {0, 0};
  // White space that reaches the edge: where it is cut depends on what follows.
  const uint64_t not_white = ~m->space & LowBits(usable);
  const unsigned white_begin = not_white == 0 ? 0 : 64 - static_cast<unsigned>(__builtin_clzll(not_white));
  const unsigned limit = white_begin < usable - kReach ? white_begin : usable - kReach;
  const uint64_t certain = starts & LowBits(limit + 1);
  if (certain != 0) return {certain, 0};
  // Inside a word all that matters of what came before is that it is a word. Exceptions, per family: in o200k the case
  // before a capital, and whether there was a small letter; elsewhere, before a letter behind an apostrophe, whether the
  // two are a contraction; in DeepSeek the symbol before a word of ASCII letters.
  constexpr bool kHasCases = kFamily == PatternFamily::kO200k || kFamily == PatternFamily::kSubwords;
  uint64_t inside = m->lower | m->caseless;
  if constexpr (!kHasCases) inside |= m->upper;
  if constexpr (kHasCases) {
    if ((m->lower & LowBits(limit + 1)) != 0) inside = m->lower;
  }
  if constexpr (kFamily == PatternFamily::kDeepSeek) {
    if (((inside | m->mark | m->space | m->other) & 1) == 0) return {0, 0};
  }
  inside &= ~m->continuation & LowBits(limit + 1) & ~uint64_t{1};
  if (inside == 0) return {0, 0};
  constexpr bool kHasContractions = kFamily != PatternFamily::kSubwords &&
                                    kFamily != PatternFamily::kSuperwords &&
                                    kFamily != PatternFamily::kSpacedWords;
  if (kHasContractions && (m->apostrophe & LowBits(limit + 1)) != 0) return {0, 0};
  return {0, 63 - static_cast<unsigned>(__builtin_clzll(inside))};
}

template <PatternFamily kFamily, typename Bytes>
size_t FillMasked(std::string_view text, SplitState* state, size_t* ends, size_t capacity) {
  constexpr size_t kBatch = 64;
  // Processors do not fetch a text ahead across its pages; half of the scanner's time was waiting for it.
  constexpr size_t kReadAhead = 4096;
  size_t begin = state->position, n = 0;                               // of the piece at hand
  bool only_short_characters = kFamily != PatternFamily::kSuperwords;  // long pieces want to be looked at
  RowPrefix guess;
  const auto one_piece = [&] {
    const size_t end = PieceEnd(kFamily, text, begin);
    only_short_characters = only_short_characters && !HasLongCharacter(text.substr(begin, end - begin));
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
    __builtin_prefetch(rest.data() + kReadAhead);
    const Bytes bytes(batch);
    ClassMasks masks = ClassifyAscii(bytes);
    if (masks.high != 0) {
      ClassifyNonAscii(bytes, batch, rest, &guess, &masks);
      only_short_characters = only_short_characters && bytes.InRange(0xE0, 0xFF) == 0;
    }
    if constexpr (kFamily == PatternFamily::kDeepSeek) ClassifyForDeepSeek(bytes, &masks);
    if (rest.size() < kBatch) masks.unsure |= ~LowBits(static_cast<unsigned>(rest.size()));
    auto [starts, resume] = CertainStarts<kFamily>(&masks, batch);
    if (starts == 0) {
      if (resume == 0) one_piece();
      position = resume == 0 ? begin : position + resume;
      continue;
    }
    // Where the next batch begins is all that it waits for.
    begin = position + 63 - static_cast<size_t>(__builtin_clzll(starts));
    n += Bytes::WritePlaces(starts, position, ends + n);
    position = begin;
  }
  if (n == 0 && capacity > 0 && begin < text.size()) one_piece();  // room for less than a batch
  state->position = begin;
  state->only_short_characters = only_short_characters;
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
      case PatternFamily::kSubwords:
        return FillMasked<PatternFamily::kSubwords, Bytes>(text, state, ends, capacity);
      case PatternFamily::kSuperwords:
        return FillMasked<PatternFamily::kSuperwords, Bytes>(text, state, ends, capacity);
      case PatternFamily::kSpacedWords:
        return FillMasked<PatternFamily::kSpacedWords, Bytes>(text, state, ends, capacity);
    }
    return 0;
  }
  std::string Name() const override {
    return Concat(PatternFamilyName(family_), " mask scanner (", Bytes::kName, ")");
  }
  size_t SafeCut(std::string_view text, size_t begin, size_t limit) const override {
    return LastSafeCut(family_, text, begin, limit);
  }

 private:
  PatternFamily family_;
};

}  // namespace
}  // namespace tok

#endif  // TOK_SRC_SPLIT_MASK_SCAN_H_
