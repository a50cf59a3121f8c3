// cli/tokenizer_file.h: a tokenizer as the content of a file, checked before the file exists.
#ifndef TOK_CLI_TOKENIZER_FILE_H_
#define TOK_CLI_TOKENIZER_FILE_H_

#include <string>
#include <vector>

#include "tok/formats.h"
#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok::cli {

// The tokenizer that comes back from the file that WriteTokenizerFile would write: written by the same writers under the
// same name to a temporary folder, loaded as any file, and gone before this returns. Errors: TOK-E026 if the format
// cannot express the tokenizer; those of the reader.
absl::StatusOr<Tokenizer> RoundTrip(const Tokenizer& tokenizer, Format format, const std::string& path);

// Says on standard error where a reader of the written file may get other ids, a line each ("warning: PATH: ..."), and
// returns the lines' sentences. Errors: TOK-E026 if the format cannot express the tokenizer.
absl::StatusOr<std::vector<std::string>> WarnOfDifferences(const Tokenizer& tokenizer, Format format,
                                                           const std::string& path);

// TOK-E040 if the file to write is the one that was read.
absl::Status CheckOutputIsNotInput(const std::string& input, const std::string& output);

// Writes the tokenizer in the format that the path's suffix names. Atomic.
absl::Status WriteTokenizerFile(const Tokenizer& tokenizer, Format format, const std::string& path);

}  // namespace tok::cli

#endif  // TOK_CLI_TOKENIZER_FILE_H_
