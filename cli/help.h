// cli/help.h: the text of --help: usage, then examples, then options. docs/cli.md and the man page are made from it.
#ifndef TOK_CLI_HELP_H_
#define TOK_CLI_HELP_H_

#include <CLI/CLI.hpp>
#include <string>

#include "cli/options.h"

namespace tok::cli {

// "tok measure premium".
std::string VerbPath(const CLI::App* verb);

// With a mode: its options only.
std::string MakeHelp(const CLI::App* parser, const OptionModes* modes = nullptr,
                     const std::string& mode = "");

}  // namespace tok::cli

#endif  // TOK_CLI_HELP_H_
