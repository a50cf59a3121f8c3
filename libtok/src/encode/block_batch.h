// encode/block_batch.h: documents of a file through a BatchEncoder.
//
// Model: the documents of a block, which have what separates them in between, are laid side by side, and chunks put together
// again. A document's own error and what the encoder reports for the whole are told alike: by the document where ids end.
// Errors: those of the documents and of the encoder; TOK-E090 if its chunks do not follow each other.
// Threads: as the encoder.
#ifndef TOK_SRC_ENCODE_BLOCK_BATCH_H_
#define TOK_SRC_ENCODE_BLOCK_BATCH_H_

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>

#include "src/corpus/id_writer.h"
#include "tok/batch_encoder.h"
#include "tok/corpus.h"
#include "tok/status.h"
#include "tok/types.h"

namespace tok {

// Replaces ids and ends of *out by those of the documents before the first that fails, *failed.
absl::Status EncodeBlock(BatchEncoder* encoder, std::span<const Document> documents,
                         const BatchOptions& options, IdDocuments* out, size_t* failed);

// One document; its ids go to the sink as they come, whose error ends it.
using IdsSink = std::function<absl::Status(std::span<const TokenId>)>;
absl::Status EncodeLongDocument(BatchEncoder* encoder, std::string_view text, const BatchOptions& options,
                                const IdsSink& sink);

}  // namespace tok

#endif  // TOK_SRC_ENCODE_BLOCK_BATCH_H_
