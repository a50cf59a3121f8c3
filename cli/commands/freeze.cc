#include <memory>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/json_output.h"
#include "cli/options.h"
#include "cli/tokenizer_file.h"

namespace tok::cli {
namespace {

struct FreezeCommand {
  std::string input, output;
  bool json = false;

  absl::StatusOr<int> Run() const {
    if (absl::Status status = CheckOutputIsNotInput({input}, output); !status.ok()) return status;
    const absl::StatusOr<Tokenizer> loaded = LoadTokenizer(input);
    if (!loaded.ok()) return loaded.status();
    if (absl::Status status = loaded->Save(output); !status.ok()) return status;
    if (!json) return kExitOk;
    return PrintJson({{"schema", 1},
                      {"input", input},
                      {"output", output},
                      {"identity", loaded->IdentityHash()},
                      {"tokens", loaded->vocabulary().n_tokens()}});
  }
};

}  // namespace

Command AddFreeze(CLI::App* root) {
  CLI::App* parser =
      root->add_subcommand("freeze", "Make a frozen image (.tok), which loads in milliseconds");
  auto command = std::make_shared<FreezeCommand>();
  SetExamples(parser,
              "tok freeze tokenizer.json -o my.tok   # once; my.tok goes wherever -t does:\n"
              "tok encode -t my.tok a.txt            # ... and loads in milliseconds");
  parser->add_option("input", command->input, "A file, a model directory or a bundled name")
      ->required()
      ->type_name("IN");
  parser->add_option("-o,--output", command->output, "Image to write")->required()->type_name("OUT");
  AddJsonOption(parser, &command->json);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
