// model/bpe/byte_joins.h: across which pairs of bytes some merge of a character-level vocabulary reaches.
//
// Model: a place of the text is crossed first, if ever, by a merge whose left token ends and whose right token begins
// there. So where no rule has a left token that ends in the one byte and a right token that begins with the other, nothing
// ever crosses, and the text may be cut. That is asked about the text as it is before normalization, where a blank stands
// for the character that the normalizer writes for it.
// The answer may be a false yes (only bytes of characters are compared), which loses a cut, never a false no.
// Cost: Build is one pass over the rules.
// Threads: immutable.
#ifndef TOK_SRC_MODEL_BPE_BYTE_JOINS_H_
#define TOK_SRC_MODEL_BPE_BYTE_JOINS_H_

#include <array>
#include <bitset>
#include <span>
#include <string_view>

#include "src/model/bpe/merge_table.h"
#include "src/split/pair_splitter.h"
#include "tok/vocabulary.h"

namespace tok {

class ByteJoins {
 public:
  // Symbols from vocabulary.size() on are the characters `untold`. `blank`: the character that stands for a blank in the
  // vocabulary; " " if blanks are not rewritten.
  static ByteJoins Build(const MergeTable& merges, const Vocabulary& vocabulary,
                         std::span<const char32_t> untold, std::string_view blank);

  // Pairs that do not join: what goes before a blank, and where words meet symbols, digits and white space.
  CutPairs Cuts() const;

 private:
  using Bytes = std::bitset<256>;

  std::array<Bytes, 256> right_of_;
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_BYTE_JOINS_H_
