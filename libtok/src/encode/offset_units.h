// encode/offset_units.h: byte spans as spans of code points or UTF-16 code units.
//
// Model: a span that begins or ends inside a character is widened to the whole character.
// Cost: linear in the text for spans whose begins, and whose ends, never decrease (as encoders give them); a step
// back starts over.
#ifndef TOK_SRC_ENCODE_OFFSET_UNITS_H_
#define TOK_SRC_ENCODE_OFFSET_UNITS_H_

#include <span>
#include <string_view>

#include "tok/tokenizer.h"
#include "tok/types.h"

namespace tok {

// `unit` is kChars or kUtf16 (otherwise nothing changes). `replace_invalid`: a maximal invalid part is one
// character, as Utf8Policy::kReplace makes it; else each invalid byte is.
void ConvertOffsets(std::string_view text, OffsetUnit unit, bool replace_invalid, std::span<Span> spans);

}  // namespace tok

#endif  // TOK_SRC_ENCODE_OFFSET_UNITS_H_
