#include "src/encode/document_jobs.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/unicode/utf8.h"

namespace tok {

absl::Status AskWhetherToGoOn(const EncodeOptions& options) {
  if (!options.goes_on || options.goes_on()) return absl::OkStatus();
  return MakeError(ErrorCode::kInterrupted, "encoding", "stopped before the end of the text");
}

namespace {

// FindInvalidUtf8 over several threads, without the place.
bool IsValidUtf8(std::string_view text, unsigned n_threads) {
  // At or before `limit`, before the begin of a character if the text is valid.
  const auto boundary = [text](size_t limit) {
    constexpr size_t kMaxContinuationBytes = 3;
    if (limit >= text.size()) return text.size();
    size_t at = limit;
    while (at > 0 && limit - at < kMaxContinuationBytes &&
           (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
      --at;
    return at;
  };
  std::atomic<bool> is_valid = true;
  ParallelFor((text.size() + kJobBytes - 1) / kJobBytes, n_threads, [&](size_t i) {
    const size_t begin = boundary(i * kJobBytes), end = boundary((i + 1) * kJobBytes);
    if (FindInvalidUtf8(text.substr(begin, end - begin)) != std::string_view::npos) {
      is_valid.store(false, std::memory_order_relaxed);
    }
  });
  return is_valid;
}

}  // namespace

bool TokenizerImpl::CutsExactly(std::string_view document, const EncodeOptions& options,
                                unsigned n_threads) const {
  if (options.add_template && !spec_.post_processor.single.empty()) return false;
  if (model_->IsRandom()) return false;  // pieces are drawn for in their order
  if (direct_ == nullptr) {
    // Unicode normal forms never act across a blank; other normalizers may look at the ends of their text.
    const bool local_normalizer = std::all_of(
        spec_.normalizers.begin(), spec_.normalizers.end(),
        [](const normalizer::Step& step) { return std::holds_alternative<normalizer::UnicodeForm>(step); });
    if (pre_tokenizer_.tiling() == nullptr || !normalized_matcher_.empty() || !local_normalizer) return false;
  }
  return options.utf8 == Utf8Policy::kBytes || IsValidUtf8(document, n_threads);
}

size_t TokenizerImpl::SafeCut(std::string_view text, size_t begin, size_t limit) const {
  return direct_ != nullptr ? direct_->SafeCut(text, begin, limit)
                            : pre_tokenizer_.tiling()->SafeCut(text, begin, limit);
}

size_t TokenizerImpl::CutBetweenTokens(std::string_view document, size_t begin, size_t n_bytes) const {
  constexpr int kMaxTries = 256;
  for (; document.size() - begin > n_bytes; begin += n_bytes) {
    size_t cut = begin + n_bytes + 1;
    for (int tries = 0; tries < kMaxTries && cut > begin + 1; ++tries) {
      cut = SafeCut(document, begin, cut - 1);
      if (cut > begin && raw_matcher_.CanCut(document, cut)) return cut;
    }
  }
  return document.size();
}

std::vector<size_t> TokenizerImpl::FindCuts(std::string_view document, const EncodeOptions& options,
                                            size_t n_part_bytes, unsigned n_threads) const {
  std::vector<size_t> cuts;
  const bool has_prefix = direct_ != nullptr && !direct_->spelling().prefix.empty();
  if (document.size() <= n_part_bytes || has_prefix || !raw_matcher_.CanEverCut() ||
      !CheckOptions(options).ok() || !CutsExactly(document, options, n_threads)) {
    return cuts;
  }
  for (size_t cut = 0; (cut = CutBetweenTokens(document, cut, n_part_bytes)) < document.size();)
    cuts.push_back(cut);
  return cuts;
}

TokenizerImpl::JobSource::JobSource(const TokenizerImpl& impl, std::string_view document,
                                    const EncodeOptions& options)
    : impl_(impl),
      document_(document),
      options_(options),
      jobs_find_tokens_(impl.direct_ != nullptr && impl.direct_->spelling().prefix.empty() &&
                        impl.raw_matcher_.CanEverCut()),
      scan_(impl.raw_matcher_, document, options.special.kind() == SpecialPolicy::Kind::kText) {}

absl::StatusOr<bool> TokenizerImpl::JobSource::Next(Job* job) {
  *job = Job();
  if (!jobs_find_tokens_) return NextStretches(&job->stretches);
  job->begin = done_;
  job->end = done_ = impl_.CutBetweenTokens(document_, done_, kJobBytes);
  return !job->empty();
}

absl::StatusOr<bool> TokenizerImpl::JobSource::NextStretches(std::vector<Stretch>* stretches) {
  for (size_t n_bytes = 0; n_bytes < kJobBytes;) {
    while (begin_ == end_ && token_before_ == kNoToken) {
      if (is_over_) return !stretches->empty();
      TOK_RETURN_IF_ERROR(NextSegment());
    }
    if (n_bytes > 0 && end_ - begin_ > kJobBytes - n_bytes) break;
    const size_t cut = Cut();
    stretches->push_back({token_before_, begin_ != segment_begin_, begin_, cut});
    token_before_ = kNoToken;
    n_bytes += cut - begin_ + sizeof(Stretch);
    begin_ = cut;
  }
  return true;
}

absl::Status TokenizerImpl::JobSource::NextSegment() {
  token_before_ = std::exchange(token_after_, kNoToken);
  AddedMatch match;
  segment_begin_ = begin_ = done_;
  if (impl_.raw_matcher_.empty() || !scan_.Next(&match)) {
    is_over_ = true;
    end_ = document_.size();
    return absl::OkStatus();
  }
  const AddedToken& token = impl_.raw_tokens_[match.index];
  TOK_RETURN_IF_ERROR(impl_.CheckSpecial(token, match.begin, options_.special));
  end_ = std::max(begin_, match.begin);
  done_ = match.end;
  token_after_ = token.id;
  return absl::OkStatus();
}

size_t TokenizerImpl::JobSource::Cut() const {
  if (end_ - begin_ <= kJobBytes) return end_;
  const std::string_view text = document_.substr(0, end_);
  const size_t wanted = begin_ + kJobBytes;
  size_t cut = impl_.SafeCut(text, begin_, wanted);
  if (cut != begin_) return cut;
  // No cut in this stretch: look once through all the rest, from behind, before giving up.
  cut = impl_.SafeCut(text, wanted, end_);
  return cut == wanted ? end_ : cut;
}

absl::Status TokenizerImpl::EncodeJob(std::string_view document, const Job& job, const EncodeOptions& options,
                                      std::vector<TokenId>* ids) const {
  ContextLease context(*this);
  EncodeOutput output{ids};
  if (job.stretches.empty()) {
    const std::string_view body = document.substr(job.begin, job.end - job.begin);
    return EncodeBody(body, job.begin, options, context.get(), &output);
  }
  for (const Stretch& stretch : job.stretches) {
    if (stretch.token_before != kNoToken) ids->push_back(stretch.token_before);
    const std::string_view text = document.substr(stretch.begin, stretch.end - stretch.begin);
    TOK_RETURN_IF_ERROR(direct_ != nullptr && stretch.continues
                            ? EncodeDirect(text, stretch.begin, /*prefix=*/{}, context.get(), &output)
                            : EncodeSegment(text, stretch.begin, options, context.get(), &output));
  }
  return absl::OkStatus();
}

}  // namespace tok
