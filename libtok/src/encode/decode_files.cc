#include "tok/decode_files.h"

#include <memory>

#include "src/base/file_identity.h"
#include "src/base/parallel.h"
#include "src/base/parallel_pipeline.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/corpus/id_companions.h"
#include "src/unicode/utf8.h"
#include "tok/output.h"

namespace tok {
namespace {

constexpr uint64_t kPartIds = uint64_t{1} << 18;
constexpr size_t kJobIds = size_t{1} << 16;
constexpr size_t kJobsPerThread = 4;

struct DecodePart {
  std::vector<TokenId> ids;
  bool document_ends = true;
  std::string place;
};

struct DecodeJob final : PipelineItem {
  std::vector<DecodePart> parts;
  uint64_t first_document = 0;
  std::string text;
  absl::Status status;  // of reading, or of the first part that failed
};

void AppendJsonString(std::string_view text, std::string* out) {
  constexpr char kHex[] = "0123456789abcdef";
  *out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      *out += '\\';
      *out += c;
    } else if (c == '\n') {
      *out += "\\n";
    } else if (byte >= 0x20) {
      *out += c;
    } else {
      *out += "\\u00";
      *out += kHex[byte >> 4];
      *out += kHex[byte & 0xF];
    }
  }
  *out += '"';
}

class FileDecoder {
 public:
  FileDecoder(const Tokenizer& tokenizer, const std::vector<std::string>& inputs,
              const DecodeFilesOptions& options, Output* output)
      : tokenizer_(tokenizer), inputs_(inputs), options_(options), output_(output) {}

  absl::Status Run() {
    const unsigned n_threads = options_.n_threads == 0 ? AvailableThreads() : options_.n_threads;
    using Kind = PipelineStage::Kind;
    RunPipeline(
        n_threads, kJobsPerThread * n_threads, [this] { return Produce(); },
        {{Kind::kParallel, [this](PipelineItem* item) { Decode(static_cast<DecodeJob*>(item)); }},
         {Kind::kSerialInOrder, [this](PipelineItem* item) { Write(static_cast<DecodeJob*>(item)); }}});
    return error_;
  }

 private:
  std::unique_ptr<PipelineItem> Produce() {
    if (stopped_ || has_failed_.load(std::memory_order_relaxed)) return nullptr;
    auto job = std::make_unique<DecodeJob>();
    job->first_document = n_documents_;
    job->status = Fill(job.get());
    if (!job->status.ok()) stopped_ = true;
    return stopped_ && job->status.ok() && job->parts.empty() ? nullptr : std::move(job);
  }

  absl::Status Fill(DecodeJob* job) {
    // Parts of a document can be decoded on their own only if nothing looks across them: byte fallback, for one, asks
    // whether a whole run of byte tokens is valid.
    const bool in_parts = options_.output_format == DecodeFilesOptions::Format::kText &&
                          tokenizer_.spec().alphabet == VocabularyAlphabet::kBytes &&
                          tokenizer_.DecodesByConcatenation();
    for (size_t n_ids = 0; n_ids < kJobIds;) {
      if (reader_ == nullptr) {
        if (next_input_ == inputs_.size()) {
          stopped_ = true;
          return absl::OkStatus();
        }
        TOK_ASSIGN_OR_RETURN(reader_, IdReader::Open(inputs_[next_input_++], options_.input_format));
      }
      DecodePart part;
      TOK_ASSIGN_OR_RETURN(const bool found,
                           reader_->Next(in_parts ? kPartIds : 0, &part.ids, &part.document_ends));
      if (!found) {
        reader_.reset();
        continue;
      }
      part.place = reader_->place();
      n_ids += part.ids.size() + 1;
      n_documents_ += part.document_ends ? 1 : 0;
      job->parts.push_back(std::move(part));
    }
    return absl::OkStatus();
  }

  void Decode(DecodeJob* job) const {
    uint64_t document = job->first_document;
    for (const DecodePart& part : job->parts) {
      absl::StatusOr<std::string> text = tokenizer_.Decode(part.ids, options_.decode);
      if (!text.ok()) {
        job->status = AtPlace(part.place, text.status());
        return;
      }
      if (options_.output_format == DecodeFilesOptions::Format::kJsonl) {
        job->text += Concat("{\"doc\":", document++, ",\"text\":");
        AppendJsonString(FindInvalidUtf8(*text) == std::string_view::npos ? *text : ReplaceInvalidUtf8(*text),
                         &job->text);
        job->text += "}\n";
      } else {
        job->text += *text;
        if (part.document_ends) job->text += options_.separator;
      }
    }
  }

  void Write(DecodeJob* job) {
    if (!error_.ok()) return;
    error_ = output_->Write(job->text);
    if (error_.ok()) error_ = job->status;
    if (!error_.ok()) has_failed_.store(true, std::memory_order_relaxed);
  }

  const Tokenizer& tokenizer_;
  const std::vector<std::string>& inputs_;
  const DecodeFilesOptions& options_;
  Output* const output_;
  // Reading only.
  size_t next_input_ = 0;
  std::unique_ptr<IdReader> reader_;
  uint64_t n_documents_ = 0;
  bool stopped_ = false;
  std::atomic<bool> has_failed_{false};
  absl::Status error_;  // writing only, until the run is over
};

}  // namespace

absl::Status DecodeFiles(const Tokenizer& tokenizer, const std::vector<std::string>& paths,
                         const std::string& output, const DecodeFilesOptions& options) {
  const std::vector<std::string> inputs = WithoutCompanions(paths, options.input_format);
  std::vector<std::string> read = inputs;
  if (IsBinary(options.input_format)) {
    for (const std::string& input : inputs) read.push_back(IndexPath(input));
  }
  TOK_RETURN_IF_ERROR(CheckNotReplaced(read, {output}));
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<Output> out, Output::Open(output));
  const absl::Status status = FileDecoder(tokenizer, inputs, options, out.get()).Run();
  if (status.ok()) return out->Commit();
  // What came before the error is still shown where output cannot be taken back.
  if (output == "-" && ErrorCodeOf(status) != ErrorCode::kCancelled) out->Commit().IgnoreError();
  return status;
}

}  // namespace tok
