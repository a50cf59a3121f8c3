#include <cstdio>
#include <memory>
#include <utility>

#include "cli/command.h"
#include "cli/exit_codes.h"
#include "cli/json_output.h"
#include "cli/options.h"
#include "cli/tokenizer_file.h"
#include "tok/merge_surgery.h"

namespace tok::cli {
namespace {

struct CorruptCommand {
  std::string tokenizer, output;
  double shuffle = 0, remove = 0, truncate = 0;
  CLI::Option *shuffle_option, *delete_option, *truncate_option, *seed_option;
  uint64_t seed = 0;
  bool json = false;

  absl::StatusOr<Corruption> Wanted() const {
    const std::pair<const CLI::Option*, Corruption> kinds[] = {
        {shuffle_option, {Corruption::Kind::kShuffle, shuffle, seed}},
        {delete_option, {Corruption::Kind::kDelete, remove, seed}},
        {truncate_option, {Corruption::Kind::kTruncate, truncate, seed}}};
    const Corruption* wanted = nullptr;
    for (const auto& [option, corruption] : kinds) {
      if (option->count() == 0) continue;
      if (wanted != nullptr) {
        return MakeError(ErrorCode::kUsage, option->get_name(), "is a second damage",
                         "do one after the other");
      }
      wanted = &corruption;
    }
    if (wanted == nullptr) {
      return MakeError(ErrorCode::kUsage, "tok corrupt", "does not know what to damage",
                       "add --shuffle, --delete or --truncate with a share such as 0.1");
    }
    if (wanted->kind == Corruption::Kind::kTruncate && seed_option->count() > 0) {
      return MakeError(ErrorCode::kUsage, "--seed", "means nothing to --truncate", "leave it out");
    }
    return *wanted;
  }

  absl::StatusOr<int> Run() const {
    const absl::StatusOr<Corruption> wanted = Wanted();
    if (!wanted.ok()) return wanted.status();
    const absl::StatusOr<Format> format = FormatForOutput(output);
    if (!format.ok()) return format.status();
    if (absl::Status s = CheckOutputIsNotInput({tokenizer}, output); !s.ok()) return s;
    const absl::StatusOr<Tokenizer> loaded = LoadTokenizer(tokenizer);
    if (!loaded.ok()) return loaded.status();
    absl::StatusOr<CorruptedTokenizer> corrupted = CorruptMerges(loaded->spec(), *wanted);
    if (!corrupted.ok()) return AtPlace(tokenizer, corrupted.status());
    const absl::StatusOr<Tokenizer> after = Tokenizer::Create(std::move(corrupted->spec));
    if (!after.ok()) return after.status();
    const absl::StatusOr<TokenizerFile> file = TokenizerFile::Express(*after, *format, output);
    if (!file.ok()) return file.status();
    file->PrintWarnings();
    if (absl::Status s = file->Write(); !s.ok()) return s;
    if (json) {
      return PrintJson({{"schema", 1},
                        {"tokenizer", tokenizer},
                        {"output", output},
                        {"merges", corrupted->n_merges},
                        {"affected", corrupted->n_affected},
                        {"disabled", corrupted->n_disabled}});
    }
    return PrintText(std::to_string(corrupted->n_affected) + " of " + std::to_string(corrupted->n_merges) +
                     " merges damaged; " + std::to_string(corrupted->n_disabled) +
                     " others can no longer happen\n");
  }
};

}  // namespace

Command AddCorrupt(CLI::App* root) {
  CLI::App* parser = root->add_subcommand("corrupt", "Damage the merge list of a tokenizer, for experiments");
  auto command = std::make_shared<CorruptCommand>();
  SetExamples(
      parser,
      "tok corrupt -t gpt2 --delete 0.1 --seed 1 -o damaged.json  # a tenth of the merges, at random\n"
      "tok corrupt -t tokenizer.json --shuffle 1 -o shuffled.tok  # all merges in another order\n"
      "tok corrupt -t gpt2 --truncate 0.5 -o half.json            # the first half of the merges");
  AddTokenizerOption(parser, &command->tokenizer);
  parser->add_option("-o,--output", command->output, "Tokenizer to write; its suffix names the format")
      ->required()
      ->type_name("OUT");
  command->shuffle_option =
      parser->add_option("--shuffle", command->shuffle, "Share of the merges that change places")
          ->type_name("SHARE");
  command->delete_option =
      parser->add_option("--delete", command->remove, "Share of the merges that are taken out")
          ->type_name("SHARE");
  command->truncate_option =
      parser->add_option("--truncate", command->truncate, "Share that is cut off the end of the list")
          ->type_name("SHARE");
  command->seed_option =
      WholeNumber(parser->add_option("--seed", command->seed, "Of what is chosen at random (default: 0)")
                      ->type_name("N"));
  AddJsonOption(parser, &command->json);
  return {parser, [command] { return command->Run(); }};
}

}  // namespace tok::cli
