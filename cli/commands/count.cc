#include <memory>
#include <optional>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/inputs.h"
#include "cli/json_output.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/scheme_option.h"
#include "cli/table.h"
#include "tok/encode_files.h"

namespace tok::cli {
namespace {

struct CountCommand {
  std::vector<std::string> tokenizers;
  EncodingOptions encoding;
  SchemeOption scheme;
  std::optional<std::string> memory;
  bool json = false;

  static Json Row(const FileCounts& counts, size_t t, const std::string& tokenizer) {
    return {{"tokenizer", tokenizer},  {"bytes", counts.n_bytes},      {"chars", counts.n_chars},
            {"words", counts.n_words}, {"tokens", counts.n_tokens[t]}, {"documents", counts.n_documents}};
  }

  static std::vector<std::string> TableRow(const FileCounts& counts, size_t t, const std::string& tokenizer,
                                           const std::string& path) {
    const uint64_t n_tokens = counts.n_tokens[t];
    const double ratio =
        n_tokens == 0 ? 0 : static_cast<double>(counts.n_bytes) / static_cast<double>(n_tokens);
    return {std::to_string(n_tokens),
            std::to_string(counts.n_bytes),
            std::to_string(counts.n_chars),
            std::to_string(counts.n_words),
            Fixed(ratio, 3),
            tokenizer,
            path};
  }

  absl::StatusOr<int> Print(const std::vector<std::string>& paths,
                            const std::vector<FileCounts>& files) const {
    FileCounts total;
    total.n_tokens.assign(tokenizers.size(), 0);
    for (const FileCounts& file : files) {
      total.n_documents += file.n_documents;
      total.n_bytes += file.n_bytes;
      total.n_chars += file.n_chars;
      total.n_words += file.n_words;
      for (size_t t = 0; t < tokenizers.size(); ++t) total.n_tokens[t] += file.n_tokens[t];
    }
    Json report = {{"schema", 1}, {"files", Json::array()}, {"total", Json::array()}};
    std::vector<std::vector<std::string>> table = {
        {"tokens", "bytes", "chars", "words", "bytes/token", "tokenizer", "file"}};
    for (size_t f = 0; f < files.size(); ++f) {
      for (size_t t = 0; t < tokenizers.size(); ++t) {
        Json row = {{"path", paths[f]}};
        row.update(Row(files[f], t, tokenizers[t]));
        report["files"].push_back(std::move(row));
        table.push_back(TableRow(files[f], t, tokenizers[t], paths[f]));
      }
    }
    for (size_t t = 0; t < tokenizers.size(); ++t) {
      report["total"].push_back(Row(total, t, tokenizers[t]));
      if (files.size() > 1) table.push_back(TableRow(total, t, tokenizers[t], "total"));
    }
    return json ? PrintJson(report) : PrintText(FormatTable(table));
  }

  absl::StatusOr<int> Run() const {
    if (absl::Status status = encoding.Check(); !status.ok()) return status;
    if (absl::Status status = scheme.Check(); !status.ok()) return status;
    const absl::StatusOr<std::vector<std::string>> paths = ExpandInputs(encoding.inputs);
    if (!paths.ok()) return paths.status();
    std::vector<Tokenizer> loaded;
    for (const std::string& name : tokenizers) {
      absl::StatusOr<Tokenizer> tokenizer = LoadTokenizer(name, scheme);
      if (!tokenizer.ok()) return tokenizer.status();
      loaded.push_back(*std::move(tokenizer));
    }
    absl::StatusOr<FileJobOptions> options = encoding.Resolve(loaded[0]);
    if (!options.ok()) return options.status();
    if (options->encode.special.kind() == SpecialPolicy::Kind::kListed && loaded.size() > 1) {
      return MakeError(ErrorCode::kUsage, "--special", "names tokens, whose ids differ between tokenizers",
                       "count one tokenizer at a time");
    }
    const absl::StatusOr<uint64_t> n_memory_bytes = ParseMemory(memory);
    if (!n_memory_bytes.ok()) return n_memory_bytes.status();
    options->n_memory_bytes = *n_memory_bytes;
    FileJobProgress progress;
    options->progress = &progress;
    absl::StatusOr<std::vector<FileCounts>> files;
    {
      const ProgressBar bar("count", &progress);
      files = CountFiles(loaded, *paths, *options);
    }
    if (!files.ok()) return files.status();
    return Print(*paths, *files);
  }
};

}  // namespace

Command AddCount(CLI::App* root) {
  CLI::App* parser = root->add_subcommand("count", "How many tokens, words, characters and bytes");
  auto command = std::make_shared<CountCommand>();
  SetExamples(parser,
              "tok count -t o200k_base a.txt                  # tokens of a file\n"
              "tok count -t gpt2 -t o200k_base --json 'c/*.gz' # two tokenizers, as JSON");
  parser
      ->add_option("-t,--tokenizer", command->tokenizers,
                   "Tokenizer: a file, a model directory or a bundled name; repeatable")
      ->required()
      ->allow_extra_args(false)
      ->type_name("TOK");
  command->encoding.AddTo(parser);
  command->scheme.AddTo(parser);
  AddMemoryOption(parser, &command->memory);
  AddJsonOption(parser, &command->json);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
