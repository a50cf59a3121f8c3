#include "src/train/bpe/merge_run.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"

namespace tok {
namespace {

constexpr size_t kMergesBetweenReports = 256;
constexpr std::chrono::milliseconds kTimeBetweenReports(100);

}  // namespace

unsigned ThreadsOf(const BpeTrainerOptions& options) {
  return options.n_threads == 0 ? AvailableThreads() : options.n_threads;
}

absl::StatusOr<bool> MergeRun::Run(SymbolText text, uint32_t vocab_size, GrowingVocabulary* vocabulary) {
  const auto n_first = static_cast<uint32_t>(vocabulary->size());
  bool has_collided = false;
  MergeEngine::Options options;
  options.min_count = MinCountOf(options_);
  options.max_merges = std::max(vocab_size, n_first + 1) - n_first;
  options.n_threads = ThreadsOf(options_);
  options.scratch = scratch_;
  options.on_merge = [&](uint32_t left, uint32_t right) {
    const size_t n_before = vocabulary->size();
    has_collided |= vocabulary->Add(left, right) != n_before;
  };
  if (options_.max_token_length > 0 || is_vetoed) {
    options.is_vetoed = [&](uint32_t left, uint32_t right) {
      if (has_collided) return true;
      if (options_.max_token_length > 0 && !vocabulary->IsShorter(left, right, options_.max_token_length))
        return true;
      return is_vetoed && is_vetoed(left, right);
    };
  }
  TOK_RETURN_IF_ERROR(AskBefore(n_first));
  MergeEngine engine(std::move(text), n_first, std::move(options));
  TOK_RETURN_IF_ERROR(AskBefore(n_first));
  while (vocabulary->n_wanted() < vocab_size) {
    const std::optional<TokenMerge> merge = engine.Next();
    if (!merge) break;
    if (has_collided) return false;
    TOK_RETURN_IF_ERROR(Note(*merge, *vocabulary));
  }
  return true;
}

absl::Status MergeRun::Note(const TokenMerge& merge, uint64_t n_tokens) {
  if (merge.count != report_.last_count) report_.n_tied = 0;
  report_.last_count = merge.count;
  ++report_.n_merges;
  ++report_.n_tied;
  if (!options_.progress) return absl::OkStatus();
  const Clock::time_point now = Clock::now();
  if (report_.n_merges % kMergesBetweenReports != 0 && now - last_asked_ < kTimeBetweenReports)
    return absl::OkStatus();
  const bool goes_on =
      options_.progress({n_tokens, options_.vocab_size, merge.count, /*ends_stage=*/false, checkpoint});
  last_asked_ = Clock::now();
  return goes_on ? absl::OkStatus() : Stopped(n_tokens);
}

absl::Status MergeRun::AskBefore(uint64_t n_tokens) const {
  if (!options_.progress) return absl::OkStatus();
  const bool goes_on = options_.progress({.n_tokens = n_tokens,
                                          .vocab_size = options_.vocab_size,
                                          .last_count = report_.last_count,
                                          .checkpoint = checkpoint});
  return goes_on ? absl::OkStatus() : Stopped(n_tokens);
}

absl::Status Stopped(uint64_t n_tokens) {
  return MakeError(ErrorCode::kInterrupted, "training", Concat("stopped at ", n_tokens, " tokens"));
}

}  // namespace tok
