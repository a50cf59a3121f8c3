// split/regex_printer.h: writes a RegexNode tree in the syntax of the engine that will run it.
//
// Model: classes are written as explicit code point ranges and assertions by what they mean, so that no Unicode table
// and no default of the engine has a say.
#ifndef TOK_SRC_SPLIT_REGEX_PRINTER_H_
#define TOK_SRC_SPLIT_REGEX_PRINTER_H_

#include <string>

#include "src/split/regex_ast.h"
#include "tok/status.h"

namespace tok {

enum class RegexEngine : uint8_t { kRe2, kIcu };

// How classes treat invalid bytes (CodePointSet's kInvalidByte).
enum class InvalidBytes : uint8_t {
  kAbsent,    // the text has none
  kStandIns,  // each was replaced by kInvalidByteStandIn, and a real one of those by kStandInReplacement
};
// Noncharacters, which no property but Cn and no sane pattern tells from other unassigned code points.
inline constexpr char32_t kInvalidByteStandIn = 0x10FFFF;
inline constexpr char32_t kStandInReplacement = 0x10FFFE;

// Errors: TOK-E030 if the result would be larger than a fixed limit. For kRe2, `root` must be IsRegular().
absl::StatusOr<std::string> PrintRegex(const RegexNode& root, const CodePointSet& word, RegexEngine engine,
                                       InvalidBytes invalid_bytes);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_REGEX_PRINTER_H_
