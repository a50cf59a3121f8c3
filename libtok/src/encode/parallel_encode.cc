// One document over several threads. Added tokens are found first, in one pass, so that no cut can fall inside one;
// the segments between them are cut where the splitter cuts whatever surrounds the place, and encoded independently.
// What a normalizer puts before a text, it puts before the first part of a segment only.
#include <algorithm>
#include <atomic>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/encode/tokenizer_impl.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr size_t kJobBytes = 1 << 20;

}  // namespace

// Text between added tokens, or a part of it.
struct TokenizerImpl::Stretch {
  TokenId token_before;  // kNoToken if it continues a segment, or begins the document
  bool continues;        // not the first part of its segment
  size_t begin, end;
};

// About kJobBytes of text.
struct TokenizerImpl::Job {
  std::vector<Stretch> stretches;
  std::vector<TokenId> ids;
  absl::Status status;
};

// The jobs of one document, one after another, so that a document of any size needs only those at work.
class TokenizerImpl::JobSource {
 public:
  JobSource(const TokenizerImpl& impl, std::string_view document, const EncodeOptions& options)
      : impl_(impl),
        document_(document),
        options_(options),
        scan_(impl.raw_matcher_, document, options.special.kind() == SpecialPolicy::Kind::kText) {}

  // False at the end of the document. An error lies behind the job's stretches.
  absl::StatusOr<bool> Next(Job* job) {
    *job = Job();
    for (size_t n_bytes = 0; n_bytes < kJobBytes;) {
      while (begin_ == end_ && token_before_ == kNoToken) {
        if (is_over_) return !job->stretches.empty();
        TOK_RETURN_IF_ERROR(NextSegment());
      }
      if (n_bytes > 0 && end_ - begin_ > kJobBytes - n_bytes) break;
      const size_t cut = Cut();
      job->stretches.push_back({token_before_, begin_ != segment_begin_, begin_, cut});
      token_before_ = kNoToken;
      n_bytes += cut - begin_ + sizeof(Stretch);
      begin_ = cut;
    }
    return true;
  }

 private:
  // The text up to the next added token, or to the end.
  absl::Status NextSegment() {
    token_before_ = token_after_;
    token_after_ = kNoToken;
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

  size_t Cut() const {
    if (end_ - begin_ <= kJobBytes) return end_;
    const std::string_view text = document_.substr(0, end_);
    const size_t wanted = begin_ + kJobBytes;
    size_t cut = SafeCut(text, begin_, wanted);
    if (cut != begin_) return cut;
    // No cut in this stretch: look once through all the rest, from behind, before giving up.
    cut = SafeCut(text, wanted, end_);
    return cut == wanted ? end_ : cut;
  }
  size_t SafeCut(std::string_view text, size_t begin, size_t limit) const {
    return impl_.direct_ != nullptr ? impl_.direct_->SafeCut(text, begin, limit)
                                    : impl_.pre_tokenizer_.tiling()->SafeCut(text, begin, limit);
  }

  const TokenizerImpl& impl_;
  const std::string_view document_;
  const EncodeOptions& options_;
  AddedTokenScan scan_;
  size_t segment_begin_ = 0;
  size_t begin_ = 0, end_ = 0;  // what is left of the segment
  size_t done_ = 0;             // end of the last added token
  TokenId token_before_ = kNoToken, token_after_ = kNoToken;
  bool is_over_ = false;
};

bool TokenizerImpl::CutsExactly(const EncodeOptions& options) const {
  if (options.add_template && !spec_.post_processor.single.empty()) return false;
  if (direct_ != nullptr) return true;
  // Unicode normal forms never act across a blank; other normalizers may look at the ends of their text.
  const bool local_normalizer = std::all_of(
      spec_.normalizers.begin(), spec_.normalizers.end(),
      [](const normalizer::Step& step) { return std::holds_alternative<normalizer::UnicodeForm>(step); });
  return pre_tokenizer_.tiling() != nullptr && normalized_matcher_.empty() && local_normalizer;
}

absl::Status TokenizerImpl::EncodeStretches(std::string_view document, std::span<const Stretch> stretches,
                                            const EncodeOptions& options, std::vector<TokenId>* ids) const {
  ContextLease context(*this);
  EncodeOutput output{ids};
  for (const Stretch& stretch : stretches) {
    if (stretch.token_before != kNoToken) ids->push_back(stretch.token_before);
    const std::string_view text = document.substr(stretch.begin, stretch.end - stretch.begin);
    TOK_RETURN_IF_ERROR(direct_ != nullptr && stretch.continues
                            ? EncodeDirect(text, stretch.begin, /*prefix=*/{}, context.get(), &output)
                            : EncodeSegment(text, stretch.begin, options, context.get(), &output));
  }
  return absl::OkStatus();
}

absl::Status TokenizerImpl::EncodeInParts(std::string_view document, const EncodeOptions& options,
                                          unsigned n_threads, size_t n_parts_at_once,
                                          const IdPartsSink& sink) const {
  TOK_RETURN_IF_ERROR(CheckOptions(options));
  const bool valid =
      options.utf8 == Utf8Policy::kBytes || FindInvalidUtf8(document) == std::string_view::npos;
  const bool whole = n_threads == 1 && n_parts_at_once == SIZE_MAX;
  if (whole || document.size() < 2 * kJobBytes || !valid || !CutsExactly(options)) {
    std::vector<TokenId> ids;
    EncodeOutput output{&ids};
    TOK_RETURN_IF_ERROR(EncodeDocument(document, options, &output));
    return sink(std::span(&ids, 1));
  }
  JobSource source(*this, document, options);
  std::vector<Job> jobs;
  std::vector<std::vector<TokenId>> parts;
  for (absl::StatusOr<bool> found = true; found.ok() && *found;) {
    jobs.clear();
    for (Job job; jobs.size() < n_parts_at_once && found.ok() && *found;) {
      found = source.Next(&job);
      if (!job.stretches.empty()) jobs.push_back(std::move(job));
    }
    ParallelFor(jobs.size(), n_threads, [&](size_t i) {
      jobs[i].status = EncodeStretches(document, jobs[i].stretches, options, &jobs[i].ids);
    });
    parts.clear();
    for (Job& job : jobs) {
      TOK_RETURN_IF_ERROR(job.status);
      parts.push_back(std::move(job.ids));
    }
    TOK_RETURN_IF_ERROR(sink(parts));
    TOK_RETURN_IF_ERROR(found.status());  // lies behind all of these parts
  }
  return absl::OkStatus();
}

absl::Status TokenizerImpl::EncodeDocumentParallel(std::string_view document, const EncodeOptions& options,
                                                   unsigned n_threads, std::vector<TokenId>* ids) const {
  return EncodeInParts(document, options, n_threads, SIZE_MAX, [ids](std::span<std::vector<TokenId>> parts) {
    if (parts.size() == 1 && ids->empty()) {
      *ids = std::move(parts[0]);
      return absl::OkStatus();
    }
    size_t n_ids = ids->size();
    for (const std::vector<TokenId>& part : parts) n_ids += part.size();
    ids->reserve(n_ids);
    for (const std::vector<TokenId>& part : parts) ids->insert(ids->end(), part.begin(), part.end());
    return absl::OkStatus();
  });
}

}  // namespace tok
