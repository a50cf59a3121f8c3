#include <algorithm>
#include <charconv>
#include <cstdio>
#include <memory>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/id_difference.h"
#include "cli/inputs.h"
#include "cli/options.h"
#include "cli/tokenizer_file.h"
#include "tok/formats.h"

namespace tok::cli {
namespace {

// "TOKEN=ID"; TOKEN may hold "=" itself.
absl::StatusOr<AddedToken> ParseSpecialToken(const std::string& text) {
  AddedToken token;
  const size_t equals = text.rfind('=');
  if (equals != std::string::npos) {
    token.content = text.substr(0, equals);
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data() + equals + 1, end, token.id);
    if (error == std::errc() && rest == end && !token.content.empty()) return token;
  }
  return MakeError(ErrorCode::kUsage, "--special", "'" + text + "' is no special token with its id",
                   "write TOKEN=ID, for example '<|endoftext|>=100257'");
}

struct ConvertCommand {
  std::string input, output, split = "lines", pattern;
  std::vector<std::string> corpus, special_tokens;
  bool json = false;

  // Other formats say themselves what these options are about: what they say must not be passed over in silence.
  absl::Status CheckIsTiktoken() const {
    const std::vector<std::string> bundled = BundledNames();
    if (std::find(bundled.begin(), bundled.end(), input) == bundled.end()) {
      const absl::StatusOr<Format> format = DetectFormat(input);
      if (!format.ok() || *format == Format::kTiktoken) return format.status();
    }
    return MakeError(ErrorCode::kUsage, input, "carries its pattern and special tokens itself",
                     "leave out --pattern and --special: they are for .tiktoken files");
  }

  absl::StatusOr<Tokenizer> Load() const {
    if (pattern.empty() && special_tokens.empty()) return LoadTokenizer(input);
    if (absl::Status status = CheckIsTiktoken(); !status.ok()) return status;
    ReadOptions options;
    options.pattern = pattern;
    // A published file has its special tokens all the same, but for those that are given another id.
    if (const absl::StatusOr<TokenizerSpec> published = ReadTokenizer(input); published.ok())
      options.special_tokens = published->added_tokens;
    for (const std::string& text : special_tokens) {
      absl::StatusOr<AddedToken> token = ParseSpecialToken(text);
      if (!token.ok()) return token.status();
      std::erase_if(options.special_tokens,
                    [&](const AddedToken& published) { return published.content == token->content; });
      options.special_tokens.push_back(*std::move(token));
    }
    absl::StatusOr<TokenizerSpec> spec = ReadTokenizer(input, options);
    if (!spec.ok()) return spec.status();
    return Tokenizer::Create(*std::move(spec));
  }

  // The comparison, and whether it found the two equal.
  absl::StatusOr<Json> Verify(const Tokenizer& original, const Tokenizer& written, bool* equal) const {
    const absl::StatusOr<DocumentSplit> how = DocumentSplit::Parse(split);
    if (!how.ok()) return how.status();
    const absl::StatusOr<std::vector<std::string>> paths = ExpandInputs(corpus);
    if (!paths.ok()) return paths.status();
    const absl::StatusOr<IdComparison> comparison = CompareIds(original, written, *paths, *how);
    if (!comparison.ok()) return comparison.status();
    *equal = comparison->n_differing == 0;
    return DescribeComparison(*comparison, original, written);
  }

  absl::StatusOr<int> Run() const {
    const absl::StatusOr<Format> format = FormatForOutput(output);
    if (!format.ok()) return format.status();
    if (absl::Status status = CheckOutputIsNotInput({input}, output); !status.ok()) return status;
    const absl::StatusOr<Tokenizer> original = Load();
    if (!original.ok()) return original.status();
    const absl::StatusOr<TokenizerFile> file = TokenizerFile::Express(*original, *format, output);
    if (!file.ok()) return file.status();
    file->PrintWarnings();
    Json report = {{"schema", 1},
                   {"input", input},
                   {"output", output},
                   {"format", FormatName(*format)},
                   {"warnings", file->warnings()}};
    bool equal = true;
    if (!corpus.empty()) {
      const absl::StatusOr<Tokenizer> written = file->RoundTrip();
      if (!written.ok()) return written.status();
      absl::StatusOr<Json> verification = Verify(*original, *written, &equal);
      if (!verification.ok()) return verification.status();
      report["verify"] = *std::move(verification);
    }
    // A file that failed its verification is not written.
    if (equal) {
      if (absl::Status status = file->Write(); !status.ok()) return status;
    }
    if (json) {
      if (const absl::StatusOr<int> printed = PrintJson(report); !printed.ok()) return printed;
    }
    if (equal) return kExitOk;
    const Json& smallest = report["verify"]["smallest"];
    const auto quoted = [&](const char* key) {
      return smallest[key].dump(-1, ' ', false, Json::error_handler_t::replace);
    };
    const bool is_in_decoding = smallest.contains("a_text");
    return MakeError(ErrorCode::kMismatch, smallest["place"].get<std::string>(),
                     "the converted tokenizer " +
                         (is_in_decoding ? "decodes the ids of " + quoted("text") + " to " +
                                               quoted("b_text") + " instead of " + quoted("a_text")
                                         : "encodes " + quoted("text") + " as " + quoted("b") +
                                               " instead of " + quoted("a")),
                     "nothing was written; choose a format that can express this tokenizer");
  }
};

}  // namespace

Command AddConvert(CLI::App* root) {
  CLI::App* parser =
      root->add_subcommand("convert", "A tokenizer to another format, named by the output's suffix");
  auto command = std::make_shared<ConvertCommand>();
  SetExamples(
      parser,
      "tok convert o200k_base tokenizer.json                   # for Hugging Face\n"
      "tok convert spm.model spm.json --verify a.txt            # write it only if ids stay the same\n"
      "tok convert my.tiktoken my.json --pattern cl100k --special '<|endoftext|>=100257'");
  parser->add_option("input", command->input, "A file, a model directory or a bundled name")
      ->required()
      ->type_name("IN");
  parser->add_option("output", command->output, "OUT.json, OUT.tiktoken, OUT.model, OUT.tok, or a directory")
      ->required()
      ->type_name("OUT");
  parser->add_option("--verify", command->corpus, "Text that must get the same ids from both; repeatable")
      ->allow_extra_args(false)
      ->type_name("CORPUS");
  parser
      ->add_option("--split", command->split,
                   "Documents of CORPUS: file, lines, jsonl:FIELD or sep:STR (default: lines)")
      ->type_name("HOW");
  parser
      ->add_option("--pattern", command->pattern, "For a .tiktoken file: pattern name or regular expression")
      ->type_name("PATTERN");
  parser
      ->add_option("--special", command->special_tokens,
                   "For a .tiktoken file: special token and its id; repeatable")
      ->allow_extra_args(false)
      ->type_name("TOKEN=ID");
  AddJsonOption(parser, &command->json);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
