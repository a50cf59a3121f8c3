// split/pair_splitter.h: cuts a text between two bytes wherever the two alone say so.
//
// Model: a few rectangles of byte pairs, each "a byte of a left set before a byte of a right set"; every place of the text
// whose two neighbours lie in one of them is a cut. No place depends on another, so that a cut is a cut whatever surrounds
// it.
// Cost: the vector scanners look at 64 places with some 80 (AVX2), 45 (AVX-512) or 170 (NEON) instructions.
// Threads: immutable and shareable.
#ifndef TOK_SRC_SPLIT_PAIR_SPLITTER_H_
#define TOK_SRC_SPLIT_PAIR_SPLITTER_H_

#include <array>
#include <cstdint>
#include <memory>

#include "src/base/instruction_set.h"
#include "src/split/splitter.h"
#include "tok/status.h"

namespace tok {

struct CutPairs {
  static constexpr unsigned kMaxRectangles = 3;

  // Bit k: the byte lies in the left (right) set of rectangle k. A byte inside a character belongs in no right set.
  std::array<uint8_t, 256> left{}, right{};

  bool CutsBetween(char before, char behind) const {
    return (left[static_cast<unsigned char>(before)] & right[static_cast<unsigned char>(behind)]) != 0;
  }
};

// The scanner of the chosen instruction set. Errors: those of ChosenInstructionSet.
absl::StatusOr<std::shared_ptr<const Splitter>> MakePairSplitter(const CutPairs& pairs);
// That of any (tests, benchmarks); null where this machine does not run it.
std::shared_ptr<const Splitter> MakePairSplitter(const CutPairs& pairs, InstructionSet set);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_PAIR_SPLITTER_H_
