#include "tok/trim.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <numeric>
#include <system_error>

#include "cli/command.h"
#include "cli/documents.h"
#include "cli/exit_codes.h"
#include "cli/inputs.h"
#include "cli/json_output.h"
#include "cli/options.h"
#include "cli/tokenizer_file.h"
#include "tok/id_files.h"

namespace tok::cli {
namespace {

constexpr size_t kBatchBytes = size_t{8} << 20;

struct TokenUse {
  std::vector<uint64_t> counts;  // by id
  uint64_t n_tokens = 0, n_documents = 0;
};

struct TrimCommand {
  std::string tokenizer, output, map_path;
  EncodingOptions encoding;
  uint64_t n_top = 0;
  bool dry_run = false, json = false;

  // Neither the tokenizer nor the corpus is replaced, and the map not by the tokenizer.
  absl::Status CheckOutputs(std::vector<std::string> inputs) const {
    inputs.push_back(tokenizer);
    for (const std::string& path : {output, map_path}) {
      if (absl::Status status = CheckOutputIsNotInput(inputs, path); !status.ok()) return status;
    }
    return CheckOutputsDiffer({output, map_path});
  }

  absl::StatusOr<TokenUse> CountUse(const Tokenizer& loaded, const std::vector<std::string>& paths,
                                    const FileJobOptions& options) const {
    TokenUse use;
    use.counts.assign(loaded.vocabulary().size(), 0);
    const absl::Status status = ForEachBatch(
        "count", paths, options.split, options.encode.utf8, kBatchBytes, [&](const DocumentBatch& batch) {
          const absl::StatusOr<RaggedIds> ids = batch.Encode(loaded, options.encode, options.n_threads);
          if (!ids.ok()) return ids.status();
          for (const TokenId id : ids->ids) {
            if (id < use.counts.size()) ++use.counts[id];
          }
          use.n_tokens += ids->ids.size();
          use.n_documents += batch.texts().size();
          return absl::OkStatus();
        });
    if (!status.ok()) return status;
    return use;
  }

  // The ids to keep: all that were used, or the n_top most frequent of them (ties: the smaller id).
  std::vector<TokenId> Choose(const TokenUse& use) const {
    std::vector<TokenId> ids;
    for (TokenId id = 0; id < use.counts.size(); ++id) {
      if (use.counts[id] > 0) ids.push_back(id);
    }
    if (n_top == 0 || n_top >= ids.size()) return ids;
    std::stable_sort(ids.begin(), ids.end(),
                     [&](TokenId a, TokenId b) { return use.counts[a] > use.counts[b]; });
    ids.resize(n_top);
    return ids;
  }

  // Every document must get the old ids under their new numbers.
  absl::Status Verify(const Tokenizer& before, const Tokenizer& after, const TrimmedTokenizer& trimmed,
                      const std::vector<std::string>& paths, const FileJobOptions& options) const {
    return ForEachBatch(
        "verify", paths, options.split, options.encode.utf8, kBatchBytes, [&](const DocumentBatch& batch) {
          const absl::StatusOr<RaggedIds> was = batch.Encode(before, options.encode, options.n_threads),
                                          is = batch.Encode(after, options.encode, options.n_threads);
          if (!was.ok()) return was.status();
          if (!is.ok()) return is.status();
          for (size_t d = 0; d < batch.texts().size(); ++d) {
            const bool same =
                std::ranges::equal(was->Document(d), is->Document(d),
                                   [&](TokenId a, TokenId b) { return trimmed.new_ids[a] == b; });
            if (!same) {
              return MakeError(ErrorCode::kMismatch, batch.PlaceOf(d),
                               "this document is encoded differently by the trimmed tokenizer",
                               "nothing was written");
            }
          }
          return absl::OkStatus();
        });
  }

  absl::StatusOr<int> Report(const Tokenizer& before, const TrimmedTokenizer& trimmed, const TokenUse& use,
                             const std::vector<TokenId>& kept) const {
    const uint64_t n_covered =
        std::accumulate(kept.begin(), kept.end(), uint64_t{0},
                        [&](uint64_t sum, TokenId id) { return sum + use.counts[id]; });
    const double coverage =
        use.n_tokens == 0 ? 1.0 : static_cast<double>(n_covered) / static_cast<double>(use.n_tokens);
    const Json report = {{"schema", 1},
                         {"tokenizer", tokenizer},
                         {"output", dry_run ? Json() : Json(output)},
                         {"map", dry_run ? Json() : Json(map_path)},
                         {"documents", use.n_documents},
                         {"corpus_tokens", use.n_tokens},
                         {"coverage", coverage},
                         {"tokens_before", before.vocabulary().n_tokens()},
                         {"tokens_after", trimmed.spec.vocabulary.n_tokens()},
                         {"kept_for_use", trimmed.n_wanted},
                         {"kept_for_pipeline", trimmed.n_required},
                         {"kept_for_merges", trimmed.n_derivation}};
    if (json) return PrintJson(report);
    std::string text;
    for (const auto& [name, value] : report.items()) {
      if (name != "schema")
        text += name + ": " + (value.is_string() ? value.get<std::string>() : value.dump()) + "\n";
    }
    return PrintText(text);
  }

  absl::StatusOr<int> Run() {
    if (absl::Status status = encoding.Check(); !status.ok()) return status;
    if (output.empty() && !dry_run)
      return MakeError(ErrorCode::kUsage, "tok trim", "no output named", "add -o OUT or --dry-run");
    absl::StatusOr<Format> format = Format::kImage;
    if (!output.empty()) format = FormatForOutput(output);
    if (!format.ok()) return format.status();
    if (map_path.empty()) map_path = output + ".map.npy";
    const absl::StatusOr<std::vector<std::string>> paths = ExpandInputs(encoding.inputs);
    if (!paths.ok()) return paths.status();
    // The corpus is read twice: once to count, once to verify.
    if (std::find(paths->begin(), paths->end(), "-") != paths->end()) {
      return MakeError(ErrorCode::kUsage, "<stdin>", "cannot be read a second time",
                       "name the corpus as files");
    }
    if (!dry_run) {
      if (absl::Status status = CheckOutputs(*paths); !status.ok()) return status;
    }
    const absl::StatusOr<Tokenizer> loaded = LoadTokenizer(tokenizer);
    if (!loaded.ok()) return loaded.status();
    const absl::StatusOr<FileJobOptions> options = encoding.Resolve(*loaded);
    if (!options.ok()) return options.status();
    const absl::StatusOr<TokenUse> use = CountUse(*loaded, *paths, *options);
    if (!use.ok()) return use.status();
    const std::vector<TokenId> kept = Choose(*use);
    const absl::StatusOr<TrimmedTokenizer> trimmed = TrimTokenizer(loaded->spec(), kept);
    if (!trimmed.ok()) return trimmed.status();
    const absl::StatusOr<Tokenizer> after = Tokenizer::Create(trimmed->spec);
    if (!after.ok()) return after.status();
    if (n_top == 0) {
      if (absl::Status status = Verify(*loaded, *after, *trimmed, *paths, *options); !status.ok())
        return status;
    }
    if (!dry_run) {
      const absl::StatusOr<TokenizerFile> file = TokenizerFile::Express(*after, *format, output);
      if (!file.ok()) return file.status();
      file->PrintWarnings();
      if (absl::Status status = file->Write(); !status.ok()) return status;
      if (absl::Status status = WriteIdMap(map_path, trimmed->new_ids); !status.ok()) return status;
    }
    return Report(*loaded, *trimmed, *use, kept);
  }
};

}  // namespace

Command AddTrim(CLI::App* root) {
  CLI::App* parser =
      root->add_subcommand("trim", "Fewer tokens: those that a corpus uses, and what they need");
  auto command = std::make_shared<TrimCommand>();
  SetExamples(parser,
              "tok trim -t o200k_base a.txt --dry-run                  # how small it would be\n"
              "tok trim -t o200k_base -o small.json --top 8000 'c/*.gz' # and the id map small.json.map.npy");
  AddTokenizerOption(parser, &command->tokenizer);
  command->encoding.AddTo(parser);
  parser->add_option("-o,--output", command->output, "Tokenizer to write; its suffix names the format")
      ->type_name("OUT");
  parser
      ->add_option("--map", command->map_path,
                   "Where the new id of each old one goes: int32 .npy, -1 for dropped (default: OUT.map.npy)")
      ->type_name("FILE");
  WholeNumber(parser
                  ->add_option("--top", command->n_top,
                               "Only the N most frequent tokens (then texts may get other tokens)")
                  ->type_name("N"),
              1, kMaxTokenId);
  parser->add_flag("--dry-run", command->dry_run, "Report only");
  AddJsonOption(parser, &command->json);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
