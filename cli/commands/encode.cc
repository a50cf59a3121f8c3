#include <memory>
#include <optional>

#include "cli/command.h"
#include "cli/device_option.h"
#include "cli/exit_codes.h"
#include "cli/inputs.h"
#include "cli/json_output.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/scheme_option.h"
#include "cli/tokenizer_file.h"
#include "tok/encode_files.h"

namespace tok::cli {
namespace {

struct EncodeCommand {
  std::string tokenizer, output = "-", format = "ids", offsets;
  DeviceOption device;
  SchemeOption scheme;
  std::optional<std::string> memory;
  EncodingOptions encoding;
  uint32_t n_shards = 0;
  bool resume = false, json = false;

  absl::StatusOr<EncodeFilesOptions> Resolve(const Tokenizer& loaded) const {
    absl::StatusOr<FileJobOptions> job = encoding.Resolve(loaded);
    if (!job.ok()) return job.status();
    EncodeFilesOptions options;
    static_cast<FileJobOptions&>(options) = *job;
    const absl::StatusOr<IdFormat> id_format = ParseIdFormat(format);
    if (!id_format.ok()) return id_format.status();
    options.format = *id_format;
    options.offsets = offsets.empty()      ? OffsetUnit::kNone
                      : offsets == "bytes" ? OffsetUnit::kBytes
                      : offsets == "chars" ? OffsetUnit::kChars
                                           : OffsetUnit::kUtf16;
    const absl::StatusOr<uint64_t> n_memory_bytes = ParseMemory(memory);
    if (!n_memory_bytes.ok()) return n_memory_bytes.status();
    options.n_memory_bytes = *n_memory_bytes;
    options.n_shards = n_shards;
    options.resume = resume;
    return options;
  }

  absl::Status Check() const {
    if (absl::Status status = encoding.Check(); !status.ok()) return status;
    if (absl::Status status = device.Check(); !status.ok()) return status;
    if (absl::Status status = scheme.Check(); !status.ok()) return status;
    if (absl::Status s = CheckChoice("--out", format, IdFormatNames()); !s.ok()) return s;
    if (!offsets.empty()) {
      if (absl::Status s = CheckChoice("--offsets", offsets, {"bytes", "chars", "utf16"}); !s.ok()) return s;
    }
    if (!offsets.empty() && !device.is_cpu()) {
      return MakeError(ErrorCode::kUsage, "--offsets", "are not found on a GPU", "leave out --device");
    }
    if (json && output == "-") {
      return MakeError(ErrorCode::kUsage, "--json", "reports on standard output, where the ids go",
                       "add -o OUT");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<int> Run() const {
    if (absl::Status status = Check(); !status.ok()) return status;
    const absl::StatusOr<std::vector<std::string>> inputs = ExpandInputs(encoding.inputs);
    if (!inputs.ok()) return inputs.status();
    if (absl::Status status = CheckOutputIsNotInput({tokenizer}, output); !status.ok()) return status;
    const absl::StatusOr<Tokenizer> loaded = LoadTokenizer(tokenizer, scheme);
    if (!loaded.ok()) return loaded.status();
    absl::StatusOr<EncodeFilesOptions> options = Resolve(*loaded);
    if (!options.ok()) return options.status();
    const absl::StatusOr<std::unique_ptr<BatchEncoder>> encoder =
        device.MakeEncoder(*loaded, options->n_threads);
    if (!encoder.ok()) return encoder.status();
    options->batch_encoder = encoder->get();
    FileJobProgress progress;
    options->progress = &progress;
    absl::StatusOr<EncodeFilesReport> report;
    {
      const ProgressBar bar("encode", &progress);
      report = EncodeFiles(*loaded, *inputs, output, *options);
    }
    if (!report.ok()) return report.status();
    if (json) {
      return PrintJson({{"schema", 1},
                        {"documents", report->n_documents},
                        {"bytes", report->n_bytes},
                        {"tokens", report->n_ids},
                        {"shards_kept", report->n_shards_kept}});
    }
    return kExitOk;
  }
};

}  // namespace

Command AddEncode(CLI::App* root) {
  CLI::App* parser = root->add_subcommand("encode", "Text to token ids");
  auto command = std::make_shared<EncodeCommand>();
  SetExamples(
      parser,
      "echo 'Hello world' | tok encode -t o200k_base          # ids of standard input\n"
      "tok encode -t gpt2 --split lines --out jsonl -o ids.jsonl a.txt # one JSON object a line of text\n"
      "tok encode -t tokenizer.json --out u32 -o ids 'c/*.gz' # raw ids, document ends in ids.idx\n"
      "tok encode -t gpt2 --out u16 -o s --shards 64 --resume --split jsonl:text c.jsonl");
  AddTokenizerOption(parser, &command->tokenizer);
  command->encoding.AddTo(parser);
  AddMemoryOption(parser, &command->memory);
  command->scheme.AddTo(parser);
  command->device.AddTo(parser);
  AddOutputOption(parser, &command->output);
  parser->add_option("--out", command->format, "Output: ids, jsonl, u16, u32 or npy (default: ids)")
      ->type_name("FORM");
  parser
      ->add_option("--offsets", command->offsets, "With jsonl, also where tokens are: bytes, chars or utf16")
      ->type_name("UNIT");
  WholeNumber(parser->add_option("--shards", command->n_shards, "Write N files OUT.00000-of-N and so on")
                  ->type_name("N"),
              1, kMaxShards);
  parser->add_flag("--resume", command->resume, "Keep the shards that an earlier run finished");
  AddJsonOption(parser, &command->json);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
