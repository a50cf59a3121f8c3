#include "cli/train/train_options.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "cli/options.h"
#include "tok/corpus.h"
#include "tok/formats.h"

namespace tok::cli {

void TrainOptions::AddTo(CLI::App* parser) {
  const auto add = [&](const char* name, auto* value, const char* help, const char* type) {
    return parser->add_option(name, *value, help)->type_name(type);
  };
  WholeNumber(
      add("-n,--vocab-size", &vocab_size, "Tokens in all, special ones and alphabet included", "SIZE"), 1,
      kMaxTokenId)
      ->required();
  add("-o,--output", &output,
      "Tokenizer to write: .json (tokenizer.json), .tok, .tiktoken (of bytes) or .model (unigram), whole or "
      "not "
      "at all",
      "OUT");
  corpus.AddTo(parser);
  add("--counts", &counts, "Train from counted pieces (tok pieces count) instead of text", "FILE");
  WholeNumber(
      add("--min-frequency", &min_frequency, "Merge no pair that occurs less often (default: 0)", "N"));
  WholeNumber(
      add("--max-token-length", &max_token_length,
          "Tokens are shorter than N bytes, as in Hugging Face; those of two bytes are always allowed", "N"),
      0, UINT32_MAX);
  WholeNumber(add("--max-length", &max_length,
                  "Bytes or characters in a token, at most (default: char 3, lib no limit)", "N"),
              0, UINT32_MAX);
  WholeNumber(add("--seed", &seed, "What decides where chance does (default: 0)", "N"));
  add("--special", &special_tokens,
      "A special token; repeatable. In the order given they are the first ids, behind --unk if that is none "
      "of "
      "them (with --continue the last)",
      "TOKEN")
      ->allow_extra_args(false);
  add("--unk", &unk_token,
      "What stands for characters outside the alphabet (default: <unk>; wordpiece and dna [UNK]; char with "
      "--unit chars none)",
      "TOKEN");
  add("--tokens", &whole_tokens_file,
      "Tokens that text always keeps whole, one a line; \\n \\t \\r \\0 \\\\ and \\xHH stand for bytes",
      "FILE");
  parser->add_flag("--pad-to-power-of-2", pad_to_power_of_two,
                   "Add tokens of spaces and line feeds until the size is a power of two");
  add("--unit", &unit, "What tokens are made of: bytes, or chars (default: char bytes, lib chars)", "WHAT");
  add("--alphabet", &alphabet, "Bytes that are tokens: all, or seen (those that occur) (default: all)",
      "WHICH");
  WholeNumber(add("--limit-alphabet", &limit_alphabet,
                  "Drop all but the N most frequent bytes (with --alphabet seen) or characters", "N"),
              0, UINT32_MAX);
  parser->add_flag("--resume", resume,
                   "Go on from OUT.checkpoint.tok, which an interrupted run of the same training left");
  add("--checkpoint-seconds", &checkpoint_seconds,
      "Save OUT.checkpoint.tok, a tokenizer like any other, every S seconds (default: 60)", "S")
      ->check(CLI::Validator(
          [](const std::string& text) -> std::string {
            double seconds = 0;
            const bool is_number = CLI::detail::lexical_cast(text, seconds) && seconds > 0;
            return is_number ? "" : "'" + text + "' is no number of seconds";
          },
          ""));
  parser->add_flag("--dry-run", dry_run, "Say what would be done and what memory it takes, and stop");
  AddJsonOption(parser, &json);
}

absl::Status TrainOptions::Check() const {
  if (absl::Status s = corpus.Check(); !s.ok()) return s;
  if (absl::Status s = CheckCounts(); !s.ok()) return s;
  if (absl::Status s = CheckChoice("--alphabet", alphabet, {"all", "seen"}); !s.ok()) return s;
  if (!unit.empty()) {
    if (absl::Status s = CheckChoice("--unit", unit, {"bytes", "chars"}); !s.ok()) return s;
  }
  for (size_t i = 0; i < special_tokens.size(); ++i) {
    const auto begin = special_tokens.begin(), at = begin + static_cast<std::ptrdiff_t>(i);
    const bool is_double = std::find(begin, at, *at) != at;
    if (!at->empty() && !is_double) continue;
    return MakeError(ErrorCode::kUsage, "--special '" + *at + "'", is_double ? "is given twice" : "is empty",
                     "leave it out");
  }
  if (output.empty() && !dry_run) {
    return MakeError(ErrorCode::kUsage, "tok train", "does not know where to write the tokenizer",
                     "add -o OUT.json, or --dry-run");
  }
  if (!output.empty()) return FormatForOutput(output).status();
  return absl::OkStatus();
}

// Pieces that are counted already are read from nowhere else.
absl::Status TrainOptions::CheckCounts() const {
  if (!counts) return absl::OkStatus();
  if (!corpus.inputs.empty()) {
    return MakeError(ErrorCode::kUsage, corpus.inputs[0], "is text to count, and --counts has counts of it",
                     "leave out one of them");
  }
  for (const CLI::Option* option : corpus.reading) {
    if (option->count() == 0) continue;
    return MakeError(ErrorCode::kUsage, option->get_name(), "means nothing with --counts: no text is read",
                     "leave it out");
  }
  return absl::OkStatus();
}

// Lines, without the CR that some editors write.
absl::Status TrainOptions::ReadFiles() {
  if (!whole_tokens_file) return absl::OkStatus();
  if (*whole_tokens_file == "-") {
    return MakeError(ErrorCode::kUsage, "--tokens -", "is standard input, where text comes from",
                     "give a file");
  }
  const absl::StatusOr<std::unique_ptr<DocumentSource>> lines =
      OpenDocuments(*whole_tokens_file, {DocumentSplit::Kind::kLines, ""});
  if (!lines.ok()) return lines.status();
  for (Document line;;) {
    const absl::StatusOr<bool> found = (*lines)->Next(&line);
    if (!found.ok()) return found.status();
    if (!*found) return absl::OkStatus();
    std::string_view text = line.text;
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (text.empty()) continue;
    absl::StatusOr<std::string> token = Unescape(text);
    if (!token.ok()) return AtPlace(*whole_tokens_file + ":" + std::to_string(line.line), token.status());
    whole_tokens.push_back(*std::move(token));
  }
}

absl::StatusOr<PieceCounts> TrainOptions::Pieces(const PieceDefaults& defaults,
                                                 FileJobProgress* progress) const {
  if (!counts) return corpus.Count(defaults, progress);
  absl::StatusOr<std::vector<PieceCounts>> read = corpus.ReadCounts({*counts}, defaults);
  if (!read.ok()) return read.status();
  return std::move(read->front());
}

BpeTrainerOptions TrainOptions::Bpe() const {
  BpeTrainerOptions options;
  options.whole_tokens = whole_tokens;
  options.pad_to_power_of_two = pad_to_power_of_two;
  options.unk_token = unk_token;
  options.vocab_size = vocab_size;
  options.min_frequency = min_frequency;
  options.max_token_length = max_token_length;
  options.whole_byte_alphabet = alphabet == "all";
  options.limit_alphabet = limit_alphabet;
  options.special_tokens = special_tokens;
  options.n_threads = corpus.n_threads;
  options.n_memory_bytes = corpus.n_memory_bytes();
  return options;
}

}  // namespace tok::cli
