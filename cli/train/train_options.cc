#include "cli/train/train_options.h"

#include <algorithm>
#include <utility>

#include "cli/options.h"
#include "tok/formats.h"

namespace tok::cli {
namespace {

const std::vector<std::string> kKinds = {"bpe", "superbpe"};
const std::vector<std::string> kMergeKinds = {"bpe", "superbpe"};

const std::vector<std::pair<std::string, normalizer::Step>> kNormalizers = {
    {"nfc", normalizer::UnicodeForm{normalizer::Form::kNfc}},
    {"nfd", normalizer::UnicodeForm{normalizer::Form::kNfd}},
    {"nfkc", normalizer::UnicodeForm{normalizer::Form::kNfkc}},
    {"nfkd", normalizer::UnicodeForm{normalizer::Form::kNfkd}},
    {"lowercase", normalizer::Lowercase{}},
    {"strip-accents", normalizer::StripAccents{}},
};

std::vector<std::string> NormalizerNames() {
  std::vector<std::string> names;
  for (const auto& [name, step] : kNormalizers) names.push_back(name);
  return names;
}

// How digits are cut before the pattern sees them. Runs cut from the right end in groups of three, as numbers are read.
const std::vector<std::pair<std::string, std::string>> kDigits = {
    {"1", R"(\p{N})"}, {"3", R"(\p{N}{1,3})"}, {"r2l3", R"(\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N})))"}};

std::vector<std::string> DigitNames() {
  std::vector<std::string> names;
  for (const auto& [name, regex] : kDigits) names.push_back(name);
  return names;
}

}  // namespace

CLI::Option* TrainOptions::For(const std::vector<std::string>& kinds, CLI::Option* option) {
  kinds_of_.emplace_back(option, kinds);
  return option;
}

void TrainOptions::AddTo(CLI::App* parser) {
  parser->add_option("kind", kind, "What to train: bpe or superbpe")->required()->type_name("KIND");
  parser
      ->add_option("inputs", inputs, "Files or globs; - or none is standard input; .gz and .zst are unpacked")
      ->type_name("INPUT");
  parser->add_option("-n,--vocab-size", vocab_size, "Tokens in all, special ones and alphabet included")
      ->required()
      ->type_name("SIZE")
      ->check(CLI::Range(uint32_t{1}, kMaxTokenId));
  parser
      ->add_option("-o,--output", output,
                   "Tokenizer to write: .json (tokenizer.json), .tiktoken or .tok, whole or not at all")
      ->type_name("OUT");
  parser
      ->add_option(
          "--pattern", pattern,
          "What cuts text into pieces: gpt2, cl100k, o200k, llama3, qwen, deepseek, none, or a regular "
          "expression (default: o200k)")
      ->type_name("PATTERN");
  parser->add_option("--digits", digits, "Cut numbers first: 1, 3, or r2l3 (threes from the right)")
      ->type_name("HOW");
  parser
      ->add_option(
          "--normalizer", normalizers,
          "Rewrite text first: nfc, nfd, nfkc, nfkd, lowercase or strip-accents; repeatable, in order")
      ->allow_extra_args(false)
      ->type_name("NAME");
  parser
      ->add_option(
          "--split", split,
          "What a document is: file, lines, lines-lf (lines that keep their LF, as Hugging Face trains), "
          "jsonl:FIELD or sep:STR (default: file)")
      ->type_name("HOW");
  parser->add_option("--utf8", utf8, "Invalid UTF-8: error, replace or bytes (default: error)")
      ->type_name("POLICY");
  For({"bpe"},
      parser->add_option("--counts", counts, "Train from counted pieces (tok pieces count) instead of text")
          ->type_name("FILE"));
  For(kMergeKinds,
      parser
          ->add_option("--min-frequency", min_frequency, "Merge no pair that occurs less often (default: 0)")
          ->type_name("N"));
  For(kMergeKinds,
      parser
          ->add_option("--max-token-length", max_token_length,
                       "Tokens are shorter than N bytes (2 are always allowed), as in Hugging Face")
          ->type_name("N"));
  parser->add_option("--special", special_tokens, "A special token, in front of all others; repeatable")
      ->allow_extra_args(false)
      ->type_name("TOKEN");
  For(kMergeKinds, parser
                       ->add_option("--alphabet", alphabet,
                                    "Bytes that are tokens: all, or seen (those that occur) (default: all)")
                       ->type_name("WHICH"));
  For(kMergeKinds, parser
                       ->add_option("--limit-alphabet", limit_alphabet,
                                    "With --alphabet seen: drop all but the N most frequent bytes")
                       ->type_name("N"));
  For({"superbpe"}, parser
                        ->add_option("--transition", transition,
                                     "Tokens after stage 1, the words (default: nine tenths of SIZE)")
                        ->type_name("T"));
  For({"superbpe"}, parser->add_option("--max-words", max_words, "Words in a superword, at most (default: 4)")
                        ->type_name("N")
                        ->check(CLI::Range(1u, 1000u)));
  AddThreadsOption(parser, &n_threads);
  AddMemoryOption(parser, &memory);
  parser->add_flag("--dry-run", dry_run, "Say what would be done and what memory it takes, and stop");
  AddJsonOption(parser, &json);
}

absl::Status TrainOptions::Check() const {
  if (absl::Status s = CheckChoice("KIND", kind, kKinds); !s.ok()) return s;
  for (const auto& [option, kinds] : kinds_of_) {
    if (option->count() == 0 || std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) continue;
    return MakeError(ErrorCode::kUsage, option->get_name(), "means nothing to " + kind, "leave it out");
  }
  if (absl::Status s = CheckChoice("--utf8", utf8, {"error", "replace", "bytes"}); !s.ok()) return s;
  if (absl::Status s = CheckChoice("--alphabet", alphabet, {"all", "seen"}); !s.ok()) return s;
  if (!digits.empty()) {
    if (absl::Status s = CheckChoice("--digits", digits, DigitNames()); !s.ok()) return s;
  }
  for (const std::string& name : normalizers) {
    if (absl::Status s = CheckChoice("--normalizer", name, NormalizerNames()); !s.ok()) return s;
  }
  if (output.empty() && !dry_run) {
    return MakeError(ErrorCode::kUsage, "tok train", "does not know where to write the tokenizer",
                     "add -o OUT.json, or --dry-run");
  }
  if (!output.empty()) return FormatForOutput(output).status();
  return absl::OkStatus();
}

absl::StatusOr<PieceRules> TrainOptions::Rules() const {
  absl::StatusOr<PieceRules> rules = ByteLevelRules(pattern);
  if (!rules.ok()) return AtPlace("--pattern", rules.status());
  for (const auto& [name, regex] : kDigits) {
    if (name != digits) continue;
    rules->pre_tokenizers.insert(rules->pre_tokenizers.begin(), pretokenizer::Split{{true, regex}});
  }
  rules->normalizers = Normalizers();
  return rules;
}

std::vector<normalizer::Step> TrainOptions::Normalizers() const {
  std::vector<normalizer::Step> steps;
  for (const std::string& wanted : normalizers) {
    for (const auto& [name, step] : kNormalizers) {
      if (name == wanted) steps.push_back(step);
    }
  }
  return steps;
}

absl::StatusOr<CountPiecesOptions> TrainOptions::Counting() const {
  CountPiecesOptions counting;
  const std::string how = !split.empty() ? split : kind == "superbpe" ? "lines-lf" : "file";
  absl::StatusOr<DocumentSplit> parsed = DocumentSplit::Parse(how);
  if (!parsed.ok()) return parsed.status();
  counting.split = *std::move(parsed);
  counting.utf8 = utf8 == "error"     ? Utf8Policy::kError
                  : utf8 == "replace" ? Utf8Policy::kReplace
                                      : Utf8Policy::kBytes;
  const absl::StatusOr<uint64_t> n_memory_bytes = ParseMemory(memory);
  if (!n_memory_bytes.ok()) return n_memory_bytes.status();
  counting.n_memory_bytes = *n_memory_bytes;
  counting.n_threads = n_threads;
  return counting;
}

BpeTrainerOptions TrainOptions::Bpe() const {
  BpeTrainerOptions options;
  options.vocab_size = vocab_size;
  options.min_frequency = min_frequency;
  options.max_token_length = max_token_length;
  options.whole_byte_alphabet = alphabet == "all";
  options.limit_alphabet = limit_alphabet;
  options.special_tokens = special_tokens;
  options.n_threads = n_threads;
  return options;
}

absl::StatusOr<SuperBpeOptions> TrainOptions::SuperBpe() const {
  SuperBpeOptions options;
  options.bpe = Bpe();
  options.transition = transition > 0 ? transition : vocab_size - vocab_size / 10;
  options.max_words = max_words;
  absl::StatusOr<CountPiecesOptions> corpus = Counting();
  if (!corpus.ok()) return corpus.status();
  options.corpus = *std::move(corpus);
  for (const normalizer::Step& step : Normalizers()) {
    options.subword_rules.normalizers.push_back(step);
    options.superword_rules.normalizers.push_back(step);
  }
  return options;
}

}  // namespace tok::cli
