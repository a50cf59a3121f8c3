// unicode/normal_forms.h: NFC, NFD, NFKC and NFKD of Unicode 9.0, with the bookkeeping that alignments need.
//
// Model: 9.0 is what Hugging Face's normalizers follow; younger characters pass unchanged and have combining class 0.
// Normalizing changes text only inside short stretches (a base and its marks): NextUnsettled finds them in one scan and
// NormalizeChars rewrites one. A stretch begins and ends where no character can combine or be reordered across, and
// never touches an invalid byte.
// Source: Unicode Standard Annex #15; tables in generated/normal_forms_9.inc. Own tables and not ICU, because ICU's
// version is that of the machine, and because it gives no alignments.
// Cost: NextUnsettled: O(n), ASCII eight bytes at a time, two loads for other letters. NormalizeChars: O(n log n) in the
// longest run of marks.
// Threads: pure functions over constant tables.
#ifndef TOK_SRC_UNICODE_NORMAL_FORMS_H_
#define TOK_SRC_UNICODE_NORMAL_FORMS_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tok/tokenizer_spec.h"

namespace tok {

// A half-open byte range; begin == end == text.size(): nothing left.
struct UnsettledRange {
  size_t begin, end;
};

// The first stretch of `text` at or after `from` that may not be in the form. `from` is 0 or the end of a stretch found
// before.
UnsettledRange NextUnsettled(std::string_view text, size_t from, normalizer::Form form);

// A character of normalized text and how it came about, in the terms of Hugging Face's NormalizedString:
// change > 0: beside the character before it; change <= 0: in place of the next source character and the -change after.
struct NormalizedChar {
  char32_t code_point;
  int32_t change;
  friend bool operator==(const NormalizedChar&, const NormalizedChar&) = default;
};

// Normalizes a stretch, given as code points, into *result (cleared first).
void NormalizeChars(std::u32string_view chars, normalizer::Form form, std::vector<NormalizedChar>* result);

}  // namespace tok

#endif  // TOK_SRC_UNICODE_NORMAL_FORMS_H_
