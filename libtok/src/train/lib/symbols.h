// train/lib/symbols.h: the symbols that LiB counts in: code points of valid UTF-8, or bytes.
#ifndef TOK_SRC_TRAIN_LIB_SYMBOLS_H_
#define TOK_SRC_TRAIN_LIB_SYMBOLS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "src/unicode/utf8.h"
#include "tok/train_lib.h"

namespace tok {

// Bytes of the symbol at `position`, which begins one.
inline size_t SymbolLength(LibSymbol symbol, std::string_view text, size_t position) {
  return symbol == LibSymbol::kByte ? 1 : DecodeUtf8(text, position).n_bytes;
}

inline uint64_t CountSymbols(LibSymbol symbol, std::string_view text) {
  if (symbol == LibSymbol::kByte) return text.size();
  uint64_t n_symbols = 0;
  for (const char c : text) n_symbols += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return n_symbols;
}

}  // namespace tok

#endif  // TOK_SRC_TRAIN_LIB_SYMBOLS_H_
