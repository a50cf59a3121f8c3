// tok/measure_schemes.h: how other schemes (tok/scheme.h) segment the text that a tokenizer segments by its own.
//
// Model: each document is encoded by the tokenizer and by each scheme. Agreement is counted over documents and over words
// (pieces and added tokens: Encoding::words), and as F1 of token boundaries inside documents: precision is the share of the
// scheme's boundaries that the tokenizer has too, recall the share of the tokenizer's that the scheme has; both are sums
// over all text (micro average), 1 where there are none.
// Source: Sawada and Goyal, 2025, "BPE inference without a merge list"; Uzan, Schmidt, Tanner and Pinter, 2024, "Greed is All
// You Need: An Evaluation of Tokenizer Inference Methods".
// Errors: those of encoding; TOK-E022 for a scheme that the vocabulary cannot be used with.
// Cost: one encoding with spans a scheme, and one more. Memory: the encodings of the documents of one Add.
// Threads: Add starts n_threads; calls one at a time. Determinism: the same for any number of threads and cut into Adds.
// Example:
//   auto comparison = tok::SchemeComparison::Create(tokenizer, {*tok::ParseScheme("longest-prefix")}, {});
//   if (absl::Status s = comparison->Add(documents); !s.ok()) return s;
//   std::puts(tok::SchemesJson(comparison->Report()).c_str());
#ifndef TOK_MEASURE_SCHEMES_H_
#define TOK_MEASURE_SCHEMES_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tok/scheme.h"
#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok {

struct SchemeAgreement {
  std::string scheme;
  uint64_t n_tokens = 0;
  uint64_t n_same_documents = 0, n_same_words = 0;
  // Inside documents: the scheme's own, and those that the tokenizer has too.
  uint64_t n_boundaries = 0, n_shared_boundaries = 0;
};

struct SchemesReport {
  std::string tokenizer;
  uint64_t n_documents = 0, n_bytes = 0, n_words = 0;
  std::vector<SchemeAgreement> schemes;  // the tokenizer's own first

  // Of scheme `s`, beside the tokenizer's own.
  double TokenRatio(size_t s) const;
  double BytesPerToken(size_t s) const;
  double SameDocuments(size_t s) const;  // shares
  double SameWords(size_t s) const;
  double Precision(size_t s) const;
  double Recall(size_t s) const;
  double F1(size_t s) const;
};

class SchemeComparison {
 public:
  static absl::StatusOr<SchemeComparison> Create(const Tokenizer& tokenizer,
                                                 const std::vector<Scheme>& schemes,
                                                 const EncodeOptions& options, unsigned n_threads = 0);

  absl::Status Add(std::span<const std::string_view> documents);
  const SchemesReport& Report() const { return report_; }

 private:
  SchemeComparison() = default;

  std::vector<Tokenizer> tokenizers_;  // parallel to report_.schemes
  EncodeOptions options_;
  unsigned n_threads_ = 0;
  SchemesReport report_;
};

// One object, without line end: {"schema":1,"tokenizer","documents","bytes","words","schemes":[{"scheme","tokens",
// "token_ratio","bytes_per_token","same_documents","same_words","boundary_precision","boundary_recall","boundary_f1"}]}.
std::string SchemesJson(const SchemesReport& report);

}  // namespace tok

#endif  // TOK_MEASURE_SCHEMES_H_
