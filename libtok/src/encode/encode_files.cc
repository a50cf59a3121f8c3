#include "tok/encode_files.h"

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/corpus/id_writer.h"
#include "src/encode/batch_support.h"
#include "src/encode/block_pipeline.h"
#include "src/encode/shard_writer.h"
#include "src/encode/tokenizer_impl.h"

namespace tok {
namespace {

struct EncodeJob final : BlockJob {
  IdDocuments ids;
  std::string formatted;
};

absl::Status Check(const Tokenizer& tokenizer, const std::string& output, const EncodeFilesOptions& options) {
  if (options.format == IdFormat::kU16) TOK_RETURN_IF_ERROR(CheckNarrowIds(tokenizer, "write u32"));
  if (options.offsets != OffsetUnit::kNone && options.format != IdFormat::kJsonl) {
    return MakeError(ErrorCode::kUsage, "offsets", "need the format jsonl", "add --out jsonl");
  }
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
      : tokenizer_(tokenizer), options_(options), writer_(writer) {}

  void Work(EncodeJob* job) const {
    IdDocuments& out = job->ids;
    out.has_offsets = options_.offsets != OffsetUnit::kNone;
    const std::vector<Document>& documents = job->documents.documents;
    for (size_t d = 0; d < documents.size(); ++d) {
      job->status = EncodeDocument(tokenizer_, documents[d].text, options_, &out);
      if (!job->status.ok()) {
        job->failed_document = d;
        out.ids.resize(out.ends.empty() ? 0 : out.ends.back());
        return;
      }
      out.ends.push_back(out.ids.size());
    }
  }

  void Format(EncodeJob* job) const {
    FormatDocuments(job->ids, options_.format, job->first_document, &job->formatted);
  }

  absl::Status Write(EncodeJob* job) {
    for (size_t d = 0; d < job->ids.ends.size(); ++d)
      report_.n_bytes += job->documents.documents[d].text.size();
    report_.n_documents += job->ids.ends.size();
    report_.n_ids += job->ids.ids.size();
    return writer_->Write(job->block.shard, job->formatted, job->ids.ends);
  }

  // One document after another; long ones in parts, so that their ids never are in memory as a whole.
  absl::Status WriteLarge(EncodeJob* job, unsigned n_threads) {
    const std::vector<Document>& documents = job->documents.documents;
    for (size_t d = 0; d < documents.size(); ++d) {
      const bool in_parts =
          documents[d].text.size() >= kParallelDocument && options_.offsets == OffsetUnit::kNone;
      absl::Status written;
      job->status = in_parts ? WriteInParts(*job, d, n_threads, &written) : WriteOne(*job, d, &written);
      if (!written.ok()) {
        job->status = absl::OkStatus();
        return written;
      }
      if (!job->status.ok()) {
        job->failed_document = d;
        return absl::OkStatus();
      }
      ++report_.n_documents;
      report_.n_bytes += documents[d].text.size();
    }
    return absl::OkStatus();
  }

  const EncodeFilesReport& report() const { return report_; }

 private:
  // The document's own error is returned, an error of writing goes to *written.
  absl::Status WriteOne(const EncodeJob& job, size_t d, absl::Status* written) {
    IdDocuments one;
    one.has_offsets = options_.offsets != OffsetUnit::kNone;
    TOK_RETURN_IF_ERROR(EncodeDocument(tokenizer_, job.documents.documents[d].text, options_, &one));
    one.ends.push_back(one.ids.size());
    std::string formatted;
    FormatDocuments(one, options_.format, job.first_document + d, &formatted);
    report_.n_ids += one.ids.size();
    *written = writer_->Write(job.block.shard, formatted, one.ends);
    return absl::OkStatus();
  }

  absl::Status WriteInParts(const EncodeJob& job, size_t d, unsigned n_threads, absl::Status* written) {
    std::string text;
    BeginDocument(options_.format, job.first_document + d, &text);
    uint64_t n_ids = 0;
    const auto write_parts = [&](std::span<std::vector<TokenId>> parts) {
      std::vector<std::string> formatted(parts.size());
      std::vector<bool> is_first(parts.size(), false);
      for (size_t i = 0; i < parts.size(); ++i) {
        is_first[i] = n_ids == 0;
        n_ids += parts[i].size();
      }
      ParallelFor(parts.size(), n_threads,
                  [&](size_t i) { AppendIdsPart(parts[i], options_.format, is_first[i], &formatted[i]); });
      for (const std::string& part : formatted) {
        text += part;
        *written = writer_->WritePart(job.block.shard, text);
        text.clear();
        if (!written->ok()) return *written;
      }
      return absl::OkStatus();
    };
    TOK_RETURN_IF_ERROR(TokenizerImpl::Of(tokenizer_)
                            .EncodeInParts(job.documents.documents[d].text, options_.encode, n_threads,
                                           PartsAtOnce(options_, n_threads), write_parts));
    EndDocument(options_.format, &text);
    report_.n_ids += n_ids;
    *written = writer_->Write(job.block.shard, text, std::span(&n_ids, 1));
    return absl::OkStatus();
  }

  const Tokenizer& tokenizer_;
  const EncodeFilesOptions& options_;
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
