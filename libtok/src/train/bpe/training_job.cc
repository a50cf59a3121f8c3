#include "src/train/bpe/training_job.h"

#include <algorithm>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_format.h"
#include "src/base/hash.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/spec_archive.h"
#include "tok/formats.h"

namespace tok {
namespace {

constexpr uint64_t kSeeds[] = {1, 2};

std::string Hex(uint64_t high, uint64_t low) { return absl::StrFormat("%016x%016x", high, low); }

std::string HashOf(std::string_view bytes) {
  return Hex(HashBytes(bytes, kSeeds[0]), HashBytes(bytes, kSeeds[1]));
}

std::string HashOf(const std::vector<std::string>& strings) {
  std::string bytes;
  for (const std::string& string : strings) bytes += Concat(string.size(), " ", string);
  return strings.empty() ? "none" : HashOf(bytes);
}

// A sum over pieces: their order does not matter.
std::string HashOf(const PieceCounts& counts) {
  uint64_t sums[2] = {};
  for (size_t i = 0; i < counts.n_unique(); ++i) {
    for (size_t k = 0; k < std::size(sums); ++k) {
      sums[k] += HashBytes(counts[i].bytes, FoldedMultiply(counts[i].count, kSeeds[k] << 32 | 1) + kSeeds[k]);
    }
  }
  return Hex(sums[0], sums[1]);
}

std::string_view LineAt(std::string_view text, size_t begin) {
  return begin < text.size() ? text.substr(begin, text.find('\n', begin) - begin) : "(nothing)";
}

}  // namespace

TrainingJob::TrainingJob(const PieceCounts& counts, const BpeTrainerOptions& options) {
  Add("size", options.vocab_size);
  Add("min-frequency", options.min_frequency);
  Add("max-token-length", options.max_token_length);
  Add("alphabet", options.whole_byte_alphabet ? "all" : "seen");
  Add("initial-alphabet", HashOf(options.initial_alphabet));
  Add("limit-alphabet", options.limit_alphabet);
  Add("special-tokens", HashOf(options.special_tokens));
  Add("affixes", HashOf({options.continuing_subword_prefix, options.end_of_word_suffix}));
  Add("unknown", Concat(options.unk_token.value_or(""), options.fuse_unk ? " fused" : ""));
  Add("whole-tokens", HashOf(options.whole_tokens));
  Add("padding", options.pad_to_power_of_two ? "power of two" : "none");
  Add("base", options.base ? SpecIdentityHash(*options.base) : "none");
  AddRules("rules", counts.origin().rules);
  Add("sequences", HashOf(counts.origin().sequence_unit));
  Add("pieces", Concat(counts.n_unique(), " ", HashOf(counts)));
}

void TrainingJob::Add(std::string_view name, std::string_view value) {
  text_ += Concat(name, " ", value, "\n");
}

void TrainingJob::AddRules(std::string_view name, const PieceRules& rules) {
  Add(name, HashOf(ArchiveOrigin({.rules = rules})));
}

absl::Status TrainingJob::CheckSame(const TrainingCheckpoint& checkpoint) const {
  if (checkpoint.job == text_) return absl::OkStatus();
  const auto differ = std::mismatch(text_.begin(), text_.end(), checkpoint.job.begin(), checkpoint.job.end());
  const auto at = static_cast<size_t>(differ.first - text_.begin());
  const size_t begin = at == 0 ? 0 : text_.rfind('\n', at - 1) + 1;
  return MakeError(ErrorCode::kUsage, "checkpoint",
                   Concat("was made by another training: ", LineAt(checkpoint.job, begin),
                          ", and this one has ", LineAt(text_, begin)),
                   "train with the same options and text, or anew (without --resume)");
}

absl::Status CheckBeginsAnew(const BpeTrainerOptions& options) {
  if (!options.base && !options.resume) return absl::OkStatus();
  return MakeError(ErrorCode::kUsage, options.base ? "base" : "resume",
                   "means nothing to this kind of training", "begin anew");
}

MakeCheckpoint CheckpointOf(const std::function<absl::StatusOr<TokenizerSpec>()>& make_spec,
                            const BpeTraining& training, const std::optional<TrainingJob>& job) {
  return [&make_spec, &training, &job]() -> absl::StatusOr<TrainingCheckpoint> {
    TOK_ASSIGN_OR_RETURN(TokenizerSpec spec, make_spec());
    return TrainingCheckpoint{std::move(spec), {training.report}, job ? job->text() : ""};
  };
}

absl::Status RepeatMerges(const TrainingCheckpoint& checkpoint, GrowingVocabulary* vocabulary) {
  const absl::Status other =
      MakeError(ErrorCode::kBadFormat, "checkpoint", "has tokens that its merges do not make",
                "train anew (without --resume)");
  const auto* model = std::get_if<BpeModelSpec>(&checkpoint.spec.model);
  const size_t n_begun = vocabulary->merges().size();
  if (model == nullptr || model->merges.size() < n_begun) return other;
  const Vocabulary& tokens = checkpoint.spec.vocabulary;
  for (const Merge& merge : std::span(model->merges).subspan(n_begun)) {
    if (std::max(merge.left, merge.right) >= vocabulary->size()) return other;
    const TokenId token = vocabulary->Add(merge.left, merge.right);
    // Not in the end: merges of a file that lies could double the length of tokens until there is no memory.
    if (token >= tokens.size() || tokens.Bytes(token) != vocabulary->tokens()[token]) return other;
  }
  if (model->merges != vocabulary->merges() || tokens.size() != vocabulary->size()) return other;
  for (TokenId id = 0; id < tokens.size(); ++id) {
    if (tokens.Bytes(id) != vocabulary->tokens()[id]) return other;
  }
  return absl::OkStatus();
}

absl::Status TakeUp(const BpeTrainerOptions& options, GrowingVocabulary* vocabulary,
                    BpeTrainingReport* report) {
  if (!options.resume) return absl::OkStatus();
  if (options.resume->stages.size() != 1) {
    return MakeError(ErrorCode::kBadFormat, "checkpoint", "has not one stage", "train anew");
  }
  *report = options.resume->stages[0];
  return RepeatMerges(*options.resume, vocabulary);
}

}  // namespace tok
