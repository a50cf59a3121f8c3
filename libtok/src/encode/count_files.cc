#include "src/base/status_macros.h"
#include "src/encode/block_pipeline.h"
#include "src/encode/text_statistics.h"
#include "src/encode/tokenizer_impl.h"
#include "tok/encode_files.h"

namespace tok {
namespace {

struct CountJob final : BlockJob {
  FileCounts counts;
};

absl::StatusOr<uint64_t> CountDocument(const Tokenizer& tokenizer, std::string_view text,
                                       const FileJobOptions& options, unsigned n_threads) {
  if (n_threads == 1 || text.size() < kParallelDocument) return tokenizer.Count(text, options.encode);
  uint64_t n_tokens = 0;
  TOK_RETURN_IF_ERROR(TokenizerImpl::Of(tokenizer).EncodeInParts(
      text, options.encode, n_threads, PartsAtOnce(options, n_threads),
      [&](std::span<std::vector<TokenId>> parts) {
        for (const std::vector<TokenId>& part : parts) n_tokens += part.size();
        return absl::OkStatus();
      }));
  return n_tokens;
}

void CountBlock(std::span<const Tokenizer> tokenizers, const FileJobOptions& options, unsigned n_threads,
                CountJob* job) {
  FileCounts& counts = job->counts;
  counts.n_tokens.assign(tokenizers.size(), 0);
  const std::vector<Document>& documents = job->documents.documents;
  for (size_t d = 0; d < documents.size(); ++d) {
    const std::string_view text = documents[d].text;
    for (size_t t = 0; t < tokenizers.size(); ++t) {
      const absl::StatusOr<uint64_t> n_tokens = CountDocument(tokenizers[t], text, options, n_threads);
      if (!n_tokens.ok()) {
        job->status = n_tokens.status();
        job->failed_document = d;
        return;
      }
      counts.n_tokens[t] += *n_tokens;
    }
    const TextStatistics statistics = MeasureText(text, options.encode.utf8 == Utf8Policy::kReplace);
    ++counts.n_documents;
    counts.n_bytes += text.size();
    counts.n_chars += statistics.n_chars;
    counts.n_words += statistics.n_words;
  }
}

}  // namespace

absl::StatusOr<std::vector<FileCounts>> CountFiles(std::span<const Tokenizer> tokenizers,
                                                   const std::vector<std::string>& inputs,
                                                   const FileJobOptions& options) {
  FileCounts none;
  none.n_tokens.assign(tokenizers.size(), 0);
  std::vector<FileCounts> files(inputs.size(), none);
  BlockCallbacks callbacks;
  callbacks.make_job = [] { return std::make_unique<CountJob>(); };
  callbacks.work = [&](BlockJob* job) { CountBlock(tokenizers, options, 1, static_cast<CountJob*>(job)); };
  callbacks.write = [&](BlockJob* base) {
    const FileCounts& block = static_cast<CountJob*>(base)->counts;
    FileCounts& file = files[base->block.file];
    file.n_documents += block.n_documents;
    file.n_bytes += block.n_bytes;
    file.n_chars += block.n_chars;
    file.n_words += block.n_words;
    for (size_t t = 0; t < block.n_tokens.size(); ++t) file.n_tokens[t] += block.n_tokens[t];
    return absl::OkStatus();
  };
  callbacks.write_large = [&](BlockJob* job, unsigned n_threads) {
    CountBlock(tokenizers, options, n_threads, static_cast<CountJob*>(job));
    return callbacks.write(job);
  };
  TOK_RETURN_IF_ERROR(RunBlocks(inputs, options, {}, callbacks));
  return files;
}

}  // namespace tok
