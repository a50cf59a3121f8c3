#include <cstdio>
#include <filesystem>
#include <memory>
#include <random>
#include <system_error>
#include <utility>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/json_output.h"
#include "cli/options.h"
#include "cli/tokenizer_file.h"
#include "tok/id_files.h"
#include "tok/merge_surgery.h"

namespace tok::cli {
namespace {

struct StripMergesCommand {
  std::string tokenizer, output, map_path, scheme = "longest-prefix";
  uint64_t seed = 0;
  CLI::Option *seed_option, *map_option;
  bool permute = false, json = false;

  absl::Status Check() {
    if (permute && map_path.empty()) map_path = output + ".map.npy";
    if (!permute && map_option->count() > 0) {
      return MakeError(ErrorCode::kUsage, "--map", "means nothing without --permute",
                       "leave it out, or add --permute");
    }
    for (const std::string& path : {output, map_path}) {
      if (path.empty()) continue;
      if (absl::Status s = CheckOutputIsNotInput({tokenizer}, path); !s.ok()) return s;
    }
    return map_path.empty() ? absl::OkStatus() : CheckOutputsDiffer({output, map_path});
  }

  absl::StatusOr<int> Run() {
    if (absl::Status s = Check(); !s.ok()) return s;
    absl::StatusOr<Scheme> wanted = ParseScheme(scheme);
    if (!wanted.ok()) return wanted.status();
    if (seed_option->count() > 0 && !permute && !wanted->IsRandom()) {
      return MakeError(ErrorCode::kUsage, "--seed", "means nothing without --permute or a scheme that draws",
                       "leave it out, or add --permute");
    }
    // Whoever knows the seed can undo the permutation.
    if (permute && seed_option->count() == 0)
      seed = uint64_t{std::random_device()()} << 32 | std::random_device()();
    wanted->seed = seed;
    const absl::StatusOr<Format> format = FormatForOutput(output);
    if (!format.ok()) return format.status();
    const absl::StatusOr<Tokenizer> loaded = LoadTokenizer(tokenizer);
    if (!loaded.ok()) return loaded.status();
    absl::StatusOr<StrippedTokenizer> stripped = StripMerges(loaded->spec(), {*wanted, permute, seed});
    if (!stripped.ok()) return AtPlace(tokenizer, stripped.status());
    if (*format == Format::kTokenizerJson) {
      absl::StatusOr<TokenizerSpec> as_json = AsWordPiece(stripped->spec);
      if (!as_json.ok()) return as_json.status();
      stripped->spec = *std::move(as_json);
    }
    const absl::StatusOr<Tokenizer> after = Tokenizer::Create(std::move(stripped->spec));
    if (!after.ok()) return after.status();
    const absl::StatusOr<TokenizerFile> file = TokenizerFile::Express(*after, *format, output);
    if (!file.ok()) return file.status();
    file->PrintWarnings();
    if (permute) {
      if (absl::Status s = WriteIdMap(map_path, stripped->new_ids); !s.ok()) return s;
    }
    if (absl::Status s = file->Write(); !s.ok()) {
      std::error_code ignored;
      if (permute) std::filesystem::remove(map_path, ignored);
      return s;
    }
    if (!json) {
      if (permute)
        std::fprintf(stderr, "wrote %s, and to %s where each row of a model goes\n", output.c_str(),
                     map_path.c_str());
      return kExitOk;
    }
    return PrintJson({{"schema", 1},
                      {"tokenizer", tokenizer},
                      {"output", output},
                      {"scheme", SchemeName(*wanted)},
                      {"map", permute ? Json(map_path) : Json()}});
  }
};

}  // namespace

Command AddStripMerges(CLI::App* root) {
  CLI::App* parser = root->add_subcommand(
      "strip-merges", "A tokenizer that encodes without a merge list, which tells what it was trained on");
  auto command = std::make_shared<StripMergesCommand>();
  SetExamples(
      parser,
      "tok strip-merges -t gpt2 -o stripped.json             # for Hugging Face too\n"
      "tok strip-merges -t tokenizer.json --scheme fewest-tokens -o fewest.tok\n"
      "tok strip-merges -t gpt2 --permute --seed 7 -o dealt.json # and dealt.json.map.npy for the model");
  AddTokenizerOption(parser, &command->tokenizer);
  parser
      ->add_option("-o,--output", command->output,
                   "Tokenizer to write: .tok, or .json for longest-prefix over a byte-level vocabulary")
      ->required()
      ->type_name("OUT");
  parser
      ->add_option("--scheme", command->scheme,
                   "What takes the place of merges: longest-prefix (default), longest-suffix, longest-token, "
                   "flota[:K], fewest-tokens[:random] or weighted")
      ->type_name("NAME");
  parser->add_flag("--permute", command->permute,
                   "Deal out the ids of ordinary tokens anew: their order tells what merges tell");
  command->seed_option = WholeNumber(
      parser
          ->add_option("--seed", command->seed,
                       "Of --permute (default: one that nobody knows), and of schemes that draw by lot")
          ->type_name("N"));
  command->map_option =
      parser
          ->add_option(
              "--map", command->map_path,
              "With --permute, where the new id of each old one goes: int32 .npy; row r of a model's "
              "tables moves to row map[r] (default: OUT.map.npy)")
          ->type_name("FILE");
  AddJsonOption(parser, &command->json);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
