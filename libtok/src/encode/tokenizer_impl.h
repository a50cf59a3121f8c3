// encode/tokenizer_impl.h: a compiled tokenizer: the stages of the pipeline and the loops that run them.
#ifndef TOK_SRC_ENCODE_TOKENIZER_IMPL_H_
#define TOK_SRC_ENCODE_TOKENIZER_IMPL_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/encode/context_pool.h"
#include "src/encode/decoder.h"
#include "src/encode/direct_text.h"
#include "src/encode/piece_cache.h"
#include "src/model/bpe/superword_bpe.h"
#include "src/model/piece_model.h"
#include "src/normalize/normalizer.h"
#include "src/split/pre_tokenizer.h"
#include "src/split/splitter.h"
#include "src/vocab/added_tokens.h"
#include "tok/tokenizer.h"

namespace tok {

// Working memory of one encoding thread.
struct EncodeContext {
  explicit EncodeContext(const PieceModel& model) : model_scratch(model.MakeScratch()) {}

  PieceCache cache;
  std::unique_ptr<PieceScratch> model_scratch;
  std::vector<PieceToken> piece_tokens;
  std::vector<PieceRange> pieces;
};

// Where the ids of one document go.
struct EncodeOutput {
  std::vector<TokenId>* ids;
  std::vector<Span>* spans = nullptr;  // null: not wanted
  uint64_t max_ids = UINT64_MAX;       // stop once more than this many are there
  bool count_only = false;             // ids are counted and thrown away
  uint64_t n_counted = 0;
  std::vector<uint32_t>* words = nullptr;  // null: not wanted. Wanted only beside spans
  uint32_t n_words = 0;                    // pieces and added tokens of the document so far

  // The ids since the last word, perhaps none, are one.
  void EndWord() { EndWordAt(ids->size()); }
  void EndWordAt(size_t n_ids) {
    if (words != nullptr) words->resize(n_ids, n_words++);
  }
  bool Full() const { return ids->size() > max_ids; }
  void Absorb() {
    if (!count_only) return;
    n_counted += ids->size();
    ids->clear();
  }
};

using IdPartsSink = std::function<absl::Status(std::span<std::vector<TokenId>> parts)>;

class TokenizerImpl {
 public:
  static absl::StatusOr<std::shared_ptr<const TokenizerImpl>> Create(TokenizerSpec spec,
                                                                     ReadyBpeTables ready);
  static Tokenizer Wrap(std::shared_ptr<const TokenizerImpl> impl) { return Tokenizer(std::move(impl)); }
  static const TokenizerImpl& Of(const Tokenizer& tokenizer) { return *tokenizer.impl_; }

  // One document: UTF-8 policy, template, added tokens, segments.
  absl::Status EncodeDocument(std::string_view document, const EncodeOptions& options,
                              EncodeOutput* output) const;
  // The same of many by several threads, long ones in jobs where the pipeline lets them be cut exactly (encode_batch.cc).
  // What fails is the first failing document, *failed.
  absl::StatusOr<RaggedIds> EncodeDocuments(std::span<const std::string_view> documents,
                                            const EncodeOptions& options, unsigned n_threads,
                                            size_t* failed) const;
  // The same, but statuses[d], OK before, says whether document d failed; what lies between its offsets is worth nothing then.
  // What fails is goes_on.
  absl::StatusOr<RaggedIds> EncodeEachDocument(std::span<const std::string_view> documents,
                                               const EncodeOptions& options, unsigned n_threads,
                                               std::span<absl::Status> statuses) const;

  // The same ids in parts, in order; at most n_parts_at_once (about 1 MiB of text each) are in memory where the
  // pipeline lets a text be cut exactly, else all are one part. The sink may take the parts' contents.
  absl::Status EncodeInParts(std::string_view document, const EncodeOptions& options, unsigned n_threads,
                             size_t n_parts_at_once, const IdPartsSink& sink) const;

  // As tok::FindCuts (batch_support.h; document_jobs.cc).
  std::vector<size_t> FindCuts(std::string_view document, const EncodeOptions& options, size_t n_part_bytes,
                               unsigned n_threads) const;
  // TOK-E040 for options that say nothing about this tokenizer.
  absl::Status CheckOptions(const EncodeOptions& options) const;

  const TokenizerSpec& spec() const { return spec_; }
  const Decoder& decoder() const { return *decoder_; }
  const PreTokenizer& pre_tokenizer() const { return pre_tokenizer_; }
  const PieceModel& model() const { return *model_; }
  const Normalizer& normalizer() const { return normalizer_; }
  const DirectText* direct() const { return direct_.get(); }  // null if text must be normalized first
  TokenId FindToken(std::string_view token) const;

 private:
  class ContextLease;
  class BatchRun;   // encode_batch.cc
  class JobSource;  // document_jobs.h
  struct Job;
  struct Stretch;
  struct Place;  // where in the document a text comes from

  absl::Status CreateAddedTokens();
  void WarmUp() const;
  // True if the splitter alone can cut `text`.
  bool Tiles(std::string_view text) const;
  // Whether the document can be cut into jobs (document_jobs.h). Reads all of it, to see whether it is valid.
  bool CutsExactly(std::string_view document, const EncodeOptions& options, unsigned n_threads) const;
  // Of documents that may be cut: the last place in (begin, limit] where any text is, and `begin` if there is none.
  size_t SafeCut(std::string_view text, size_t begin, size_t limit) const;
  // The end of a part of about n_bytes: a safe place that no added token reaches across, or else the document's end.
  size_t CutBetweenTokens(std::string_view document, size_t begin, size_t n_bytes) const;
  // Appends the ids of a job.
  absl::Status EncodeJob(std::string_view document, const Job& job, const EncodeOptions& options,
                         std::vector<TokenId>* ids) const;
  absl::Status CheckSpecial(const AddedToken& token, uint64_t position, const SpecialPolicy& policy) const;
  // Template, added tokens and segments of text that the UTF-8 policy has passed.
  absl::Status EncodeWellFormed(std::string_view body, const EncodeOptions& options,
                                EncodeOutput* output) const;
  // `body` begins at byte `begin` of the document, as a segment does.
  absl::Status EncodeBody(std::string_view body, uint64_t begin, const EncodeOptions& options,
                          EncodeContext* context, EncodeOutput* output) const;
  // The same of a tokenizer with direct_ and without a prefix, without spans.
  absl::Status EncodeBodyDirect(std::string_view body, uint64_t begin, const EncodeOptions& options,
                                EncodeContext* context, EncodeOutput* output) const;
  absl::Status EncodeSegment(std::string_view segment, uint64_t begin, const EncodeOptions& options,
                             EncodeContext* context, EncodeOutput* output) const;
  // Of a tokenizer with direct_: text that the normalizer would put `prefix` before.
  absl::Status EncodeDirect(std::string_view text, uint64_t begin, std::string_view prefix,
                            EncodeContext* context, EncodeOutput* output) const;
  absl::Status EncodeRewritten(AlignedText text, const EncodeOptions& options, EncodeContext* context,
                               EncodeOutput* output) const;
  absl::Status EncodeAligned(AlignedText* text, const EncodeOptions& options, EncodeContext* context,
                             EncodeOutput* output) const;
  absl::Status EncodeNormalized(AlignedText* text, EncodeContext* context, EncodeOutput* output) const;
  absl::Status EncodeTiled(std::string_view text, const Place& place, EncodeContext* context,
                           EncodeOutput* output) const;
  absl::Status EncodePiece(std::string_view text, size_t begin, size_t end, const Place& place,
                           EncodeContext* context, EncodeOutput* output) const;
  void AppendTemplateTokens(const TemplateItem& item, EncodeOutput* output) const;

  TokenizerSpec spec_;
  Normalizer normalizer_;
  PreTokenizer pre_tokenizer_;
  std::unique_ptr<const PieceModel> model_;
  const SuperwordBpe* superwords_ = nullptr;        // model_, when it is one
  std::shared_ptr<const Splitter> words_splitter_;  // cuts the pieces of superwords_
  const PieceEncoder* tiles_ = nullptr;             // of model_, or of a part of it, if its tokens tile
  std::unique_ptr<const DirectText> direct_;
  std::unique_ptr<const Decoder> decoder_;
  std::vector<AddedToken> raw_tokens_, normalized_tokens_;
  AddedTokenMatcher raw_matcher_, normalized_matcher_;
  mutable ContextPool<EncodeContext> contexts_;
};

// Takes working memory from the pool for one call, and gives it back.
class TokenizerImpl::ContextLease {
 public:
  explicit ContextLease(const TokenizerImpl& impl) : impl_(impl), context_(impl.contexts_.Take()) {
    if (context_ != nullptr) return;
    context_ = std::make_unique<EncodeContext>(*impl.model_);
  }
  ~ContextLease() { impl_.contexts_.Give(std::move(context_)); }
  ContextLease(const ContextLease&) = delete;
  ContextLease& operator=(const ContextLease&) = delete;
  EncodeContext* get() { return context_.get(); }

 private:
  const TokenizerImpl& impl_;
  std::unique_ptr<EncodeContext> context_;
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_TOKENIZER_IMPL_H_
