#include "cli/command.h"
#include "cli/measure/measure_verbs.h"

namespace tok::cli {

Command AddMeasure(CLI::App* root) {
  CLI::App* parser =
      root->add_subcommand("measure", "What tokenizers cost, how well they compress, what they reveal");
  parser->require_subcommand(1);
  SetExamples(parser, "tok measure schemes -t gpt2 a.txt   # how schemes without merges compare");
  return {
      parser, {}, nullptr, {AddMeasureCompare(parser), AddMeasureSchemes(parser), AddMeasureVocab(parser)}};
}

}  // namespace tok::cli
