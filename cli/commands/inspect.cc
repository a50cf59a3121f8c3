#include <array>
#include <memory>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/json_output.h"
#include "cli/options.h"
#include "cli/spec_json.h"
#include "tok/batch_encoder.h"
#include "tok/formats.h"

namespace tok::cli {
namespace {

constexpr size_t kKinds = static_cast<size_t>(TokenKind::kLiteral) + 1;
constexpr size_t kShownTokens = 40;  // for people; --json has them all

// Whether the token comes out when its own content goes in: single_word tokens, and ones that a longer token
// shadows, may not.
bool IsReachable(const Tokenizer& tokenizer, const AddedToken& token) {
  EncodeOptions options;
  options.special = SpecialPolicy::All();
  const absl::StatusOr<std::vector<TokenId>> ids = tokenizer.Encode(token.content, options);
  return ids.ok() && *ids == std::vector<TokenId>{token.id};
}

Json VocabularyJson(const Vocabulary& vocabulary) {
  std::array<uint64_t, kKinds> n_of_kind{};
  uint64_t n_bytes = 0;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    ++n_of_kind[static_cast<size_t>(vocabulary.Kind(id))];
    n_bytes += vocabulary.Bytes(id).size();
  }
  Json kinds = Json::object();
  for (size_t kind = 1; kind < kKinds; ++kind) {
    if (n_of_kind[kind] > 0) kinds[TokenKindText(static_cast<TokenKind>(kind))] = n_of_kind[kind];
  }
  const uint64_t n_tokens = vocabulary.n_tokens();
  return {{"tokens", n_tokens},
          {"id_slots", vocabulary.size()},
          {"gaps", n_of_kind[0]},
          {"kinds", std::move(kinds)},
          {"max_token_bytes", vocabulary.max_token_bytes()},
          {"mean_token_bytes",
           n_tokens == 0 ? 0.0 : static_cast<double>(n_bytes) / static_cast<double>(n_tokens)}};
}

Json Inspect(const Tokenizer& tokenizer, const std::string& name) {
  const TokenizerSpec& spec = tokenizer.spec();
  Json report = {{"schema", 1},
                 {"tokenizer", name},
                 {"name", spec.name},
                 {"format", spec.source_format},
                 {"identity", tokenizer.IdentityHash()},
                 {"vocabulary", VocabularyJson(tokenizer.vocabulary())}};
  report["pipeline"] = DescribePipeline(spec);
  report["decodes_by_concatenation"] = tokenizer.DecodesByConcatenation();
  const absl::Status for_gpu = CheckForGpu(tokenizer);
  report["gpu"] = for_gpu.ok();
  if (!for_gpu.ok()) report["gpu_refusal"] = std::string(for_gpu.message());
  report["added_tokens"] = Json::array();
  for (const AddedToken& token : spec.added_tokens) {
    Json entry = DescribeAddedToken(token);
    entry["reachable"] = IsReachable(tokenizer, token);
    report["added_tokens"].push_back(std::move(entry));
  }
  report["stages"] = tokenizer.Describe();
  report["warnings"] = Json::array();
  for (const std::string& warning : tokenizer.warnings()) report["warnings"].push_back(warning);
  return report;
}

std::string Dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string StepsText(const Json& steps) {
  std::string text;
  for (const Json& step : steps) text += "\n    " + Dump(step);
  return text.empty() ? "none" : text;
}

std::string ForPeople(const Json& report) {
  const Json &vocabulary = report["vocabulary"], &pipeline = report["pipeline"];
  std::string text = report["tokenizer"].get<std::string>() + "\n";
  const auto line = [&text](const std::string& label, const std::string& value) {
    const bool starts_below = value.substr(0, 1) == "\n";
    text += "  " + label +
            std::string(starts_below        ? 0
                        : label.size() < 16 ? 16 - label.size()
                                            : 1,
                        ' ') +
            value + "\n";
  };
  line("format", report["format"].get<std::string>());
  line("identity", report["identity"].get<std::string>());
  line("tokens", Dump(vocabulary["tokens"]) + " in " + Dump(vocabulary["id_slots"]) + " ids, longest " +
                     Dump(vocabulary["max_token_bytes"]) + " bytes");
  line("kinds", Dump(vocabulary["kinds"]));
  line("alphabet", pipeline["alphabet"].get<std::string>());
  line("unicode", pipeline["unicode"].get<std::string>());
  line("normalizers", StepsText(pipeline["normalizers"]));
  line("pre-tokenizers", StepsText(pipeline["pre_tokenizers"]));
  line("model", Dump(pipeline["model"]));
  line("template", pipeline["template"].empty() ? "none" : Dump(pipeline["template"]));
  line("decoders", StepsText(pipeline["decoders"]));
  for (const Json& stage : report["stages"]) line("runs on", stage.get<std::string>());
  line("gpu", report["gpu"] ? "yes" : "no: " + report["gpu_refusal"].get<std::string>());
  const Json& added = report["added_tokens"];
  line("added tokens", std::to_string(added.size()));
  for (size_t i = 0; i < added.size() && i < kShownTokens; ++i) {
    const Json& token = added[i];
    text += "    " + Dump(token["id"]) + "  " + Dump(token["content"]) +
            (token["special"] ? "  special" : "") +
            (token["reachable"] ? "" : "  never matches its own text") + "\n";
  }
  if (added.size() > kShownTokens)
    text += "    ... " + std::to_string(added.size() - kShownTokens) + " more (--json)\n";
  for (const Json& warning : report["warnings"]) line("warning", warning.get<std::string>());
  return text;
}

struct InspectCommand {
  std::string tokenizer, option;
  bool json = false;

  absl::StatusOr<int> ListBundled() const {
    const std::vector<std::string> names = BundledNames();
    if (json) return PrintJson({{"schema", 1}, {"bundled", names}});
    std::string text;
    for (const std::string& name : names) text += name + "\n";
    return PrintText(text);
  }

  absl::StatusOr<int> Run() const {
    const std::string& name = tokenizer.empty() ? option : tokenizer;
    if (name.empty()) return ListBundled();
    const absl::StatusOr<Tokenizer> loaded = LoadTokenizer(name);
    if (!loaded.ok()) return loaded.status();
    const Json report = Inspect(*loaded, name);
    return json ? PrintJson(report) : PrintText(ForPeople(report));
  }
};

}  // namespace

Command AddInspect(CLI::App* root) {
  CLI::App* parser =
      root->add_subcommand("inspect", "What a tokenizer is made of; without TOK, which ones are bundled");
  auto command = std::make_shared<InspectCommand>();
  SetExamples(parser,
              "tok inspect o200k_base               # sizes, pipeline, special tokens, identity\n"
              "tok inspect --json tokenizer.json    # everything, for scripts");
  parser->add_option("tokenizer", command->tokenizer, "A file, a model directory or a bundled name")
      ->type_name("TOK");
  parser->add_option("-t,--tokenizer", command->option, "The same as the argument TOK")->type_name("TOK");
  AddJsonOption(parser, &command->json);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
