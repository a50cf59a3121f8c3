#include "tok/measure_vocabulary.h"

#include <algorithm>
#include <utility>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/measure/vocabulary/round_trip.h"
#include "src/measure/vocabulary/token_statistics.h"
#include "src/model/bpe/merge_derivation.h"

namespace tok {
namespace {

constexpr size_t kIdsPerTask = 1024;

std::vector<VocabularyToken> ClassifyAll(const RoundTrip& round_trip, size_t n_ids, unsigned n_threads) {
  const size_t n_tasks = (n_ids + kIdsPerTask - 1) / kIdsPerTask;
  std::vector<std::vector<VocabularyToken>> parts(n_tasks);
  ParallelFor(n_tasks, n_threads, [&](size_t task) {
    const size_t end = std::min(n_ids, (task + 1) * kIdsPerTask);
    for (size_t id = task * kIdsPerTask; id < end; ++id) {
      if (round_trip.Exists(static_cast<TokenId>(id)))
        parts[task].push_back(round_trip.Classify(static_cast<TokenId>(id)));
    }
  });
  std::vector<VocabularyToken> tokens;
  for (std::vector<VocabularyToken>& part : parts) {
    std::move(part.begin(), part.end(), std::back_inserter(tokens));
  }
  return tokens;
}

bool IsOrdinary(TokenClass token_class) {
  return token_class == TokenClass::kOk || token_class == TokenClass::kUndecodable ||
         token_class == TokenClass::kUnreachableSingle || token_class == TokenClass::kUnreachableMulti;
}

// Adds what tokens are used inside of others that merging makes of them.
absl::Status CountInside(const TokenizerSpec& spec, VocabularyReport* report) {
  const bool has_merges =
      std::holds_alternative<BpeModelSpec>(spec.model) && spec.scheme.kind == Scheme::Kind::kOwn;
  if (!has_merges) return absl::OkStatus();
  TOK_ASSIGN_OR_RETURN(MergeDerivation derivation, MergeDerivation::Create(spec));
  std::vector<uint64_t> n_inside(report->n_ids, 0);
  std::vector<TokenId> sides;
  for (const VocabularyToken& token : report->tokens) {
    if (token.n_used == 0 || token.n_used < report->min_count || !IsOrdinary(token.token_class)) continue;
    sides.clear();
    for (const MergeRule& rule : derivation.RulesOf(token.id)) {
      sides.push_back(rule.left);
      sides.push_back(rule.right);
    }
    // Once a use, however often the token is merged on the way.
    std::sort(sides.begin(), sides.end());
    sides.erase(std::unique(sides.begin(), sides.end()), sides.end());
    for (const TokenId side : sides) {
      if (side < n_inside.size()) n_inside[side] += token.n_used;
    }
  }
  for (VocabularyToken& token : report->tokens) {
    token.n_inside = n_inside[token.id];
    // What no merge makes is where merging begins, and no residue of it.
    token.is_residue = token.is_unused && token.n_inside > 0 && !derivation.RulesOf(token.id).empty();
    report->n_residue += token.is_residue;
  }
  return absl::OkStatus();
}

}  // namespace

std::string_view TokenClassName(TokenClass token_class) {
  switch (token_class) {
    case TokenClass::kOk: return "ok";
    case TokenClass::kOkSpecial: return "ok_special";
    case TokenClass::kAdded: return "added";
    case TokenClass::kByte: return "byte";
    case TokenClass::kUnreachableSingle: return "unreachable_single";
    case TokenClass::kUnreachableMulti: return "unreachable_multi";
    case TokenClass::kUnreachableSpecial: return "unreachable_special";
    case TokenClass::kUndecodable: return "undecodable";
  }
  return "";
}

absl::StatusOr<VocabularyMeasurement> VocabularyMeasurement::Create(const Tokenizer& tokenizer,
                                                                    const VocabularyOptions& options) {
  if (options.min_count == 0) {
    return MakeError(ErrorCode::kUsage, "min_count", "is 0, and no token occurs less often",
                     "say from how many uses on a token counts as used");
  }
  VocabularyMeasurement measurement(tokenizer, options);
  VocabularyReport& report = measurement.report_;
  const RoundTrip round_trip(tokenizer);
  report.tokenizer = tokenizer.name();
  report.n_ids = tokenizer.vocabulary().size();
  for (const AddedToken& added : tokenizer.spec().added_tokens)
    report.n_ids = std::max<uint64_t>(report.n_ids, uint64_t{added.id} + 1);
  report.tokens = ClassifyAll(round_trip, report.n_ids, options.n_threads);
  report.n_tokens = report.tokens.size();
  for (const VocabularyToken& token : report.tokens) {
    ++report.n_of_class[static_cast<size_t>(token.token_class)];
    report.n_only_in_context += token.only_in_context;
  }
  report.specials_from_text = round_trip.SpecialsFromText();
  report.same_normal_form = GroupByNormalForm(report.tokens);
  report.same_but_space = GroupButForSpace(report.tokens);
  report.statistics = StatisticsOf(report.tokens);
  report.min_count = options.min_count;
  measurement.counts_.assign(report.n_ids, 0);
  return measurement;
}

absl::Status VocabularyMeasurement::Add(std::span<const std::string_view> documents,
                                        const EncodeOptions& encode) {
  TOK_ASSIGN_OR_RETURN(const RaggedIds ids, tokenizer_.EncodeBatch(documents, encode, options_.n_threads));
  report_.has_corpus = true;
  report_.n_documents += documents.size();
  for (const std::string_view document : documents) report_.n_corpus_bytes += document.size();
  report_.n_corpus_tokens += ids.ids.size();
  for (const TokenId id : ids.ids) {
    if (id < counts_.size()) ++counts_[id];
  }
  return absl::OkStatus();
}

absl::StatusOr<VocabularyReport> VocabularyMeasurement::Report() const {
  VocabularyReport report = report_;
  if (!report.has_corpus) return report;
  for (VocabularyToken& token : report.tokens) {
    token.n_used = counts_[token.id];
    token.is_unused = IsOrdinary(token.token_class) && token.n_used < report.min_count;
    report.n_unused += token.is_unused;
  }
  TOK_RETURN_IF_ERROR(CountInside(tokenizer_.spec(), &report));
  return report;
}

}  // namespace tok
