// corpus/id_text.h: numbers as text, fast.
//
// Cost: about a nanosecond per id: four digits at a time out of a table.
#ifndef TOK_SRC_CORPUS_ID_TEXT_H_
#define TOK_SRC_CORPUS_ID_TEXT_H_

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "tok/types.h"

namespace tok {

void AppendDecimal(uint64_t number, std::string* out);

// Ids with `separator` between them.
void AppendIds(std::span<const TokenId> ids, char separator, std::string* out);

// "[begin,end],[begin,end]".
void AppendPairs(std::span<const Span> pairs, std::string* out);

}  // namespace tok

#endif  // TOK_SRC_CORPUS_ID_TEXT_H_
