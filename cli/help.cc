#include "cli/help.h"

#include <algorithm>
#include <sstream>
#include <utility>
#include <vector>

#include "cli/command.h"

namespace tok::cli {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

void AppendRows(const std::string& title, const Rows& rows, std::string* text) {
  if (rows.empty()) return;
  size_t width = 0;
  for (const auto& [left, right] : rows) width = std::max(width, left.size());
  *text += "\n" + title + ":\n";
  for (const auto& [left, right] : rows)
    *text += "  " + left + std::string(width - left.size() + 2, ' ') + right + "\n";
}

// The parser appends its checks to the name ("N:UINT in [1 - 4096]"); they are for messages.
std::string ValueName(const CLI::Option* option) {
  const std::string name = option->get_type_name();
  return name.substr(0, name.find(':'));
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// "-o, --output OUT".
std::string Left(const CLI::Option* option) {
  if (option->get_positional()) return ValueName(option);
  std::string text;
  for (const std::string& name : option->get_snames()) text += "-" + name + ", ";
  if (text.empty()) text = "    ";
  for (const std::string& name : option->get_lnames()) text += "--" + name;
  if (option->get_items_expected_max() > 0) text += " " + ValueName(option);
  return text;
}

std::string Usage(const CLI::App* parser) {
  if (!parser->get_subcommands(nullptr).empty())
    return "Usage: " + VerbPath(parser) + " VERB [OPTIONS] [INPUT...]\n";
  std::string text = "Usage: " + VerbPath(parser);
  std::string positionals;
  bool has_options = false;
  for (const CLI::Option* option : parser->get_options()) {
    if (option->get_positional()) {
      const bool many = option->get_items_expected_max() > 1;
      const std::string name = ValueName(option) + (many ? "..." : "");
      positionals += option->get_required() ? " " + name : " [" + name + "]";
    } else if (option->get_required()) {
      const bool is_short = !option->get_snames().empty();
      text += is_short ? " -" + option->get_snames().front() : " --" + option->get_lnames().front();
      text += " " + ValueName(option);
    } else {
      has_options = true;
    }
  }
  return text + (has_options ? " [OPTIONS]" : "") + positionals + "\n";
}

}  // namespace

std::string VerbPath(const CLI::App* verb) {
  std::string path = verb->get_name();
  while ((verb = verb->get_parent()) != nullptr) path = verb->get_name() + " " + path;
  return path;
}

void SetExamples(CLI::App* parser, const char* examples) { parser->footer(examples); }

std::string MakeHelp(const CLI::App* parser, const OptionModes* modes, const std::string& mode) {
  std::string text = Usage(parser) + "\n" + parser->get_description() + "\n";
  if (!parser->get_footer().empty()) {
    text += "\nExamples:\n";
    std::istringstream lines(parser->get_footer());
    for (std::string line; std::getline(lines, line);) {
      if (modes == nullptr || Contains(line, parser->get_name() + " " + mode + " "))
        text += "  " + line + "\n";
    }
  }
  Rows verbs, inputs, options;
  for (const CLI::App* verb : parser->get_subcommands(nullptr))
    verbs.emplace_back(verb->get_name(), verb->get_description());
  for (const CLI::Option* option : parser->get_options()) {
    if (modes != nullptr && !modes->IsFor(mode, option)) continue;
    (option->get_positional() ? inputs : options).emplace_back(Left(option), option->get_description());
  }
  AppendRows("Verbs", verbs, &text);
  AppendRows("Arguments", inputs, &text);
  AppendRows("Options", options, &text);
  if (parser->get_parent() == nullptr) {
    text +=
        "\nExit codes: 0 ok, 1 bad data, 2 usage, 3 not found, 4 limit, 5 verification mismatch, 130 "
        "interrupt.\n"
        "`tok VERB --help` shows a verb's examples and options.\n";
  }
  return text;
}

}  // namespace tok::cli
