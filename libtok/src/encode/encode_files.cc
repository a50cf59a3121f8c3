#include "tok/encode_files.h"

#include <algorithm>
#include <functional>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/corpus/id_writer.h"
#include "src/encode/block_pipeline.h"
#include "src/encode/offset_units.h"
#include "src/encode/shard_writer.h"

namespace tok {
namespace {

constexpr size_t kParallelDocument = size_t{2} << 20;
constexpr size_t kU16Ids = size_t{1} << 16;

struct EncodeJob final : BlockJob {
  IdDocuments ids;
  std::string formatted;
};

absl::Status Check(const Tokenizer& tokenizer, const std::vector<std::string>& inputs,
                   const std::string& output, const EncodeFilesOptions& options) {
  if (options.format == IdFormat::kU16 && tokenizer.vocabulary().size() > kU16Ids) {
    return MakeError(ErrorCode::kUsage, tokenizer.name(),
                     Concat("has ids up to ", tokenizer.vocabulary().size() - 1, ", which do not fit in u16"),
                     "write u32");
  }
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
  // Reading what is being replaced would go unnoticed until the input is gone.
  if (options.n_shards == 0 && output != "-" &&
      std::find(inputs.begin(), inputs.end(), output) != inputs.end()) {
    return MakeError(ErrorCode::kUsage, output, "is input and output at once", "choose another -o");
  }
  return absl::OkStatus();
}

absl::Status EncodeDocument(const Tokenizer& tokenizer, std::string_view text,
                            const EncodeFilesOptions& options, unsigned n_threads, IdDocuments* out) {
  if (options.offsets != OffsetUnit::kNone) {
    TOK_ASSIGN_OR_RETURN(Encoding encoding, tokenizer.EncodeWithSpans(text, options.encode));
    ConvertOffsets(text, options.offsets, options.encode.utf8 == Utf8Policy::kReplace, encoding.spans);
    out->ids.insert(out->ids.end(), encoding.ids.begin(), encoding.ids.end());
    out->offsets.insert(out->offsets.end(), encoding.spans.begin(), encoding.spans.end());
    return absl::OkStatus();
  }
  if (n_threads == 1 || text.size() < kParallelDocument)
    return tokenizer.EncodeTo(text, options.encode, &out->ids);
  TOK_ASSIGN_OR_RETURN(std::vector<TokenId> ids, tokenizer.EncodeParallel(text, options.encode, n_threads));
  if (out->ids.empty()) {
    out->ids = std::move(ids);
  } else {
    out->ids.insert(out->ids.end(), ids.begin(), ids.end());
  }
  return absl::OkStatus();
}

void EncodeBlock(const Tokenizer& tokenizer, const EncodeFilesOptions& options, unsigned n_threads,
                 EncodeJob* job) {
  IdDocuments& out = job->ids;
  out.has_offsets = options.offsets != OffsetUnit::kNone;
  const std::vector<Document>& documents = job->documents.documents;
  for (size_t d = 0; d < documents.size(); ++d) {
    job->status = EncodeDocument(tokenizer, documents[d].text, options, n_threads, &out);
    if (!job->status.ok()) {
      job->failed_document = d;
      out.ids.resize(out.ends.empty() ? 0 : out.ends.back());
      return;
    }
    out.ends.push_back(out.ids.size());
  }
}

}  // namespace

absl::StatusOr<EncodeFilesReport> EncodeFiles(const Tokenizer& tokenizer,
                                              const std::vector<std::string>& inputs,
                                              const std::string& output, const EncodeFilesOptions& options) {
  TOK_RETURN_IF_ERROR(Check(tokenizer, inputs, output, options));
  ShardWriter writer;
  BlockReaderOptions reader;
  TOK_RETURN_IF_ERROR(writer.Open(tokenizer, inputs, output, options, &reader));

  EncodeFilesReport report;
  BlockCallbacks callbacks;
  callbacks.make_job = [] { return std::make_unique<EncodeJob>(); };
  callbacks.skips_shard = [&](uint32_t shard) { return writer.IsKept(shard); };
  callbacks.n_documents_of_shard = [&](uint32_t shard) { return writer.KeptDocuments(shard); };
  callbacks.work = [&](BlockJob* job, unsigned n_threads) {
    EncodeBlock(tokenizer, options, n_threads, static_cast<EncodeJob*>(job));
  };
  callbacks.format = [&](BlockJob* base) {
    auto* job = static_cast<EncodeJob*>(base);
    FormatDocuments(job->ids, options.format, job->first_document, &job->formatted);
  };
  callbacks.write = [&](BlockJob* base) {
    auto* job = static_cast<EncodeJob*>(base);
    for (size_t d = 0; d < job->ids.ends.size(); ++d)
      report.n_bytes += job->documents.documents[d].text.size();
    report.n_documents += job->ids.ends.size();
    report.n_ids += job->ids.ids.size();
    return writer.Write(job->block.shard, job->formatted, job->ids.ends);
  };
  const absl::Status status = RunBlocks(inputs, options, std::move(reader), callbacks);
  TOK_RETURN_IF_ERROR(status.ok() ? writer.Commit() : writer.Abandon(status));
  report.n_shards_kept = writer.n_kept();
  return report;
}

}  // namespace tok
