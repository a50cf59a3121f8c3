// format/check_spec.h: what must hold between the parts of a tokenizer that comes from an image, where no reader made it.
//
// Model: every other format is translated by a reader that looks each name up, so its ids exist. An image holds ids as
// numbers; everything behind it (decoder tables, spans, trimming) uses them unchecked.
// Cost: CheckSpec O(added tokens + merges); CheckMergeLengths one pass over the slots, without branches.
// Errors: TOK-E020. Threads: pure functions.
#ifndef TOK_SRC_FORMAT_CHECK_SPEC_H_
#define TOK_SRC_FORMAT_CHECK_SPEC_H_

#include "src/model/bpe/merge_table.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

// Every id that the specification names must be in its vocabulary.
absl::Status CheckSpec(const TokenizerSpec& spec);

// Every rule's product must be as long as its two parts (without the continuing prefix of the right one): spans are
// sums of token lengths.
absl::Status CheckMergeLengths(const MergeTable& merges, const TokenizerSpec& spec);

}  // namespace tok

#endif  // TOK_SRC_FORMAT_CHECK_SPEC_H_
