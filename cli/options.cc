#include "cli/options.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <sstream>
#include <utility>

#include "cli/inputs.h"
#include "cli/sizes.h"
#include "cli/suggest.h"
#include "tok/formats.h"

namespace tok::cli {
namespace {

constexpr unsigned kMaxThreads = 4096;

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

bool Contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Names of special tokens, separated by commas. A token that itself holds commas is found whole.
absl::StatusOr<SpecialPolicy> ParseSpecial(const std::string& text, const Tokenizer& tokenizer) {
  if (text == "error") return SpecialPolicy::Error();
  if (text == "text") return SpecialPolicy::Text();
  if (text == "all") return SpecialPolicy::All();
  std::vector<std::string> names;
  std::vector<TokenId> ids;
  std::vector<std::string> wanted = {text};
  const auto find = [&](const std::string& name) {
    for (const AddedToken& token : tokenizer.spec().added_tokens) {
      if (token.special && token.content == name) return token.id;
    }
    return kNoToken;
  };
  if (find(text) == kNoToken) {
    wanted.clear();
    std::istringstream list(text);
    for (std::string name; std::getline(list, name, ',');) wanted.push_back(name);
  }
  for (const std::string& name : wanted) {
    ids.push_back(find(name));
    if (ids.back() != kNoToken) continue;
    for (const AddedToken& token : tokenizer.spec().added_tokens) {
      if (token.special) names.push_back(token.content);
    }
    return MakeError(ErrorCode::kUsage, "--special",
                     "'" + name + "' is no special token of " + std::string(tokenizer.name()),
                     Suggestion(name, names, "use error, text, all, or names that tok inspect lists"));
  }
  return SpecialPolicy::Listed(std::move(ids));
}

}  // namespace

absl::Status CheckChoice(std::string_view option, const std::string& value,
                         const std::vector<std::string>& allowed) {
  for (const std::string& choice : allowed) {
    if (value == choice) return absl::OkStatus();
  }
  return MakeError(ErrorCode::kUsage, option, "'" + value + "' is unknown",
                   Suggestion(value, allowed, "use one of: " + Joined(allowed)));
}

std::vector<std::string>& OptionModes::ModesOf(CLI::Option* option, Entries* entries) {
  const auto known = std::find_if(entries->begin(), entries->end(),
                                  [option](const auto& entry) { return entry.first == option; });
  auto& entry = known == entries->end() ? entries->emplace_back(option, std::vector<std::string>()) : *known;
  return entry.second;
}

CLI::Option* OptionModes::For(const std::vector<std::string>& modes, CLI::Option* option) {
  std::vector<std::string>& known = ModesOf(option, &for_);
  known.insert(known.end(), modes.begin(), modes.end());
  return option;
}

void OptionModes::NotFor(const std::string& mode, CLI::Option* option) {
  ModesOf(option, &not_for_).push_back(mode);
}

void OptionModes::Describe() const {
  const auto append = [](CLI::Option* option, const std::string& note) {
    option->description(option->get_description() + " [" + note + "]");
  };
  for (const auto& [option, modes] : for_) append(option, Joined(modes));
  for (const auto& [option, modes] : not_for_) append(option, "not " + Joined(modes));
}

bool OptionModes::Knows(const std::string& mode) const {
  return std::any_of(for_.begin(), for_.end(),
                     [&](const auto& entry) { return Contains(entry.second, mode); });
}

bool OptionModes::IsFor(const std::string& mode, const CLI::Option* option) const {
  const auto is_of = [option](const auto& entry) { return entry.first == option; };
  const auto entry = std::find_if(for_.begin(), for_.end(), is_of);
  const auto excluding = std::find_if(not_for_.begin(), not_for_.end(), is_of);
  return (entry == for_.end() || Contains(entry->second, mode)) &&
         (excluding == not_for_.end() || !Contains(excluding->second, mode));
}

absl::Status OptionModes::Check(const std::string& mode) const {
  for (const Entries* entries : {&for_, &not_for_}) {
    for (const auto& [option, modes] : *entries) {
      if (option->count() == 0 || IsFor(mode, option)) continue;
      return MakeError(ErrorCode::kUsage, option->get_name(), "means nothing to " + mode, "leave it out");
    }
  }
  return absl::OkStatus();
}

void AddTokenizerOption(CLI::App* parser, std::string* tokenizer) {
  parser->add_option("-t,--tokenizer", *tokenizer, "Tokenizer: a file, a model directory or a bundled name")
      ->required()
      ->type_name("TOK");
}

namespace {

// The bundled encoding of a model of OpenAI, by the beginning of its name as tiktoken lists them; empty for others. Dots
// and hyphens do not count: people leave them out.
std::string EncodingOfModel(std::string_view model) {
  constexpr std::pair<std::string_view, std::string_view> kEncodings[] = {
      {"gptoss", "o200k_harmony"}, {"gpt5", "o200k_base"},   {"gpt45", "o200k_base"},
      {"gpt41", "o200k_base"},     {"gpt4o", "o200k_base"},  {"chatgpt4o", "o200k_base"},
      {"gpt4", "cl100k_base"},     {"gpt35", "cl100k_base"}, {"textembedding", "cl100k_base"}};
  const size_t dot = model.rfind('.');
  const bool is_file = dot != std::string_view::npos && dot + 1 < model.size() &&
                       !std::isdigit(static_cast<unsigned char>(model[dot + 1]));
  if (is_file) return {};
  std::string bare(model);
  std::erase_if(bare, [](char c) { return c == '-' || c == '.'; });
  for (const auto& [beginning, encoding] : kEncodings) {
    if (bare.starts_with(beginning)) return std::string(encoding);
  }
  return {};
}

}  // namespace

absl::StatusOr<Tokenizer> LoadTokenizer(const std::string& path_or_name) {
  const std::vector<std::string> bundled = BundledNames();
  std::error_code ignored;
  if (std::find(bundled.begin(), bundled.end(), path_or_name) != bundled.end() ||
      std::filesystem::exists(path_or_name, ignored)) {
    return Tokenizer::Load(path_or_name);
  }
  if (const std::string encoding = EncodingOfModel(path_or_name); !encoding.empty()) {
    return MakeError(ErrorCode::kNotFound, path_or_name, "no such file, but a name of a model",
                     "its tokenizer is " + encoding);
  }
  return MakeError(ErrorCode::kNotFound, path_or_name, "no such file and no bundled tokenizer of that name",
                   Suggestion(path_or_name, bundled, "bundled are: " + Joined(bundled)));
}

void AddInputs(CLI::App* parser, std::vector<std::string>* inputs) {
  parser
      ->add_option("inputs", *inputs,
                   "Files or globs; - or none is standard input; .gz and .zst are unpacked")
      ->type_name("INPUT");
}

CLI::Option* AddUtf8Option(CLI::App* parser, std::string* utf8) {
  return parser->add_option("--utf8", *utf8, "Invalid UTF-8: error, replace or bytes (default: error)")
      ->type_name("POLICY");
}

CLI::Option* WholeNumber(CLI::Option* option, uint64_t least, uint64_t most) {
  return option->check(CLI::Validator(
      [least, most](const std::string& text) -> std::string {
        uint64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        const bool is_number = error == std::errc() && end == text.data() + text.size();
        if (is_number && value >= least && value <= most) return "";
        const std::string range = most == UINT64_MAX
                                      ? "of " + std::to_string(least) + " or more"
                                      : "from " + std::to_string(least) + " to " + std::to_string(most);
        return "'" + text + "' is not a whole number " + range;
      },
      ""));
}

CLI::Option* AddThreadsOption(CLI::App* parser, unsigned* n_threads) {
  CLI::Option* const option =
      parser->add_option("-T,--threads", *n_threads, "Threads (default: what affinity and cgroup allow)");
  return WholeNumber(option->type_name("N"), 1, kMaxThreads);
}

CLI::Option* AddJsonOption(CLI::App* parser, bool* json) {
  return parser->add_flag("--json", *json, "Report as JSON");
}

void AddOutputOption(CLI::App* parser, std::string* output) {
  parser->add_option("-o,--output", *output, "File to write, whole or not at all (default: standard output)")
      ->type_name("OUT");
}

void EncodingOptions::AddTo(CLI::App* parser) {
  AddInputs(parser, &inputs);
  parser
      ->add_option(
          "--split", split,
          "What a document is: file, lines, fasta (sequences), jsonl:FIELD or sep:STR; STR ends a document "
          "(default: file)")
      ->type_name("HOW");
  parser
      ->add_option("--special", special,
                   "Special tokens in text: error, text, all, or TOK,TOK (default: error)")
      ->type_name("POLICY");
  parser->add_flag("--template", add_template, "Add the tokens of the post-processor (BOS, EOS, ...)");
  AddUtf8Option(parser, &utf8);
  AddThreadsOption(parser, &n_threads);
}

CLI::Option* AddMemoryOption(CLI::App* parser, std::optional<std::string>* memory) {
  return parser
      ->add_option("--memory", *memory, "Memory budget, for example 2G (files that are mapped do not count)")
      ->type_name("SIZE");
}

absl::StatusOr<uint64_t> ParseMemory(const std::optional<std::string>& memory) {
  if (!memory) return uint64_t{0};
  return ParseSize("--memory", *memory);
}

absl::Status CheckUtf8(const std::string& utf8) {
  return CheckChoice("--utf8", utf8, {"error", "replace", "bytes"});
}

Utf8Policy Utf8PolicyOf(const std::string& utf8) {
  if (utf8 == "replace") return Utf8Policy::kReplace;
  return utf8 == "bytes" ? Utf8Policy::kBytes : Utf8Policy::kError;
}

absl::Status EncodingOptions::Check() const { return CheckUtf8(utf8); }

absl::StatusOr<FileJobOptions> EncodingOptions::Resolve(const Tokenizer& tokenizer) const {
  FileJobOptions job;
  absl::StatusOr<DocumentSplit> parsed_split = DocumentSplit::Parse(split);
  if (!parsed_split.ok()) return parsed_split.status();
  job.split = *std::move(parsed_split);
  absl::StatusOr<SpecialPolicy> policy = ParseSpecial(special, tokenizer);
  if (!policy.ok()) return policy.status();
  job.encode.special = *std::move(policy);
  job.encode.add_template = add_template;
  job.encode.utf8 = Utf8PolicyOf(utf8);
  job.n_threads = n_threads;
  return job;
}

}  // namespace tok::cli
