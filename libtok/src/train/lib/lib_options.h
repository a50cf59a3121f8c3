// train/lib/lib_options.h: what TrainLib refuses, and the corpus as articles.
#ifndef TOK_SRC_TRAIN_LIB_LIB_OPTIONS_H_
#define TOK_SRC_TRAIN_LIB_LIB_OPTIONS_H_

#include <span>
#include <string_view>

#include "src/train/lib/random_stream.h"
#include "tok/status.h"
#include "tok/train_lib.h"

namespace tok {

// Errors: TOK-E040.
absl::Status CheckLibOptions(const LibOptions& options);
// Errors: TOK-E010, E030; the place is the sentence's number, from 1.
absl::Status CheckLibSentences(std::span<const std::string_view> sentences, LibSymbol symbol);

// The sentences of one step. Requires at least one sentence.
std::span<const std::string_view> LibArticle(std::span<const std::string_view> sentences,
                                             const LibOptions& options, uint64_t step, RandomStream* random);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_LIB_LIB_OPTIONS_H_
