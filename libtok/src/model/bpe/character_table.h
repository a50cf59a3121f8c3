// model/bpe/character_table.h: code point -> symbol, without hashing.
//
// Cost: Find is two loads; Set may append a page. Memory: 17 KiB, and 1 KiB for each 256 code points of which one is set.
// Threads: immutable once filled.
#ifndef TOK_SRC_MODEL_BPE_CHARACTER_TABLE_H_
#define TOK_SRC_MODEL_BPE_CHARACTER_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "src/unicode/utf8.h"
#include "tok/types.h"

namespace tok {

class CharacterTable {
 public:
  // kNoToken for a character that was not set, and for kInvalidByte. `c` is not above that.
  TokenId Find(char32_t c) const { return symbols_[pages_[c / kPageSize] + c % kPageSize]; }
  void Set(char32_t c, TokenId symbol) {
    uint32_t& page = pages_[c / kPageSize];
    if (page == 0) {
      page = static_cast<uint32_t>(symbols_.size());
      symbols_.resize(symbols_.size() + kPageSize, kNoToken);
    }
    symbols_[page + c % kPageSize] = symbol;
  }

 private:
  static constexpr size_t kPageSize = 256;

  std::vector<uint32_t> pages_ =
      std::vector<uint32_t>(kInvalidByte / kPageSize + 1, 0);                 // where a page begins
  std::vector<TokenId> symbols_ = std::vector<TokenId>(kPageSize, kNoToken);  // the first one is empty
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_CHARACTER_TABLE_H_
