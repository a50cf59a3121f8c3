// train/lib/lib_options.h: what TrainLib refuses.
//
// Threads: pure functions.
#ifndef TOK_SRC_TRAIN_LIB_LIB_OPTIONS_H_
#define TOK_SRC_TRAIN_LIB_LIB_OPTIONS_H_

#include <span>
#include <string_view>

#include "tok/status.h"
#include "tok/train_lib.h"

namespace tok {

// Errors: TOK-E040.
absl::Status CheckLibOptions(const LibOptions& options);
// Errors: TOK-E010, E030; the place is the sentence's number, from 1.
absl::Status CheckLibSentences(std::span<const std::string_view> sentences, LibSymbol symbol);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_LIB_LIB_OPTIONS_H_
