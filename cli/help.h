// cli/help.h: the text of --help: usage, then examples, then options. docs/cli.md and the man page are made from it.
#ifndef TOK_CLI_HELP_H_
#define TOK_CLI_HELP_H_

#include <CLI/CLI.hpp>
#include <string>

namespace tok::cli {

std::string MakeHelp(const CLI::App* parser);

}  // namespace tok::cli

#endif  // TOK_CLI_HELP_H_
