// tok: the command line of libtok. Parses, runs the verb, reports its error, and turns it into the exit code.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>
#include <span>
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
  const std::string place = VerbPath(verb);
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

// The verb that the words begin with; of a family of verbs, the one that the next word names. Nothing if none does.
const Command* FindVerb(const std::vector<Command>& commands, std::span<const std::string> words) {
  for (const Command& command : commands) {
    if (words.empty() || command.parser->get_name() != words[0]) continue;
    return command.verbs.empty() ? &command : FindVerb(command.verbs, words.subspan(1));
  }
  return nullptr;
}

const Command* FindFamily(const std::vector<Command>& commands, const std::string& name) {
  for (const Command& command : commands) {
    if (!command.verbs.empty() && command.parser->get_name() == name) return &command;
  }
  return nullptr;
}

// What the word that is no verb of `family` was meant to be.
absl::Status UnknownVerb(const CLI::App& family, const std::string& word) {
  const bool is_option = word[0] == '-' && word.size() > 1;
  const std::vector<std::string> verbs = VerbNames(family);
  std::string all;
  for (const std::string& verb : verbs) all += (all.empty() ? "verbs are " : ", ") + verb;
  return UsageError(VerbPath(&family), (is_option ? "unknown option " : "unknown verb ") + word,
                    Suggestion(word, is_option ? OptionNames(&family) : verbs, all));
}

int RunVerb(const Command& command, CLI::App* root, const std::vector<std::string>& arguments) {
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    root->parse(reversed);
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

void SetHelpFlags(const std::vector<Command>& commands) {
  for (const Command& command : commands) {
    command.parser->set_help_flag("-h,--help", "Show this help");
    SetHelpFlags(command.verbs);
  }
}

int Run(std::vector<std::string> arguments) {
  CLI::App root("Exact, fast tokenization.", "tok");
  root.set_help_flag("-h,--help", "Show this help");
  root.set_version_flag("--version", Version(), "Show the version");
  root.footer(
      "echo 'Hello world' | tok encode -t o200k_base   # text to ids\n"
      "tok count -t gpt2 README.md                     # how many tokens\n"
      "tok inspect llama3/tokenizer.json               # what a tokenizer is");
  const std::vector<Command> commands = {
      AddEncode(&root), AddDecode(&root),  AddCount(&root),       AddInspect(&root), AddConvert(&root),
      AddFreeze(&root), AddDiff(&root),    AddTrim(&root),        AddBench(&root),   AddTrain(&root),
      AddPieces(&root), AddMeasure(&root), AddStripMerges(&root), AddCorrupt(&root)};
  SetHelpFlags(commands);

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
  if (const Command* command = FindVerb(commands, arguments)) return RunVerb(*command, &root, arguments);
  const Command* family = FindFamily(commands, first);
  if (family == nullptr) return Report(UnknownVerb(root, first));
  const bool wants_help = arguments.size() > 1 && (arguments[1] == "--help" || arguments[1] == "-h");
  if (wants_help) return Print(MakeHelp(family->parser));
  if (arguments.size() > 1) return Report(UnknownVerb(*family->parser, arguments[1]));
  std::fputs(MakeHelp(family->parser).c_str(), stderr);
  return kExitUsage;
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
