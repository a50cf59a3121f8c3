#include <memory>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/id_difference.h"
#include "cli/inputs.h"
#include "cli/json_output.h"
#include "cli/options.h"
#include "cli/spec_difference.h"

namespace tok::cli {
namespace {

std::string Dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

void AppendExamples(const Json& examples, const std::string& sort, std::string* text) {
  for (const Json& example : examples[sort]) *text += "    " + Dump(example) + "\n";
}

std::string ForPeople(const Json& report) {
  std::string text;
  if (report["equal"]) return "equal\n";
  const Json& vocabulary = report["vocabulary"];
  text += "tokens: " + Dump(vocabulary["a"]) + " and " + Dump(vocabulary["b"]) + "\n";
  for (const char* sort : {"only_a", "only_b", "moved", "rescored"}) {
    if (vocabulary[sort] == 0) continue;
    text += "  " + std::string(sort) + ": " + Dump(vocabulary[sort]) + "\n";
    AppendExamples(vocabulary["examples"], sort, &text);
  }
  if (!report["merges"].is_null() && report["merges"].contains("first")) {
    text += "merges: " + Dump(report["merges"]["a"]) + " and " + Dump(report["merges"]["b"]) +
            "; the first difference: " + Dump(report["merges"]["first"]) + "\n";
  }
  for (const char* sort : {"only_a", "only_b", "changed"}) {
    for (const Json& token : report["added_tokens"][sort]) {
      text += "added token, " + std::string(sort) + ": " + Dump(token) + "\n";
    }
  }
  for (const Json& stage : report["pipeline"]) {
    text += stage["stage"].get<std::string>() + ":\n    a " + Dump(stage["a"]) + "\n    b " +
            Dump(stage["b"]) + "\n";
  }
  if (report.contains("ids")) {
    const Json& ids = report["ids"];
    text += "ids: " + Dump(ids["differing"]) + " of " + Dump(ids["documents"]) + " documents differ\n";
    if (ids.contains("smallest")) text += "  the smallest text: " + Dump(ids["smallest"]) + "\n";
  }
  return text;
}

struct DiffCommand {
  std::string a, b, split = "lines";
  std::vector<std::string> corpus;
  bool json = false;

  absl::StatusOr<int> Run() const {
    const absl::StatusOr<DocumentSplit> how = DocumentSplit::Parse(split);
    if (!how.ok()) return how.status();
    const absl::StatusOr<Tokenizer> first = LoadTokenizer(a), second = LoadTokenizer(b);
    if (!first.ok()) return first.status();
    if (!second.ok()) return second.status();
    Json report = {{"schema", 1}, {"a", a}, {"b", b}};
    report.update(CompareSpecs(first->spec(), second->spec()));
    bool equal = report["equal"];
    if (!corpus.empty()) {
      const absl::StatusOr<std::vector<std::string>> paths = ExpandInputs(corpus);
      if (!paths.ok()) return paths.status();
      const absl::StatusOr<IdComparison> comparison = CompareIds(*first, *second, *paths, *how);
      if (!comparison.ok()) return comparison.status();
      report["ids"] = DescribeComparison(*comparison, *first, *second);
      equal = equal && comparison->n_differing == 0;
      report["equal"] = equal;
    }
    const absl::StatusOr<int> printed = json ? PrintJson(report) : PrintText(ForPeople(report));
    if (!printed.ok()) return printed;
    return equal ? kExitOk : kExitMismatch;
  }
};

}  // namespace

Command AddDiff(CLI::App* root) {
  CLI::App* parser = root->add_subcommand("diff", "Where two tokenizers differ; exit code 5 if they do");
  auto command = std::make_shared<DiffCommand>();
  SetExamples(parser,
              "tok diff cl100k_base o200k_base             # tokens, merges, special tokens, pipeline\n"
              "tok diff tokenizer.json my.tok --json a.txt # and the ids of every line of a corpus");
  parser->add_option("a", command->a, "A file, a model directory or a bundled name")
      ->required()
      ->type_name("A");
  parser->add_option("b", command->b, "The other")->required()->type_name("B");
  parser
      ->add_option("corpus", command->corpus,
                   "Text whose ids are compared: files or globs, - is standard input")
      ->type_name("INPUT");
  parser
      ->add_option("--split", command->split,
                   "Documents of INPUT: file, lines, jsonl:FIELD or sep:STR (default: lines)")
      ->type_name("HOW");
  AddJsonOption(parser, &command->json);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
