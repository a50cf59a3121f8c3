// cli/command.h: what a verb is: a parser of its options and a function that runs it.
//
// Each commands/<verb>.cc defines one Add<Verb>, which adds the subcommand with its options to the parser and hands
// back the function to run once they are parsed. Verbs print results on standard output and nothing else there.
#ifndef TOK_CLI_COMMAND_H_
#define TOK_CLI_COMMAND_H_

#include <CLI/CLI.hpp>
#include <functional>
#include <vector>

#include "tok/status.h"

namespace tok::cli {

class OptionModes;

struct Command {
  CLI::App* parser;
  // The exit code, or the error to report.
  std::function<absl::StatusOr<int>()> run;
  const OptionModes* modes = nullptr;  // of a verb that has some; lives as long as `run`
  std::vector<Command> verbs =
      {};  // of a verb that is a family of verbs ("tok measure premium"): then no `run`
};

// The examples of a verb's --help, one "command  # what it does" a line.
void SetExamples(CLI::App* parser, const char* examples);

Command AddBench(CLI::App* root);
Command AddConvert(CLI::App* root);
Command AddCorrupt(CLI::App* root);
Command AddCount(CLI::App* root);
Command AddDecode(CLI::App* root);
Command AddDiff(CLI::App* root);
Command AddEncode(CLI::App* root);
Command AddFreeze(CLI::App* root);
Command AddInspect(CLI::App* root);
Command AddMeasure(CLI::App* root);
Command AddPieces(CLI::App* root);
Command AddStripMerges(CLI::App* root);
Command AddTrain(CLI::App* root);
Command AddTrim(CLI::App* root);

}  // namespace tok::cli

#endif  // TOK_CLI_COMMAND_H_
