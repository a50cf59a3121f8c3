// cli/tokenizer_file.h: a tokenizer as the content of a file, checked before the file exists.
#ifndef TOK_CLI_TOKENIZER_FILE_H_
#define TOK_CLI_TOKENIZER_FILE_H_

#include <optional>
#include <string>
#include <vector>

#include "tok/formats.h"
#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok::cli {

// A tokenizer in the terms of the format it is to be written in. Expressing one may take seconds (merges are derived),
// so it happens once, for the warnings, the round trip and the file.
class TokenizerFile {
 public:
  // `tokenizer` outlives the result. Errors: TOK-E026 if the format cannot express it.
  static absl::StatusOr<TokenizerFile> Express(const Tokenizer& tokenizer, Format format, std::string path);

  // Where a reader of the file may get other ids, a sentence each.
  const std::vector<std::string>& warnings() const { return warnings_; }
  // Says so on standard error, a line each ("warning: PATH: ...").
  void PrintWarnings() const;

  // The tokenizer that comes back from the file: written by the same writers under the same name to a temporary folder,
  // loaded as any file, and gone before this returns. Errors: those of the writer and the reader.
  absl::StatusOr<Tokenizer> RoundTrip() const;

  // Atomic.
  absl::Status Write() const { return WriteTo(path_); }

 private:
  TokenizerFile(const Tokenizer& tokenizer, Format format, std::string path)
      : tokenizer_(&tokenizer), format_(format), path_(std::move(path)) {}
  const TokenizerSpec& spec() const { return expressed_ ? *expressed_ : tokenizer_->spec(); }
  absl::Status WriteTo(const std::string& path) const;

  const Tokenizer* tokenizer_;
  Format format_;
  std::string path_;
  std::optional<TokenizerSpec> expressed_;  // absent: as the tokenizer has it
  std::vector<std::string> warnings_;
};

// What a reader of the .tiktoken file will have to be told, a sentence each. Errors: TOK-E026 if ranks cannot express it.
absl::StatusOr<std::vector<std::string>> WarningsOfTiktoken(const TokenizerSpec& spec,
                                                            const std::string& path);

// On standard error, a line each: "warning: PATH: ...".
void PrintWarnings(const std::string& path, const std::vector<std::string>& warnings);

// TOK-E026 if the format that the name of the file stands for has no words for such a tokenizer, whatever its tokens are.
absl::Status CheckCanBeWritten(TokenizerSpec spec, const std::string& path);

// TOK-E040 if the file to write is one of those that are read, however it is spelled.
absl::Status CheckOutputIsNotInput(const std::vector<std::string>& inputs, const std::string& output);

// TOK-E040 if two of the files to write are one, however they are spelled.
absl::Status CheckOutputsDiffer(const std::vector<std::string>& outputs);

}  // namespace tok::cli

#endif  // TOK_CLI_TOKENIZER_FILE_H_
