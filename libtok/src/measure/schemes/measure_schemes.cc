#include "tok/measure_schemes.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "src/base/status_macros.h"
#include "src/measure/ratio.h"
#include "src/measure/token_layout.h"

namespace tok {
namespace {

// One document of a batch.
struct View {
  std::span<const TokenId> ids;
  std::span<const Span> spans;
  std::span<const uint32_t> words;

  static View Of(const RaggedEncodings& batch, size_t d) {
    const size_t begin = batch.offsets[d], n = batch.offsets[d + 1] - begin;
    return {std::span(batch.flat.ids).subspan(begin, n), std::span(batch.flat.spans).subspan(begin, n),
            std::span(batch.flat.words).subspan(begin, n)};
  }
  // The first token behind `at` that is of another word.
  size_t EndOfWord(size_t at) const {
    size_t end = at;
    while (end < words.size() && words[end] == words[at]) ++end;
    return end;
  }
};

// Words of `own` that have the same ids in `other`, which may lack a word whose text it drops.
uint64_t CountSameWords(const View& own, const View& other) {
  uint64_t n_same = 0;
  for (size_t a = 0, b = 0; a < own.ids.size();) {
    const size_t a_end = own.EndOfWord(a);
    while (b < other.ids.size() && other.words[b] < own.words[a]) ++b;
    const bool has_word = b < other.ids.size() && other.words[b] == own.words[a];
    const size_t b_end = has_word ? other.EndOfWord(b) : b;
    n_same += std::ranges::equal(own.ids.subspan(a, a_end - a), other.ids.subspan(b, b_end - b));
    a = a_end;
    b = b_end;
  }
  return n_same;
}

uint64_t CountWords(const View& view) {
  uint64_t n_words = 0;
  for (size_t at = 0; at < view.words.size(); at = view.EndOfWord(at)) ++n_words;
  return n_words;
}

}  // namespace

absl::StatusOr<SchemeComparison> SchemeComparison::Create(const Tokenizer& tokenizer,
                                                          const std::vector<Scheme>& schemes,
                                                          const EncodeOptions& options, unsigned n_threads) {
  SchemeComparison comparison;
  comparison.options_ = options;
  comparison.n_threads_ = n_threads;
  comparison.report_.tokenizer = tokenizer.name();
  comparison.tokenizers_.push_back(tokenizer);
  comparison.report_.schemes.push_back({.scheme = SchemeName(tokenizer.spec().scheme)});
  for (const Scheme& scheme : schemes) {
    TOK_ASSIGN_OR_RETURN(Tokenizer other, tokenizer.WithScheme(scheme));
    comparison.tokenizers_.push_back(std::move(other));
    comparison.report_.schemes.push_back({.scheme = SchemeName(scheme)});
  }
  return comparison;
}

absl::Status SchemeComparison::Add(std::span<const std::string_view> documents) {
  std::vector<RaggedEncodings> encodings;
  for (const Tokenizer& tokenizer : tokenizers_) {
    TOK_ASSIGN_OR_RETURN(RaggedEncodings batch,
                         tokenizer.EncodeBatchWithWords(documents, options_, OffsetUnit::kBytes, n_threads_));
    encodings.push_back(std::move(batch));
  }
  for (size_t d = 0; d < documents.size(); ++d) {
    const View own = View::Of(encodings[0], d);
    const TokenLayout own_layout = TokenLayout::Of(own.spans, documents[d].size());
    ++report_.n_documents;
    report_.n_bytes += documents[d].size();
    report_.n_words += CountWords(own);
    for (size_t s = 0; s < encodings.size(); ++s) {
      const View other = View::Of(encodings[s], d);
      const TokenLayout layout = TokenLayout::Of(other.spans, documents[d].size());
      SchemeAgreement& agreement = report_.schemes[s];
      agreement.n_tokens += other.ids.size();
      agreement.n_same_documents += std::ranges::equal(own.ids, other.ids);
      agreement.n_same_words += CountSameWords(own, other);
      agreement.n_boundaries += layout.boundaries.size();
      agreement.n_shared_boundaries += CountShared(own_layout.boundaries, layout.boundaries);
    }
  }
  return absl::OkStatus();
}

double SchemesReport::TokenRatio(size_t s) const {
  return Ratio(schemes[s].n_tokens, schemes[0].n_tokens, 1);
}
double SchemesReport::BytesPerToken(size_t s) const { return Ratio(n_bytes, schemes[s].n_tokens, 0); }
double SchemesReport::SameDocuments(size_t s) const {
  return Ratio(schemes[s].n_same_documents, n_documents, 1);
}
double SchemesReport::SameWords(size_t s) const { return Ratio(schemes[s].n_same_words, n_words, 1); }
double SchemesReport::Precision(size_t s) const {
  return Ratio(schemes[s].n_shared_boundaries, schemes[s].n_boundaries, 1);
}
double SchemesReport::Recall(size_t s) const {
  return Ratio(schemes[s].n_shared_boundaries, schemes[0].n_boundaries, 1);
}
double SchemesReport::F1(size_t s) const {
  return Ratio(2 * schemes[s].n_shared_boundaries, schemes[s].n_boundaries + schemes[0].n_boundaries, 1);
}

std::string SchemesJson(const SchemesReport& report) {
  nlohmann::ordered_json json = {{"schema", 1},
                                 {"tokenizer", report.tokenizer},
                                 {"documents", report.n_documents},
                                 {"bytes", report.n_bytes},
                                 {"words", report.n_words},
                                 {"schemes", nlohmann::ordered_json::array()}};
  for (size_t s = 0; s < report.schemes.size(); ++s) {
    json["schemes"].push_back({{"scheme", report.schemes[s].scheme},
                               {"tokens", report.schemes[s].n_tokens},
                               {"token_ratio", report.TokenRatio(s)},
                               {"bytes_per_token", report.BytesPerToken(s)},
                               {"same_documents", report.SameDocuments(s)},
                               {"same_words", report.SameWords(s)},
                               {"boundary_precision", report.Precision(s)},
                               {"boundary_recall", report.Recall(s)},
                               {"boundary_f1", report.F1(s)}});
  }
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace tok
