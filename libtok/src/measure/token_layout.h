// measure/token_layout.h: where the tokens of one document lie, sorted for sweeps over its words.
//
// Model: tokens with empty spans (templates) lie nowhere. Normalizers may let spans overlap: nothing here takes them to tile.
// Cost: O(n log n), O(n) where spans are in order already.
#ifndef TOK_SRC_MEASURE_TOKEN_LAYOUT_H_
#define TOK_SRC_MEASURE_TOKEN_LAYOUT_H_

#include <cstdint>
#include <span>
#include <vector>

#include "tok/types.h"

namespace tok {

struct TokenLayout {
  std::vector<Span> tokens;          // by begin
  std::vector<uint64_t> begins;      // sorted
  std::vector<uint64_t> ends;        // sorted
  std::vector<uint64_t> boundaries;  // ends inside the document, sorted, each once

  static TokenLayout Of(std::span<const Span> spans, uint64_t n_bytes);
};

// Of two sorted lists, each without equals.
uint64_t CountShared(std::span<const uint64_t> a, std::span<const uint64_t> b);

// Sweeps over disjoint units in order of the text: each call is about a unit behind the last one.
class UnitSweep {
 public:
  explicit UnitSweep(const TokenLayout& layout) : layout_(layout) {}
  // Tokens that cover a byte of the unit.
  uint64_t CountTokens(const Span& unit);
  // Boundaries inside the unit, not at its edges.
  std::span<const uint64_t> Boundaries(const Span& unit);

 private:
  const TokenLayout& layout_;
  size_t n_begun_ = 0, n_ended_ = 0, boundary_ = 0;
};

// Tokens that cover a byte of any of the units (disjoint, in order), each once.
uint64_t CountTokensOf(const TokenLayout& layout, std::span<const Span> units);

}  // namespace tok

#endif  // TOK_SRC_MEASURE_TOKEN_LAYOUT_H_
