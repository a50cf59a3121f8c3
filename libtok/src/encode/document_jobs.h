// encode/document_jobs.h: one document, cut into jobs that are encoded independently.
//
// Model: added tokens are found first, in one pass, so that no cut can fall inside one; the segments between them are cut
// where the splitter (or the encoder, for text that is not normalized) cuts whatever surrounds the place. What a normalizer
// puts before a text, it puts before the first part of a segment only. Gemma has a token for every run of line ends: where
// nothing is put before segments, and places can be told that no token reaches across (AddedTokenMatcher::CanCut), jobs
// look for tokens themselves. The ids of the jobs, one after another, are those of the document. Only for documents that
// TokenizerImpl::CutsExactly allows.
// Cost: a source reads the text once, a job at a time; where jobs look for tokens, only what is around the cuts.
// Threads: one source for one thread at a time; jobs are independent.
#ifndef TOK_SRC_ENCODE_DOCUMENT_JOBS_H_
#define TOK_SRC_ENCODE_DOCUMENT_JOBS_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "src/encode/tokenizer_impl.h"
#include "src/vocab/added_tokens.h"
#include "tok/status.h"
#include "tok/types.h"

namespace tok {

// Of text, about.
inline constexpr size_t kJobBytes = size_t{1} << 20;
// Shorter documents are not worth cutting.
inline constexpr size_t kLongDocument = 2 * kJobBytes;

// TOK-E061 if the caller no longer wants the ids.
absl::Status AskWhetherToGoOn(const EncodeOptions& options);

// Text between added tokens, or a part of it.
struct TokenizerImpl::Stretch {
  TokenId token_before;  // kNoToken if it continues a segment, or begins the document
  bool continues;        // not the first part of its segment
  size_t begin, end;
};

// Stretches in order, or else text in which added tokens were not looked for.
struct TokenizerImpl::Job {
  std::vector<Stretch> stretches;
  size_t begin = 0, end = 0;

  bool empty() const { return stretches.empty() && begin == end; }
};

class TokenizerImpl::JobSource {
 public:
  JobSource(const TokenizerImpl& impl, std::string_view document, const EncodeOptions& options);

  // False at the end of the document: then the job is empty. An error lies behind the job, which may be empty too.
  absl::StatusOr<bool> Next(Job* job);

 private:
  absl::StatusOr<bool> NextStretches(std::vector<Stretch>* stretches);
  // The text up to the next added token, or to the end.
  absl::Status NextSegment();
  size_t Cut() const;

  const TokenizerImpl& impl_;
  const std::string_view document_;
  const EncodeOptions& options_;
  const bool jobs_find_tokens_;
  AddedTokenScan scan_;
  size_t segment_begin_ = 0;
  size_t begin_ = 0, end_ = 0;  // what is left of the segment
  size_t done_ = 0;             // end of the last added token, or job
  TokenId token_before_ = kNoToken, token_after_ = kNoToken;
  bool is_over_ = false;
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_DOCUMENT_JOBS_H_
