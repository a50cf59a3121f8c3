// cli/measure/measure_verbs.h: the verbs of `tok measure`: each defines one Add<Verb> in cli/measure/<verb>.cc.
//
// What is measured is the library's (tok/measure_*.h), and so is its JSON; a verb reads options and makes the table.
#ifndef TOK_CLI_MEASURE_MEASURE_VERBS_H_
#define TOK_CLI_MEASURE_MEASURE_VERBS_H_

#include "cli/command.h"

namespace tok::cli {

Command AddMeasureCompare(CLI::App* measure);
Command AddMeasureMarkov(CLI::App* measure);
Command AddMeasureMixture(CLI::App* measure);
Command AddMeasurePremium(CLI::App* measure);
Command AddMeasureSchemes(CLI::App* measure);
Command AddMeasureStudy(CLI::App* measure);
Command AddMeasureVocab(CLI::App* measure);

}  // namespace tok::cli

#endif  // TOK_CLI_MEASURE_MEASURE_VERBS_H_
