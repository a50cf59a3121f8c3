// cli/options.h: the options that several verbs share, and what they mean to the library.
#ifndef TOK_CLI_OPTIONS_H_
#define TOK_CLI_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tok/encode_files.h"
#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok::cli {

// -t TOK. Errors of loading name bundled tokenizers that are spelled like it.
void AddTokenizerOption(CLI::App* parser, std::string* tokenizer);
absl::StatusOr<Tokenizer> LoadTokenizer(const std::string& path_or_name);

// What text becomes: INPUT..., --split, --special, --template, --utf8, -T.
struct EncodingOptions {
  std::vector<std::string> inputs;
  std::string split = "file", special = "error", utf8 = "error";
  bool add_template = false;
  unsigned n_threads = 0;

  void AddTo(CLI::App* parser);
  // Errors: TOK-E040.
  absl::Status Check() const;
  // Special tokens are looked up in `tokenizer`.
  absl::StatusOr<FileJobOptions> Resolve(const Tokenizer& tokenizer) const;
};

// --memory, of verbs that keep to it.
void AddMemoryOption(CLI::App* parser, std::optional<std::string>* memory);
// 0 for none. Errors: TOK-E040.
absl::StatusOr<uint64_t> ParseMemory(const std::optional<std::string>& memory);

void AddThreadsOption(CLI::App* parser, unsigned* n_threads);
void AddJsonOption(CLI::App* parser, bool* json);
void AddOutputOption(CLI::App* parser, std::string* output);

// TOK-E040 with the nearest of `allowed`, if `value` is none of them.
absl::Status CheckChoice(std::string_view option, const std::string& value,
                         const std::vector<std::string>& allowed);

}  // namespace tok::cli

#endif  // TOK_CLI_OPTIONS_H_
