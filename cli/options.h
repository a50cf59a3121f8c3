// cli/options.h: the options that several verbs share, and what they mean to the library.
#ifndef TOK_CLI_OPTIONS_H_
#define TOK_CLI_OPTIONS_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
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

// INPUT...
void AddInputs(CLI::App* parser, std::vector<std::string>* inputs);

// --utf8.
CLI::Option* AddUtf8Option(CLI::App* parser, std::string* utf8);
// Errors: TOK-E040.
absl::Status CheckUtf8(const std::string& utf8);
// Of what CheckUtf8 has passed.
Utf8Policy Utf8PolicyOf(const std::string& utf8);

// A number without sign or fraction from `least` to `most`: the parser itself lets -1 wrap round.
CLI::Option* WholeNumber(CLI::Option* option, uint64_t least = 0, uint64_t most = UINT64_MAX);

// --memory, of verbs that keep to it.
CLI::Option* AddMemoryOption(CLI::App* parser, std::optional<std::string>* memory);
// 0 for none. Errors: TOK-E040.
absl::StatusOr<uint64_t> ParseMemory(const std::optional<std::string>& memory);

CLI::Option* AddThreadsOption(CLI::App* parser, unsigned* n_threads);
CLI::Option* AddJsonOption(CLI::App* parser, bool* json);
void AddOutputOption(CLI::App* parser, std::string* output);

// Which modes of a verb (kinds, actions) make use of an option: given with another it is an error, for nobody is to believe
// that it had an effect.
class OptionModes {
 public:
  // These, beside those of earlier calls. An option without any is for all modes.
  CLI::Option* For(const std::vector<std::string>& modes, CLI::Option* option);
  // For all modes but this, and others that say so too.
  void NotFor(const std::string& mode, CLI::Option* option);
  // Says so in their help, once all are known.
  void Describe() const;
  // Whether it is the name of one that some option is for.
  bool Knows(const std::string& mode) const;
  bool IsFor(const std::string& mode, const CLI::Option* option) const;
  // Errors: TOK-E040.
  absl::Status Check(const std::string& mode) const;

 private:
  using Entries = std::vector<std::pair<CLI::Option*, std::vector<std::string>>>;  // as they were added
  static std::vector<std::string>& ModesOf(CLI::Option* option, Entries* entries);
  Entries for_, not_for_;
};

// TOK-E040 with the nearest of `allowed`, if `value` is none of them.
absl::Status CheckChoice(std::string_view option, const std::string& value,
                         const std::vector<std::string>& allowed);

}  // namespace tok::cli

#endif  // TOK_CLI_OPTIONS_H_
