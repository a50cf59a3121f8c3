// unicode/icu_bridge.h: what ICU knows and libtok has no tables for: where words end.
//
// Model: word boundaries of UAX 29 as CLDR has them for the root locale: runs of Thai, Lao, Khmer, Burmese, Han and kana by
// ICU's dictionaries, none at "@", one between Hangul and digits. ICU counts in 32 bits, so text is broken in stretches that end behind a line feed, or after kStretch bytes
// where there is none.
// Source: Unicode Standard Annex #29, "Unicode Text Segmentation"; ICU (the version of the machine).
// Cost: some 50 ns a byte. Threads: pure; each thread keeps a breaker.
#ifndef TOK_SRC_UNICODE_ICU_BRIDGE_H_
#define TOK_SRC_UNICODE_ICU_BRIDGE_H_

#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/types.h"

namespace tok {

// Appends the stretches between word boundaries that hold a letter (L) or a number (N). Invalid bytes are no letters.
// Errors: TOK-E090 if ICU lacks its data.
absl::Status AppendWords(std::string_view text, std::vector<Span>* words);

}  // namespace tok

#endif  // TOK_SRC_UNICODE_ICU_BRIDGE_H_
