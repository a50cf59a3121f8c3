// tok/measure_premium.h: how many more tokens the same content takes in one language than in another.
//
// Model: the premium of a language is tokens(language) / tokens(reference) over the items that both have: a ratio of totals, not
// a mean of ratios, so long items count for more. Each item is encoded by itself, as plain text without template unless
// `encode` says otherwise. Beside it stand what it is made of (bytes, characters, tokens), how sure it is, and its spread over
// languages. Over languages is without the reference itself: median and p95 interpolate linearly between order statistics
// (numpy's default), Gini is the sum of |x - y| over all pairs / (2 n^2 mean), 0 where all pay the same.
// Script: that of most characters of a language's text, Common and Inherited aside. Family: a short table of well-known
// ones by ISO 639 code, "unknown" for other codes.
// Source: Petrov, La Malfa, Torr and Bibi, 2023, "Language Model Tokenizers Introduce Unfairness Between Languages" (they join
// the items by spaces and encode once). Arnett, Chang, Biderman and Bergen, 2025, "Explaining and Mitigating Crosslingual
// Tokenizer Inequities". Byte premium: Arnett, Chang and Bergen, 2024, "A Bit of a Problem: Measurement Disparities in Dataset
// Sizes Across Languages".
// Interval: percentile bootstrap (Efron, 1979), 95 %: n_resamples times as many items as are shared are drawn with
// replacement. Draw k (from 0, of n items, all resamples in a row) takes item floor(n * x / 2^64), where x is output k of SplitMix64
// (Steele, Lea and Flood, 2014) whose state is HashBytes(language code, seed). None where fewer than 2 items are shared or a
// resample holds no token of the reference. It covers the choice of items, not that of translators.
// Errors: TOK-E040 for languages that are not there; TOK-E014 for one without an item or token in common with the reference; those
// of encoding, with the item's file and line.
// Cost: encoding all items once a tokenizer, and n_resamples additions an item, language and tokenizer.
// Memory: some 60 bytes an item and language. Threads: n_threads. Determinism: same report for any number of threads.
// Example:
//   auto text = tok::ReadParallelText({{"", "udhr.jsonl.zst"}});
//   auto report = tok::MeasurePremium({{"gpt2", gpt2}, {"o200k_base", o200k}}, *text, {.reference = "eng"});
//   std::puts(tok::PremiumJson(*report).c_str());
#ifndef TOK_MEASURE_PREMIUM_H_
#define TOK_MEASURE_PREMIUM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tok/encode_files.h"
#include "tok/parallel_text.h"
#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok {

struct NamedTokenizer {
  std::string name;  // for the report
  Tokenizer tokenizer;
};

struct PremiumOptions {
  std::string reference;
  std::vector<std::string> languages;  // empty: all; the reference need not be among them
  bool complete_only = false;          // only languages that have every item of the reference
  uint32_t n_resamples = 1000;         // 0: no intervals
  uint64_t seed = 0;
  EncodeOptions encode = {.special = SpecialPolicy::Text()};
  unsigned n_threads = 0;               // 0: all that affinity and the cgroup quota allow
  FileJobProgress* progress = nullptr;  // in bytes of text, times the tokenizers
};

// What no tokenizer changes. All over the items shared with the reference.
struct PremiumLanguage {
  std::string code, script, family;
  uint64_t n_items = 0;
  bool complete = false;  // has every item of the reference
  uint64_t n_bytes = 0, n_chars = 0;
  double byte_premium = 0, char_premium = 0;  // as the premium, of bytes and of characters
};

struct PremiumInterval {
  double low = 0, high = 0;
};

struct LanguagePremium {
  uint64_t n_tokens = 0, n_reference_tokens = 0;
  double premium = 0;
  std::optional<PremiumInterval> interval;  // none for the reference
  double bytes_per_token = 0, tokens_per_char = 0;
  std::optional<double> unknown_share;  // of the tokens; none where the vocabulary has no unknown token
};

// Over languages, without the reference.
struct PremiumSummary {
  uint64_t n_languages = 0;
  double median = 0, p95 = 0, max = 0, gini = 0;
  std::string max_language;  // of equals the first
};

struct PremiumGroup {
  std::string name;
  PremiumSummary summary;
};

struct TokenizerPremium {
  std::string tokenizer;
  std::vector<LanguagePremium> languages;  // parallel to PremiumReport::languages
  PremiumSummary summary;
  std::vector<PremiumGroup> scripts, families;  // by name
};

struct PremiumReport {
  std::string reference;
  uint64_t n_items = 0;                    // of the reference
  std::vector<PremiumLanguage> languages;  // by code, with the reference
  std::vector<TokenizerPremium> tokenizers;
};

absl::StatusOr<PremiumReport> MeasurePremium(const std::vector<NamedTokenizer>& tokenizers,
                                             const ParallelText& text, const PremiumOptions& options);

// One object, without line end:
// {"schema":1,"reference","items","tokenizers":[{"tokenizer","languages":[{"language","tokens","bytes","premium",...}],
// "median","p95","max","max_language","gini","scripts":[...],"families":[...]}]}. Absent values are null.
std::string PremiumJson(const PremiumReport& report);

}  // namespace tok

#endif  // TOK_MEASURE_PREMIUM_H_
