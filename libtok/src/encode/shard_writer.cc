#include "src/encode/shard_writer.h"

#include "src/base/file_identity.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/corpus/id_companions.h"

namespace tok {
namespace {

std::string SpecialName(const SpecialPolicy& policy) {
  switch (policy.kind()) {
    case SpecialPolicy::Kind::kError: return "error";
    case SpecialPolicy::Kind::kText: return "text";
    case SpecialPolicy::Kind::kAll: return "all";
    case SpecialPolicy::Kind::kListed: break;
  }
  std::string name = "ids";
  for (const TokenId id : policy.listed()) name += Concat(" ", id);
  return name;
}

constexpr std::string_view kUtf8Names[] = {"error", "replace", "bytes"};
constexpr std::string_view kOffsetNames[] = {"none", "bytes", "chars", "utf16"};

// Everything that decides what the shards hold; threads and memory do not.
ShardJob DescribeJob(const Tokenizer& tokenizer, const EncodeFilesOptions& options) {
  ShardJob job;
  job.n_shards = options.n_shards;
  job.options = {{"tokenizer", tokenizer.IdentityHash()},
                 {"out", std::string(IdFormatName(options.format))},
                 {"split", options.split.Spelling()},
                 {"special", SpecialName(options.encode.special)},
                 {"template", options.encode.add_template ? "yes" : "no"},
                 {"utf8", std::string(kUtf8Names[static_cast<size_t>(options.encode.utf8)])},
                 {"offsets", std::string(kOffsetNames[static_cast<size_t>(options.offsets)])}};
  return job;
}

}  // namespace

std::string ShardWriter::PathOf(uint32_t shard) const {
  return is_sharded_ ? ShardPath(output_, shard, n_shards_) : output_;
}

absl::Status ShardWriter::Open(const Tokenizer& tokenizer, const std::vector<std::string>& inputs,
                               const std::string& output, const EncodeFilesOptions& options,
                               BlockReaderOptions* reader) {
  output_ = output;
  format_ = options.format;
  is_sharded_ = options.n_shards > 0;
  if (!is_sharded_) {
    // Reading what is being replaced would go unnoticed until the input is gone.
    std::vector<std::string> written = {output_};
    if (IsBinary(format_) && output_ != "-") written.push_back(IndexPath(output_));
    TOK_RETURN_IF_ERROR(CheckNotReplaced(inputs, written));
    // Opened before anything is encoded: a place that cannot be written is known at once.
    TOK_ASSIGN_OR_RETURN(writer_, IdWriter::Open(output_, format_));
    return absl::OkStatus();
  }
  n_shards_ = options.n_shards;
  TOK_RETURN_IF_ERROR(OpenShards(tokenizer, inputs, options));
  reader->n_shards = n_shards_;
  reader->file_sizes = text_sizes_;
  return absl::OkStatus();
}

absl::Status ShardWriter::OpenShards(const Tokenizer& tokenizer, const std::vector<std::string>& inputs,
                                     const EncodeFilesOptions& options) {
  ShardJob job = DescribeJob(tokenizer, options);
  TOK_ASSIGN_OR_RETURN(job.inputs, IdentifyInputs(inputs));
  const std::string manifest_path = ManifestPath(output_);
  TOK_RETURN_IF_ERROR(CheckNotReplaced(inputs, FilesOfShards(output_, n_shards_)));
  auto before = ReadManifest(manifest_path);
  if (options.resume) {
    if (!before.ok()) return before.status();
    if (before->has_value()) {
      const ShardManifest& manifest = **before;
      TOK_RETURN_IF_ERROR(CheckSameJob(manifest_path, manifest.job, job));
      for (const ShardInput& input : manifest.job.inputs) text_sizes_.push_back(input.n_text_bytes);
      for (const auto& [shard, record] : manifest.shards) {
        if (IsShardIntact(PathOf(shard), record)) kept_[shard] = record;
      }
      return WriteManifest(manifest_path, {manifest.job, kept_});
    }
  }
  TOK_ASSIGN_OR_RETURN(text_sizes_, MeasureInputs(inputs));
  if (before.ok() && before->has_value()) {
    const uint32_t n_shards_before = (*before)->job.n_shards;
    TOK_RETURN_IF_ERROR(CheckNotReplaced(inputs, FilesOfShards(output_, n_shards_before)));
    RemoveShards(output_, n_shards_before);
  }
  for (size_t i = 0; i < inputs.size(); ++i) job.inputs[i].n_text_bytes = text_sizes_[i];
  return WriteManifest(manifest_path, {std::move(job), {}});
}

absl::Status ShardWriter::FinishShardsBefore(uint32_t shard) {
  for (; shard_ < shard; ++shard_) {
    if (IsKept(shard_)) continue;
    if (writer_ == nullptr) {
      TOK_ASSIGN_OR_RETURN(writer_, IdWriter::Open(PathOf(shard_), format_));
    }
    TOK_RETURN_IF_ERROR(writer_->Commit());
    const ShardRecord record{writer_->n_bytes(),
                             IsBinary(format_) ? writer_->n_documents() * sizeof(uint64_t) : 0,
                             writer_->n_documents(), writer_->n_ids()};
    writer_.reset();
    if (is_sharded_) TOK_RETURN_IF_ERROR(AddToManifest(ManifestPath(output_), shard_, record));
  }
  return absl::OkStatus();
}

absl::Status ShardWriter::MoveTo(uint32_t shard) {
  TOK_RETURN_IF_ERROR(FinishShardsBefore(shard));
  if (writer_ != nullptr) return absl::OkStatus();
  TOK_ASSIGN_OR_RETURN(writer_, IdWriter::Open(PathOf(shard), format_));
  return absl::OkStatus();
}

absl::Status ShardWriter::Write(uint32_t shard, std::string_view bytes, std::span<const uint64_t> ends) {
  TOK_RETURN_IF_ERROR(MoveTo(shard));
  return writer_->Write(bytes, ends);
}

absl::Status ShardWriter::WritePart(uint32_t shard, std::string_view bytes) {
  TOK_RETURN_IF_ERROR(MoveTo(shard));
  return writer_->WritePart(bytes);
}

absl::Status ShardWriter::Commit() { return FinishShardsBefore(n_shards_); }

absl::Status ShardWriter::Abandon(const absl::Status& error) {
  // An .npy array that is whole but short would pass for the result; lines and raw ids show where they end.
  if (output_ == "-" && writer_ != nullptr && format_ != IdFormat::kNpy) {
    if (const absl::Status flushed = writer_->Commit(); ErrorCodeOf(flushed) == ErrorCode::kCancelled)
      return flushed;
  }
  return error;
}

}  // namespace tok
