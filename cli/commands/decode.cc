#include <memory>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/inputs.h"
#include "cli/options.h"
#include "tok/corpus.h"
#include "tok/decode_files.h"

namespace tok::cli {
namespace {

struct DecodeCommand {
  std::string tokenizer, output = "-", input_format = "ids", output_format = "text", separator;
  std::vector<std::string> inputs;
  unsigned n_threads = 0;
  bool skip_special = false;

  absl::StatusOr<int> Run() const {
    if (absl::Status s = CheckChoice("--in", input_format, IdFormatNames()); !s.ok()) return s;
    if (absl::Status s = CheckChoice("--out", output_format, {"text", "jsonl"}); !s.ok()) return s;
    if (!separator.empty() && output_format != "text") {
      return MakeError(ErrorCode::kUsage, "--sep", "goes with --out text", "leave one of them out");
    }
    const absl::StatusOr<std::vector<std::string>> paths = ExpandInputs(inputs);
    if (!paths.ok()) return paths.status();
    const absl::StatusOr<Tokenizer> loaded = LoadTokenizer(tokenizer);
    if (!loaded.ok()) return loaded.status();
    DecodeFilesOptions options;
    options.input_format = *ParseIdFormat(input_format);
    using Format = DecodeFilesOptions::Format;
    options.output_format = output_format == "text" ? Format::kText : Format::kJsonl;
    const absl::StatusOr<std::string> unescaped = Unescape(separator);
    if (!unescaped.ok()) return unescaped.status();
    options.separator = *unescaped;
    options.decode.skip_special = skip_special;
    options.n_threads = n_threads;
    if (absl::Status status = DecodeFiles(*loaded, *paths, output, options); !status.ok()) return status;
    return kExitOk;
  }
};

}  // namespace

Command AddDecode(CLI::App* root) {
  CLI::App* parser = root->add_subcommand("decode", "Token ids to text");
  auto command = std::make_shared<DecodeCommand>();
  SetExamples(parser,
              "echo '13225 2375' | tok decode -t o200k_base            # text of the ids of each line\n"
              "tok decode -t tokenizer.json --in u32 --sep '\\n' ids    # documents by ids.idx, a line each\n"
              "tok decode -t gpt2 --in jsonl --out jsonl -o text.jsonl ids.jsonl");
  AddTokenizerOption(parser, &command->tokenizer);
  parser
      ->add_option("inputs", command->inputs,
                   "Files or globs; - or none is standard input; .gz and .zst are unpacked")
      ->type_name("INPUT");
  parser->add_option("--in", command->input_format, "Input: ids, jsonl, u16, u32 or npy (default: ids)")
      ->type_name("FORM");
  parser->add_option("--out", command->output_format, "Output: text or jsonl (default: text)")
      ->type_name("FORM");
  parser
      ->add_option("--sep", command->separator,
                   "Written after each document (default: nothing); knows \\n \\t \\r \\0 \\\\ \\xHH")
      ->type_name("STR");
  parser->add_flag("--skip-special", command->skip_special, "Leave special tokens out");
  AddOutputOption(parser, &command->output);
  AddThreadsOption(parser, &command->n_threads);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
