// format/check_spec.h: what must hold between the parts of a tokenizer that comes from an image, where no reader made it.
//
// Model: every other format is translated by a reader that looks each name up, so its ids exist. An image holds ids as
// numbers; everything behind it (decoder tables, trimming) uses them unchecked. What the frozen merge
// table and filter of joins say is not checked: ids alone depend on it, and spans, which stay inside the text
// (ByteBpe::EndOf).
// Cost: O(added tokens + merges).
// Errors: TOK-E020. Threads: a pure function.
#ifndef TOK_SRC_FORMAT_CHECK_SPEC_H_
#define TOK_SRC_FORMAT_CHECK_SPEC_H_

#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

// Every id that the specification names must be in its vocabulary.
absl::Status CheckSpec(const TokenizerSpec& spec);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_CHECK_SPEC_H_
