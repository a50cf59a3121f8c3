#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/json_output.h"
#include "cli/options.h"
#include "cli/tokenizer_file.h"

namespace tok::cli {
namespace {

struct FreezeCommand {
  std::string input, output;
  std::vector<std::string> seed_files;
  bool unseeded = false, json = false;

  absl::StatusOr<int> Run() const {
    std::vector<std::string> inputs = seed_files;
    inputs.push_back(input);
    if (absl::Status status = CheckOutputIsNotInput(inputs, output); !status.ok()) return status;
    const absl::StatusOr<Tokenizer> loaded = LoadTokenizer(input);
    if (!loaded.ok()) return loaded.status();
    if (absl::Status status = Save(*loaded); !status.ok()) return status;
    if (!json) return kExitOk;
    return PrintJson({{"schema", 1},
                      {"input", input},
                      {"output", output},
                      {"identity", loaded->IdentityHash()},
                      {"tokens", loaded->vocabulary().n_tokens()}});
  }

  absl::Status Save(const Tokenizer& tokenizer) const {
    return unseeded ? tokenizer.Save(output, {.seeded = false})
                    : SaveSeededImage(tokenizer, output, seed_files);
  }
};

}  // namespace

Command AddFreeze(CLI::App* root) {
  CLI::App* parser =
      root->add_subcommand("freeze", "Make a frozen image (.tok), which loads in milliseconds");
  auto command = std::make_shared<FreezeCommand>();
  SetExamples(parser,
              "tok freeze llama3/tokenizer.json -o llama3.tok   # then: tok encode -t llama3.tok ...");
  parser->add_option("input", command->input, "A file, a model directory or a bundled name")
      ->required()
      ->type_name("IN");
  parser->add_option("-o,--output", command->output, "Image to write")->required()->type_name("OUT");
  auto* seeds = parser->add_option("--seed", command->seed_files,
                                   "Text like what will be encoded: the image holds the ids of its pieces too")
                    ->type_name("FILE");
  parser->add_flag("--no-seed", command->unseeded, "No ids of pieces in the image: smaller, slower at first")
      ->excludes(seeds);
  AddJsonOption(parser, &command->json);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
