#include "tok/measure_compare.h"

#include <algorithm>
#include <utility>

#include "src/base/hash.h"
#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/encode/text_statistics.h"
#include "src/measure/compare/changed_text.h"
#include "src/measure/compare/morphemes.h"
#include "src/measure/compare/segmentation.h"
#include "src/measure/compare/text_units.h"
#include "src/measure/token_layout.h"

namespace tok {
namespace {

using Documents = std::span<const std::string_view>;
using Boundaries = std::vector<std::vector<uint64_t>>;  // by document

// One byte of a character of several: a byte of a byte-level vocabulary, or of byte fallback ("<0xE3>").
bool IsPartial(const Tokenizer& tokenizer, TokenId id) {
  const Vocabulary& vocabulary = tokenizer.vocabulary();
  if (!vocabulary.Contains(id)) return false;
  if (tokenizer.DecodesByConcatenation()) {
    const std::string_view bytes = tokenizer.TokenBytes(id);
    return bytes.size() == 1 && static_cast<unsigned char>(bytes[0]) >= 0x80;
  }
  const std::string_view spelling = vocabulary.Bytes(id);
  constexpr size_t kLength = 6, kFirstDigit = 3;
  return spelling.size() == kLength && spelling.starts_with("<0x") && spelling.back() == '>' &&
         (spelling[kFirstDigit] >= 'A' || spelling[kFirstDigit] == '8' || spelling[kFirstDigit] == '9');
}

std::span<const Span> SpansOf(const RaggedEncodings& batch, size_t d) {
  return std::span(batch.flat.spans).subspan(batch.offsets[d], batch.offsets[d + 1] - batch.offsets[d]);
}

// What one document adds to the sums.
struct DocumentMeasures {
  uint64_t n_word_tokens = 0, n_continued_words = 0;
  DigitGrouping digits;
  IdentifierCounts identifiers;
};

DocumentMeasures MeasureDocument(std::string_view text, const TokenLayout& layout, const TextUnits& units) {
  return {CountTokensOf(layout, units.words), CountContinuedWords(layout, units),
          GroupingOfDigits(layout, units), CountIdentifiers(text, layout, units)};
}

void AddTo(const DocumentMeasures& document, TokenizerMeasures* sum) {
  sum->n_word_tokens += document.n_word_tokens;
  sum->n_continued_words += document.n_continued_words;
  sum->digits.n_runs += document.digits.n_runs;
  sum->digits.n_from_right += document.digits.n_from_right;
  sum->digits.n_from_left += document.digits.n_from_left;
  sum->digits.n_single += document.digits.n_single;
  sum->digits.n_other += document.digits.n_other;
  sum->digits.n_aligned += document.digits.n_aligned;
  sum->identifiers.n_identifiers += document.identifiers.n_identifiers;
  sum->identifiers.n_tokens += document.identifiers.n_tokens;
  sum->identifiers.n_whole += document.identifiers.n_whole;
  sum->identifiers.n_clean += document.identifiers.n_clean;
}

absl::StatusOr<std::vector<TextUnits>> UnitsOf(Documents documents, unsigned n_threads) {
  std::vector<absl::StatusOr<TextUnits>> found(documents.size(), TextUnits());
  ParallelFor(documents.size(), n_threads, [&](size_t d) { found[d] = FindUnits(documents[d]); });
  std::vector<TextUnits> units;
  for (absl::StatusOr<TextUnits>& one : found) {
    if (!one.ok()) return one.status();
    units.push_back(*std::move(one));
  }
  return units;
}

// Of the text as it is: sums go to *sum, boundaries to *boundaries.
void MeasureBatch(Documents documents, const RaggedEncodings& batch, const std::vector<TextUnits>& units,
                  const std::vector<bool>& is_partial, unsigned n_threads, TokenizerMeasures* sum,
                  Boundaries* boundaries) {
  std::vector<DocumentMeasures> measures(documents.size());
  boundaries->resize(documents.size());
  ParallelFor(documents.size(), n_threads, [&](size_t d) {
    TokenLayout layout = TokenLayout::Of(SpansOf(batch, d), documents[d].size());
    measures[d] = MeasureDocument(documents[d], layout, units[d]);
    (*boundaries)[d] = std::move(layout.boundaries);
  });
  for (const DocumentMeasures& document : measures) AddTo(document, sum);
  sum->n_tokens += batch.flat.ids.size();
  for (const TokenId id : batch.flat.ids) {
    if (id >= sum->counts.size()) sum->counts.resize(id + 1, 0);
    ++sum->counts[id];
    sum->n_partial += id < is_partial.size() && is_partial[id];
  }
}

struct Change {
  std::string_view name;
  Robustness TokenizerMeasures::*measure;
};
constexpr Change kChanges[] = {{"with typos", &TokenizerMeasures::typos},
                               {"in upper case", &TokenizerMeasures::upper},
                               {"in lower case", &TokenizerMeasures::lower}};

// The same change of every document. `first_document` is the number of the first.
std::vector<ChangedText> ChangeAll(const Change& change, Documents documents,
                                   const std::vector<TextUnits>& units, const CompareOptions& options,
                                   uint64_t first_document) {
  std::vector<ChangedText> changed(documents.size());
  ParallelFor(documents.size(), options.n_threads, [&](size_t d) {
    if (change.measure == &TokenizerMeasures::typos) {
      // Documents differ, and one keeps its typos wherever a batch ends.
      const uint64_t number = first_document + d;
      const uint64_t seed = FoldedMultiply(options.seed ^ 0x9E3779B97F4A7C15u, number ^ 0xA0761D6478BD642Fu);
      changed[d] = WithTypos(documents[d], units[d].words, options.typo_share, seed);
    } else {
      changed[d] =
          change.measure == &TokenizerMeasures::upper ? InUpperCase(documents[d]) : InLowerCase(documents[d]);
    }
  });
  return changed;
}

absl::Status MeasureChanged(const ComparedTokenizer& tokenizer, const std::vector<ChangedText>& changed,
                            const Boundaries& boundaries, unsigned n_threads, Robustness* sum) {
  std::vector<std::string_view> texts;
  for (const ChangedText& document : changed) texts.push_back(document.text);
  EncodeOptions options = tokenizer.encode;
  // A special token that a change spelled is no fault of the text.
  if (options.special.kind() == SpecialPolicy::Kind::kError) options.special = SpecialPolicy::Text();
  TOK_ASSIGN_OR_RETURN(const RaggedEncodings batch, tokenizer.tokenizer.EncodeBatchWithWords(
                                                        texts, options, OffsetUnit::kBytes, n_threads));
  std::vector<BoundaryCounts> counts(changed.size());
  ParallelFor(changed.size(), n_threads, [&](size_t d) {
    const std::vector<uint64_t> found = TokenLayout::Of(SpansOf(batch, d), texts[d].size()).boundaries;
    const std::vector<uint64_t> wanted = changed[d].Carry(boundaries[d]);
    counts[d] = {found.size(), wanted.size(), CountShared(found, wanted)};
  });
  sum->n_tokens += batch.flat.ids.size();
  for (const BoundaryCounts& document : counts) {
    sum->boundaries.n_found += document.n_found;
    sum->boundaries.n_wanted += document.n_wanted;
    sum->boundaries.n_shared += document.n_shared;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<TokenizerComparison> TokenizerComparison::Create(std::vector<ComparedTokenizer> tokenizers,
                                                                CompareOptions options) {
  if (tokenizers.empty()) {
    return MakeError(ErrorCode::kUsage, "comparison", "there is no tokenizer", "name one or more");
  }
  if (!(options.typo_share >= 0 && options.typo_share <= 1)) {
    return MakeError(ErrorCode::kUsage, "share of typos", "is not between 0 and 1",
                     "say in which share of words to put one");
  }
  TokenizerComparison comparison(std::move(tokenizers), std::move(options));
  comparison.report_.has_robustness = comparison.options_.robustness;
  for (const ComparedTokenizer& compared : comparison.tokenizers_) {
    const Tokenizer& tokenizer = compared.tokenizer;
    TokenizerMeasures measures;
    measures.tokenizer = tokenizer.name();
    measures.n_vocabulary = tokenizer.vocabulary().n_tokens();
    comparison.report_.tokenizers.push_back(std::move(measures));
    std::vector<bool> is_partial(tokenizer.vocabulary().size());
    for (TokenId id = 0; id < is_partial.size(); ++id) is_partial[id] = IsPartial(tokenizer, id);
    comparison.is_partial_.push_back(std::move(is_partial));
  }
  return comparison;
}

absl::Status TokenizerComparison::AddMorphemes(std::string_view lines, std::string_view place) {
  TOK_ASSIGN_OR_RETURN(const std::vector<MorphemeWord> words, ParseMorphemes(lines, place));
  std::vector<BoundaryCounts> scores;
  for (const ComparedTokenizer& tokenizer : tokenizers_) {
    TOK_ASSIGN_OR_RETURN(const BoundaryCounts score,
                         ScoreMorphemes(tokenizer, words, place, options_.n_threads));
    scores.push_back(score);
  }
  for (size_t t = 0; t < scores.size(); ++t) {
    BoundaryCounts& sum = report_.tokenizers[t].morphemes;
    sum.n_found += scores[t].n_found;
    sum.n_wanted += scores[t].n_wanted;
    sum.n_shared += scores[t].n_shared;
  }
  report_.n_morpheme_words += words.size();
  return absl::OkStatus();
}

absl::Status TokenizerComparison::Add(Documents documents) {
  TOK_ASSIGN_OR_RETURN(const std::vector<TextUnits> units, UnitsOf(documents, options_.n_threads));
  std::vector<Boundaries> boundaries(tokenizers_.size());
  std::vector<std::vector<std::vector<uint32_t>>> groups(tokenizers_.size());
  for (size_t t = 0; t < tokenizers_.size(); ++t) {
    const ComparedTokenizer& compared = tokenizers_[t];
    TOK_ASSIGN_OR_RETURN(const RaggedEncodings batch,
                         compared.tokenizer.EncodeBatchWithWords(documents, compared.encode,
                                                                 OffsetUnit::kBytes, options_.n_threads));
    MeasureBatch(documents, batch, units, is_partial_[t], options_.n_threads, &report_.tokenizers[t],
                 &boundaries[t]);
    if (!options_.use_groups) continue;
    groups[t].resize(documents.size());
    ParallelFor(documents.size(), options_.n_threads,
                [&](size_t d) { groups[t][d] = GroupTokens(documents[d], SpansOf(batch, d)); });
  }
  for (size_t d = 0; options_.use_groups && d < documents.size(); ++d) {
    for (size_t t = 0; t < tokenizers_.size(); ++t)
      TOK_RETURN_IF_ERROR(options_.use_groups(report_.n_documents + d, t, groups[t][d]));
  }
  for (const Change& change : kChanges) {
    if (!options_.robustness) break;
    const std::vector<ChangedText> changed =
        ChangeAll(change, documents, units, options_, report_.n_documents);
    for (size_t t = 0; t < tokenizers_.size(); ++t) {
      const absl::Status status = MeasureChanged(tokenizers_[t], changed, boundaries[t], options_.n_threads,
                                                 &(report_.tokenizers[t].*change.measure));
      if (!status.ok()) return AtPlace(change.name, status);
    }
    if (change.measure != &TokenizerMeasures::typos) continue;
    for (const ChangedText& document : changed) report_.n_typos += document.n_changes;
  }
  for (size_t d = 0; d < documents.size(); ++d) {
    report_.n_bytes += documents[d].size();
    report_.n_chars += MeasureText(documents[d], tokenizers_[0].encode.utf8 == Utf8Policy::kReplace).n_chars;
    report_.n_words += units[d].words.size();
  }
  report_.n_documents += documents.size();
  return absl::OkStatus();
}

}  // namespace tok
