#include "cli/scheme_option.h"

#include <cstdio>

#include "cli/options.h"
#include "tok/scheme.h"

namespace tok::cli {

void SchemeOption::AddTo(CLI::App* parser) {
  parser
      ->add_option("--scheme", name_,
                   "What chooses the tokens of a piece: own (default), longest-prefix, longest-suffix, "
                   "longest-token, flota[:K], fewest-tokens[:random], weighted, rank, merges, dropout[:P]")
      ->type_name("NAME");
  seed_option_ = WholeNumber(
      parser->add_option("--seed", seed_, "Of schemes that draw by lot (default: 0)")->type_name("N"));
}

absl::StatusOr<tok::Scheme> SchemeOption::Scheme() const {
  absl::StatusOr<tok::Scheme> scheme = ParseScheme(name_);
  if (!scheme.ok()) {
    if (absl::Status s = CheckChoice("--scheme", name_.substr(0, name_.find(':')), SchemeNames()); !s.ok())
      return s;
    return scheme.status();
  }
  if (seed_option_->count() > 0 && !scheme->IsRandom()) {
    return MakeError(ErrorCode::kUsage, "--seed", "means nothing to --scheme " + name_,
                     "leave it out, or choose fewest-tokens:random or dropout");
  }
  scheme->seed = seed_;
  return scheme;
}

absl::StatusOr<Tokenizer> SchemeOption::ApplyTo(const Tokenizer& tokenizer) const {
  const absl::StatusOr<tok::Scheme> scheme = Scheme();
  if (!scheme.ok()) return scheme.status();
  if (scheme->kind == tok::Scheme::Kind::kOwn) return tokenizer;
  if (scheme->IsLossy()) {
    std::fprintf(stderr, "warning: --scheme %s drops text: decoding will not bring it back\n", name_.c_str());
  }
  return tokenizer.WithScheme(*scheme);
}

absl::StatusOr<Tokenizer> LoadTokenizer(const std::string& path_or_name, const SchemeOption& scheme) {
  absl::StatusOr<Tokenizer> tokenizer = LoadTokenizer(path_or_name);
  return tokenizer.ok() ? scheme.ApplyTo(*tokenizer) : tokenizer;
}

}  // namespace tok::cli
