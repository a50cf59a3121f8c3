// cli/scheme_option.h: --scheme NAME and --seed N, of verbs that encode.
#ifndef TOK_CLI_SCHEME_OPTION_H_
#define TOK_CLI_SCHEME_OPTION_H_

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok::cli {

class SchemeOption {
 public:
  void AddTo(CLI::App* parser);
  // Before anything is loaded. Errors: TOK-E040.
  absl::Status Check() const { return Scheme().status(); }
  // The tokenizer under the scheme. Errors: TOK-E040, those of Tokenizer::WithScheme.
  absl::StatusOr<Tokenizer> ApplyTo(const Tokenizer& tokenizer) const;

 private:
  absl::StatusOr<tok::Scheme> Scheme() const;

  std::string name_ = "own";
  uint64_t seed_ = 0;
  const CLI::Option* seed_option_ = nullptr;
};

// As LoadTokenizer, then as SchemeOption::ApplyTo.
absl::StatusOr<Tokenizer> LoadTokenizer(const std::string& path_or_name, const SchemeOption& scheme);

}  // namespace tok::cli

#endif  // TOK_CLI_SCHEME_OPTION_H_
