#include "cli/command.h"
#include "cli/measure/measure_verbs.h"

namespace tok::cli {

Command AddMeasure(CLI::App* root) {
  CLI::App* parser =
      root->add_subcommand("measure", "What tokenizers cost, how well they compress, what they reveal");
  parser->require_subcommand(1);
  SetExamples(
      parser,
      "tok measure compare -t gpt2 -t o200k_base a.txt   # two tokenizers on a text\n"
      "tok measure premium -t gpt2 -t o200k_base --parallel p.jsonl --reference en # what languages pay");
  return {parser,
          {},
          nullptr,
          {AddMeasurePremium(parser), AddMeasureStudy(parser), AddMeasureCompare(parser),
           AddMeasureSchemes(parser), AddMeasureVocab(parser), AddMeasureMixture(parser),
           AddMeasureMarkov(parser)}};
}

}  // namespace tok::cli
