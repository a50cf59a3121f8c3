// unicode/space_symbol.h: U+2581, which stands for a space in the vocabularies of SentencePiece and its kin.
#ifndef TOK_SRC_UNICODE_SPACE_SYMBOL_H_
#define TOK_SRC_UNICODE_SPACE_SYMBOL_H_

#include <string_view>

namespace tok {

inline constexpr std::string_view kSpaceSymbol = "\xE2\x96\x81";

}  // namespace tok

#endif  // TOK_SRC_UNICODE_SPACE_SYMBOL_H_
