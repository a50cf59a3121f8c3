// encode/batch_support.h: what every BatchEncoder (tok/batch_encoder.h) needs, wherever it encodes.
//
// Threads: pure functions.
#ifndef TOK_SRC_ENCODE_BATCH_SUPPORT_H_
#define TOK_SRC_ENCODE_BATCH_SUPPORT_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "tok/batch_encoder.h"
#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok {

// TOK-E040 for offsets that are no documents' and for options that the tokenizer cannot be used with; to be asked before
// anything is encoded. Reads the offsets once.
absl::Status CheckBatch(const Tokenizer& tokenizer, const DocumentBatch& batch, const BatchOptions& options);

// TOK-E040, with the remedy, if ids of the tokenizer are too large for u16.
absl::Status CheckNarrowIds(const Tokenizer& tokenizer, std::string_view remedy);

// Where a document may be cut: the ids of the parts, each encoded by itself under the same options, are one after another those
// of the document. Ascending, without 0 and the end. A part has at most n_part_bytes (> 0) unless it is text in which no
// safe place was found. None if the document is no longer than that, if it is invalid and the policy is not kBytes, or if
// the tokenizer cannot be cut so (a prefix before segments, a normalizer, a template, added tokens that look beside them).
// An error in a part is about the byte that many bytes behind the part's begin (MoveToByte); the first part that fails
// tells the document's error.
// Cost: a pass over the document on n_threads threads to see whether it is valid, then only what is around the cuts.
std::vector<size_t> FindCuts(const Tokenizer& tokenizer, std::string_view document,
                             const EncodeOptions& options, size_t n_part_bytes, unsigned n_threads = 0);

}  // namespace tok

#endif  // TOK_SRC_ENCODE_BATCH_SUPPORT_H_
