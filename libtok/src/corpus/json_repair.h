// corpus/json_repair.h: JSON lines whose strings are not Unicode, made readable to a parser that insists.
//
// Model: a JSON line may hold bytes that are not UTF-8, and escapes of lone surrogates ("\ud83d"), which Python's json
// writes for text cut inside a pair. RepairJson writes each such byte as the mark, U+10FFFF, and a character that
// names it, and the mark itself as two marks; RestoreBytes undoes that in a string that has been read. A lone
// surrogate becomes U+FFFD or the three bytes that UTF-8 would spell it with, none of which is valid.
// Cost: linear. Threads: pure functions.
#ifndef TOK_SRC_CORPUS_JSON_REPAIR_H_
#define TOK_SRC_CORPUS_JSON_REPAIR_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "tok/types.h"

namespace tok {

// Bytes of the UTF-8 character at text[position]; 0 if there is none.
size_t Utf8CharLength(std::string_view text, size_t position);

// The position of the first lone surrogate escape; npos if there is none.
size_t FindLoneSurrogate(std::string_view line);

// The line as above; for kError and kBytes lone surrogates become bytes. Names of fields need the same spelling.
std::string RepairJson(std::string_view line, Utf8Policy policy);

// Appends a string of a repaired line as it stood in the line.
void AppendRestored(std::string_view repaired, std::string* out);

}  // namespace tok

#endif  // TOK_SRC_CORPUS_JSON_REPAIR_H_
