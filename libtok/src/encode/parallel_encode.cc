// One document over several threads. Added tokens are found first, in one pass, so that no cut can fall inside one;
// the segments between them are cut where the splitter cuts whatever surrounds the place, and encoded independently.
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

struct Job {
  std::string_view text;
  uint64_t begin = 0;
  TokenId token_before = kNoToken;  // an added token in front of the text
  std::vector<TokenId> ids;
  absl::Status status;
};

}  // namespace

bool TokenizerImpl::CutsExactly(const EncodeOptions& options) const {
  // Unicode normal forms never act across a blank; other normalizers may look at the ends of their text.
  const bool local_normalizer = std::all_of(
      spec_.normalizers.begin(), spec_.normalizers.end(),
      [](const normalizer::Step& step) { return std::holds_alternative<normalizer::UnicodeForm>(step); });
  return pre_tokenizer_.tiling() != nullptr && normalized_matcher_.empty() && local_normalizer &&
         !(options.add_template && !spec_.post_processor.single.empty());
}

absl::Status TokenizerImpl::EncodeDocumentParallel(std::string_view document, const EncodeOptions& options,
                                                   unsigned n_threads, std::vector<TokenId>* ids) const {
  const bool valid =
      options.utf8 == Utf8Policy::kBytes || FindInvalidUtf8(document) == std::string_view::npos;
  if (n_threads == 1 || document.size() < 2 * kJobBytes || !valid || !CutsExactly(options)) {
    EncodeOutput output{ids};
    return EncodeDocument(document, options, &output);
  }
  std::vector<Job> jobs;
  TokenId token_before = kNoToken;
  const auto add_segment = [&](size_t begin, size_t end) {
    do {
      size_t cut = end;
      if (end - begin > kJobBytes) {
        cut = pre_tokenizer_.tiling()->SafeCut(document.substr(0, end), begin, begin + kJobBytes);
        // No cut in this stretch: look once through all the rest, from behind, before giving up.
        if (cut == begin)
          cut = pre_tokenizer_.tiling()->SafeCut(document.substr(0, end), begin + kJobBytes, end);
        if (cut == begin + kJobBytes || cut == begin) cut = end;
      }
      jobs.push_back({document.substr(begin, cut - begin), begin, token_before, {}, absl::OkStatus()});
      token_before = kNoToken;
      begin = cut;
    } while (begin < end);
  };
  size_t done = 0;
  AddedTokenScan scan(raw_matcher_, document, options.special.kind() == SpecialPolicy::Kind::kText);
  for (AddedMatch match; !raw_matcher_.empty() && scan.Next(&match); done = match.end) {
    const AddedToken& token = raw_tokens_[match.index];
    TOK_RETURN_IF_ERROR(CheckSpecial(token, match.begin, options.special));
    if (done < match.begin || token_before != kNoToken) add_segment(std::min(done, match.begin), match.begin);
    token_before = token.id;
  }
  add_segment(done, document.size());

  ParallelFor(jobs.size(), n_threads, [&](size_t i) {
    ContextLease context(*this);
    EncodeOutput output{&jobs[i].ids};
    if (!jobs[i].text.empty()) {
      jobs[i].status = EncodeSegment(jobs[i].text, jobs[i].begin, options, context.get(), &output);
    }
  });
  size_t n_ids = ids->size();
  for (const Job& job : jobs) {
    TOK_RETURN_IF_ERROR(job.status);
    n_ids += job.ids.size() + 1;
  }
  ids->reserve(n_ids);
  for (const Job& job : jobs) {
    if (job.token_before != kNoToken) ids->push_back(job.token_before);
    ids->insert(ids->end(), job.ids.begin(), job.ids.end());
  }
  return absl::OkStatus();
}

}  // namespace tok
