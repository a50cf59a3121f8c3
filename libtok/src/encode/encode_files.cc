#include "tok/encode_files.h"

#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/corpus/id_writer.h"
#include "src/encode/batch_support.h"
#include "src/encode/block_batch.h"
#include "src/encode/block_pipeline.h"
#include "src/encode/long_document_writer.h"
#include "src/encode/shard_writer.h"
#include "src/encode/tokenizer_impl.h"

namespace tok {
namespace {

struct EncodeJob final : BlockJob {
  IdDocuments ids;
  std::string formatted;
};

absl::Status CheckBatchEncoder(const Tokenizer& tokenizer, const EncodeFilesOptions& options) {
  const Tokenizer& other = options.batch_encoder->tokenizer();
  if (&TokenizerImpl::Of(tokenizer) != &TokenizerImpl::Of(other) &&
      tokenizer.IdentityHash() != other.IdentityHash()) {
    return MakeError(ErrorCode::kUsage, "batch encoder",
                     Concat("is one of the tokenizer '", other.name(), "', and the files are for '",
                            tokenizer.name(), "'"),
                     "make it of the same tokenizer");
  }
  if (options.offsets == OffsetUnit::kNone) return absl::OkStatus();
  return MakeError(ErrorCode::kUsage, "offsets", "do not come from a batch encoder",
                   "leave them out, or encode without it (--device cpu)");
}

absl::Status Check(const Tokenizer& tokenizer, const std::string& output, const EncodeFilesOptions& options) {
  if (options.format == IdFormat::kU16) TOK_RETURN_IF_ERROR(CheckNarrowIds(tokenizer, "write u32"));
  if (options.offsets != OffsetUnit::kNone && options.format != IdFormat::kJsonl) {
    return MakeError(ErrorCode::kUsage, "offsets", "need the format jsonl", "add --out jsonl");
  }
  if (options.batch_encoder != nullptr) TOK_RETURN_IF_ERROR(CheckBatchEncoder(tokenizer, options));
  if (options.resume && options.n_shards == 0) {
    return MakeError(ErrorCode::kUsage, "resume", "works on shards", "add --shards N");
  }
  if (options.n_shards > kMaxShards) {
    return MakeError(ErrorCode::kUsage, "shards", Concat("at most ", kMaxShards), "choose fewer");
  }
  if (options.n_shards > 0 && output == "-") {
    return MakeError(ErrorCode::kUsage, "shards", "need a file to write", "add -o OUT");
  }
  return absl::OkStatus();
}

// Encodes one document into *out, which has the results of those before it.
absl::Status EncodeDocument(const Tokenizer& tokenizer, std::string_view text,
                            const EncodeFilesOptions& options, IdDocuments* out) {
  if (options.offsets == OffsetUnit::kNone) return tokenizer.EncodeTo(text, options.encode, &out->ids);
  TOK_ASSIGN_OR_RETURN(Encoding encoding, tokenizer.EncodeWithSpans(text, options.encode, options.offsets));
  out->ids.insert(out->ids.end(), encoding.ids.begin(), encoding.ids.end());
  out->offsets.insert(out->offsets.end(), encoding.spans.begin(), encoding.spans.end());
  return absl::OkStatus();
}

class Encoder {
 public:
  Encoder(const Tokenizer& tokenizer, const EncodeFilesOptions& options, ShardWriter* writer)
      : tokenizer_(tokenizer),
        options_(options),
        long_options_{options.encode, /*narrow_ids=*/options.format == IdFormat::kU16},
        block_options_(long_options_),
        writer_(writer) {
    block_options_.goes_on = nullptr;  // asked between blocks
  }

  void Work(EncodeJob* job) const {
    job->status = Encode(job->documents.documents, &job->ids, &job->failed_document);
  }

  void Format(EncodeJob* job) const {
    FormatDocuments(job->ids, options_.format, job->first_document, &job->formatted);
  }

  absl::Status Write(EncodeJob* job) {
    Report(job->documents.documents, job->ids);
    return writer_->Write(job->block.shard, job->formatted, job->ids.ends);
  }

  // One document after another, or many short ones together; long ones in parts.
  absl::Status WriteLarge(EncodeJob* job, unsigned n_threads) {
    const std::span<const Document> documents = job->documents.documents;
    for (size_t d = 0; d < documents.size() && job->status.ok();) {
      if (GoesInParts(documents[d])) {
        TOK_RETURN_IF_ERROR(WriteInParts(job, d++, n_threads));
      } else {
        const size_t n_documents = ShortDocuments(documents.subspan(d));
        TOK_RETURN_IF_ERROR(WriteShort(job, d, n_documents));
        d += n_documents;
      }
    }
    return absl::OkStatus();
  }

  const EncodeFilesReport& report() const { return report_; }

 private:
  // The documents before the first that fails, *failed.
  absl::Status Encode(std::span<const Document> documents, IdDocuments* out, size_t* failed) const {
    if (options_.batch_encoder != nullptr)
      return EncodeBlock(options_.batch_encoder, documents, block_options_, out, failed);
    out->has_offsets = options_.offsets != OffsetUnit::kNone;
    for (size_t d = 0; d < documents.size(); ++d) {
      const absl::Status status = EncodeDocument(tokenizer_, documents[d].text, options_, out);
      if (!status.ok()) {
        *failed = d;
        out->ids.resize(out->ends.empty() ? 0 : out->ends.back());
        return status;
      }
      out->ends.push_back(out->ids.size());
    }
    return absl::OkStatus();
  }

  void Report(std::span<const Document> documents, const IdDocuments& encoded) {
    for (const Document& document : documents.first(encoded.ends.size()))
      report_.n_bytes += document.text.size();
    report_.n_documents += encoded.ends.size();
    report_.n_ids += encoded.ids.size();
  }

  bool GoesInParts(const Document& document) const {
    return document.text.size() >= kParallelDocument && options_.offsets == OffsetUnit::kNone;
  }

  // How many of the first to encode together.
  size_t ShortDocuments(std::span<const Document> documents) const {
    if (options_.batch_encoder == nullptr) return 1;
    size_t n_documents = 0;
    for (size_t n_bytes = 0; n_documents < documents.size() && n_bytes < kParallelDocument; ++n_documents) {
      if (GoesInParts(documents[n_documents])) break;
      n_bytes += documents[n_documents].text.size() + sizeof(Document);
    }
    return n_documents;
  }

  // Errors of encoding become the job's, those of writing are returned.
  absl::Status WriteShort(EncodeJob* job, size_t first, size_t n_documents) {
    const auto documents = std::span<const Document>(job->documents.documents).subspan(first, n_documents);
    IdDocuments some;
    size_t failed = 0;
    job->status = Encode(documents, &some, &failed);
    if (!job->status.ok()) job->failed_document = first + failed;
    std::string formatted;
    FormatDocuments(some, options_.format, job->first_document + first, &formatted);
    Report(documents, some);
    if (some.ends.empty()) return absl::OkStatus();
    return writer_->Write(job->block.shard, formatted, some.ends);
  }

  absl::Status WriteInParts(EncodeJob* job, size_t d, unsigned n_threads) {
    LongDocumentWriter parts(writer_, job->block.shard, options_.format, job->first_document + d, n_threads);
    const std::string_view text = job->documents.documents[d].text;
    job->status = EncodeInParts(text, n_threads, &parts);
    if (!parts.status().ok()) {
      job->status = absl::OkStatus();
      return parts.status();
    }
    if (!job->status.ok()) {
      job->failed_document = d;
      return absl::OkStatus();
    }
    ++report_.n_documents;
    report_.n_bytes += text.size();
    report_.n_ids += parts.n_ids();
    return parts.End();
  }

  absl::Status EncodeInParts(std::string_view text, unsigned n_threads, LongDocumentWriter* writer) const {
    if (options_.batch_encoder != nullptr) {
      return EncodeLongDocument(options_.batch_encoder, text, long_options_,
                                [&](std::span<const TokenId> ids) { return writer->Write(ids); });
    }
    const auto write = [&](std::span<std::vector<TokenId>> parts) {
      return writer->Write(std::vector<std::span<const TokenId>>(parts.begin(), parts.end()));
    };
    return TokenizerImpl::Of(tokenizer_)
        .EncodeInParts(text, options_.encode, n_threads, PartsAtOnce(options_, n_threads), write);
  }

  const Tokenizer& tokenizer_;
  const EncodeFilesOptions& options_;
  const BatchOptions long_options_;
  BatchOptions block_options_;
  ShardWriter* const writer_;
  EncodeFilesReport report_;  // writing only
};

}  // namespace

absl::StatusOr<EncodeFilesReport> EncodeFiles(const Tokenizer& tokenizer,
                                              const std::vector<std::string>& inputs,
                                              const std::string& output, const EncodeFilesOptions& options) {
  TOK_RETURN_IF_ERROR(Check(tokenizer, output, options));
  ShardWriter writer;
  BlockReaderOptions reader;
  if (options.batch_encoder != nullptr) reader.n_block_bytes = kBatchBlock;
  TOK_RETURN_IF_ERROR(writer.Open(tokenizer, inputs, output, options, &reader));

  Encoder encoder(tokenizer, options, &writer);
  BlockCallbacks callbacks;
  const auto job_of = [](BlockJob* job) { return static_cast<EncodeJob*>(job); };
  callbacks.make_job = [] { return std::make_unique<EncodeJob>(); };
  callbacks.skips_shard = [&](uint32_t shard) { return writer.IsKept(shard); };
  callbacks.n_documents_of_shard = [&](uint32_t shard) { return writer.KeptDocuments(shard); };
  callbacks.work = [&](BlockJob* job) { encoder.Work(job_of(job)); };
  callbacks.format = [&](BlockJob* job) { encoder.Format(job_of(job)); };
  callbacks.write = [&](BlockJob* job) { return encoder.Write(job_of(job)); };
  callbacks.write_large = [&](BlockJob* job, unsigned n_threads) {
    return encoder.WriteLarge(job_of(job), n_threads);
  };
  const absl::Status status = RunBlocks(inputs, options, std::move(reader), callbacks);
  TOK_RETURN_IF_ERROR(status.ok() ? writer.Commit() : writer.Abandon(status));
  EncodeFilesReport report = encoder.report();
  report.n_shards_kept = writer.n_kept();
  return report;
}

}  // namespace tok
