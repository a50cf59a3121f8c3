// tok: the command line of libtok. Parses, runs the verb, reports its error, and turns it into the exit code.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/help.h"
#include "cli/json_output.h"
#include "cli/signals.h"
#include "cli/suggest.h"
#include "cli/version.h"

namespace tok::cli {
namespace {

int Report(const absl::Status& status) {
  if (ErrorCodeOf(status) == ErrorCode::kCancelled) return kExitOk;
  std::string message(status.message());
  std::fprintf(stderr, "error: %s\n", message.c_str());
  return ExitCodeOf(status);
}

int Print(const std::string& text) {
  const absl::StatusOr<int> printed = PrintText(text);
  return printed.ok() ? *printed : Report(printed.status());
}

std::vector<std::string> VerbNames(const CLI::App& root) {
  std::vector<std::string> names;
  for (const CLI::App* verb : root.get_subcommands(nullptr)) names.push_back(verb->get_name());
  return names;
}

std::vector<std::string> OptionNames(const CLI::App* parser) {
  std::vector<std::string> names;
  for (const CLI::Option* option : parser->get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

absl::Status UsageError(std::string_view place, std::string_view fact, std::string_view remedy) {
  return MakeError(ErrorCode::kUsage, place, fact, remedy);
}

// What the parser refused, with the word that was probably meant.
absl::Status ExplainParseError(const CLI::App* verb, const CLI::ParseError& error) {
  const std::string place = "tok " + verb->get_name();
  const std::string see = "see " + place + " --help";
  for (const std::string& word : verb->remaining()) {
    if (word.size() > 1 && word[0] == '-') {
      const std::string name = word.substr(0, word.find('='));
      return UsageError(place, "unknown option " + name, Suggestion(name, OptionNames(verb), see));
    }
  }
  if (!verb->remaining().empty())
    return UsageError(place, "unexpected argument '" + verb->remaining()[0] + "'", see);
  // A missing argument goes by the name that the help shows.
  for (const CLI::Option* option : verb->get_options()) {
    if (option->get_positional() && option->get_required() && option->count() == 0)
      return UsageError(place, "argument " + option->get_type_name() + " is missing", see);
  }
  std::string fact = error.what();
  while (!fact.empty() && (fact.back() == '\n' || fact.back() == '.')) fact.pop_back();
  return UsageError(place, fact, see);
}

int Run(std::vector<std::string> arguments) {
  CLI::App root("Exact, fast tokenization.", "tok");
  root.set_help_flag("-h,--help", "Show this help");
  root.set_version_flag("--version", Version(), "Show the version");
  root.footer(
      "echo 'Hello world' | tok encode -t o200k_base   # text to ids\n"
      "tok count -t gpt2 README.md                     # how many tokens\n"
      "tok inspect llama3/tokenizer.json               # what a tokenizer is");
  const std::vector<Command> commands = {AddEncode(&root),  AddDecode(&root),  AddCount(&root),
                                         AddInspect(&root), AddConvert(&root), AddFreeze(&root),
                                         AddDiff(&root),    AddTrim(&root),    AddBench(&root),
                                         AddTrain(&root),   AddPieces(&root)};
  for (const Command& command : commands) command.parser->set_help_flag("-h,--help", "Show this help");

  if (arguments.empty()) {
    std::fputs(MakeHelp(&root).c_str(), stderr);
    return kExitUsage;
  }
  // "tok help VERB" is "tok VERB --help".
  if (arguments[0] == "help") {
    arguments.erase(arguments.begin());
    arguments.emplace_back("--help");
  }
  const std::string first = arguments[0];
  if (first == "--help" || first == "-h") return Print(MakeHelp(&root));
  if (first == "--version") return Print(std::string(Version()) + "\n");
  const std::vector<std::string> verbs = VerbNames(root);
  for (const Command& command : commands) {
    if (command.parser->get_name() != first) continue;
    try {
      std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
      root.parse(reversed);
    } catch (const CLI::CallForHelp&) {
      if (command.modes != nullptr) {
        const auto mode = std::find_if(arguments.begin() + 1, arguments.end(),
                                       [&](const std::string& word) { return command.modes->Knows(word); });
        if (mode != arguments.end()) return Print(MakeHelp(command.parser, command.modes, *mode));
      }
      return Print(MakeHelp(command.parser));
    } catch (const CLI::ParseError& error) {
      return Report(ExplainParseError(command.parser, error));
    }
    const absl::StatusOr<int> result = command.run();
    return result.ok() ? *result : Report(result.status());
  }
  const bool is_option = first[0] == '-' && first.size() > 1;
  std::string all;
  for (const std::string& verb : verbs) all += (all.empty() ? "verbs are " : ", ") + verb;
  return Report(UsageError("tok", (is_option ? "unknown option " : "unknown verb ") + first,
                           Suggestion(first, is_option ? OptionNames(&root) : verbs, all)));
}

}  // namespace
}  // namespace tok::cli

int main(int argc, char** argv) {
  tok::cli::InstallSignalHandlers();
  try {
    return tok::cli::Run(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::bad_alloc&) {
    std::fputs("error: TOK-E030 memory: there is not enough; try --memory or fewer threads (-T)\n", stderr);
    return tok::cli::kExitLimit;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: TOK-E090 tok: %s; please report this\n", error.what());
    return tok::cli::kExitData;
  }
}
