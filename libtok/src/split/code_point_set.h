// split/code_point_set.h: a set of characters as sorted ranges, for regular-expression classes.
//
// Model: the universe is every code point plus kInvalidByte (U+110000), the character that an invalid UTF-8 byte is.
// No property holds kInvalidByte and every complement of a property does, so negated classes match invalid bytes and
// positive ones do not, with no special case anywhere.
// Cost: every operation is linear in the number of ranges. Threads: a plain value.
#ifndef TOK_SRC_SPLIT_CODE_POINT_SET_H_
#define TOK_SRC_SPLIT_CODE_POINT_SET_H_

#include <span>
#include <vector>

#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {

class CodePointSet {
 public:
  CodePointSet() = default;
  // `ranges` in any order, may overlap.
  explicit CodePointSet(std::vector<CodePointRange> ranges);
  static CodePointSet Of(char32_t first, char32_t last) { return CodePointSet({{first, last}}); }

  std::span<const CodePointRange> ranges() const { return ranges_; }
  bool empty() const { return ranges_.empty(); }
  bool Contains(char32_t c) const;
  bool IsUniverse() const {
    return ranges_.size() == 1 && ranges_[0].first == 0 && ranges_[0].last == kInvalidByte;
  }

  CodePointSet Union(const CodePointSet& other) const;
  CodePointSet Intersection(const CodePointSet& other) const;
  CodePointSet Complement() const;
  CodePointSet Minus(const CodePointSet& other) const { return Intersection(other.Complement()); }

  friend bool operator==(const CodePointSet&, const CodePointSet&) = default;

 private:
  std::vector<CodePointRange> ranges_;  // sorted, disjoint, not touching
};

}  // namespace tok

#endif  // TOK_SRC_SPLIT_CODE_POINT_SET_H_
