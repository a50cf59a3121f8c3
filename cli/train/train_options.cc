#include "cli/train/train_options.h"

#include <utility>

#include "cli/options.h"
#include "tok/formats.h"

namespace tok::cli {

void TrainOptions::AddTo(CLI::App* parser) {
  parser->add_option("-n,--vocab-size", vocab_size, "Tokens in all, special ones and alphabet included")
      ->required()
      ->type_name("SIZE")
      ->check(CLI::Range(uint32_t{1}, kMaxTokenId));
  parser
      ->add_option("-o,--output", output,
                   "Tokenizer to write: .json (tokenizer.json), .tiktoken or .tok, whole or not at all")
      ->type_name("OUT");
  corpus.AddTo(parser);
  parser->add_option("--counts", counts, "Train from counted pieces (tok pieces count) instead of text")
      ->type_name("FILE");
  parser->add_option("--min-frequency", min_frequency, "Merge no pair that occurs less often (default: 0)")
      ->type_name("N");
  parser
      ->add_option("--max-token-length", max_token_length,
                   "Tokens are shorter than N bytes (2 are always allowed), as in Hugging Face")
      ->type_name("N");
  parser->add_option("--special", special_tokens, "A special token, in front of all others; repeatable")
      ->allow_extra_args(false)
      ->type_name("TOKEN");
  parser
      ->add_option("--alphabet", alphabet,
                   "Bytes that are tokens: all, or seen (those that occur) (default: all)")
      ->type_name("WHICH");
  parser
      ->add_option("--limit-alphabet", limit_alphabet,
                   "With --alphabet seen: drop all but the N most frequent bytes")
      ->type_name("N");
  parser->add_flag("--resume", resume,
                   "Go on from OUT.checkpoint.tok, which an interrupted run of the same training left");
  parser
      ->add_option("--checkpoint-seconds", checkpoint_seconds,
                   "Save OUT.checkpoint.tok, a tokenizer like any other, every S seconds (default: 60)")
      ->type_name("S")
      ->check(CLI::PositiveNumber);
  parser->add_flag("--dry-run", dry_run, "Say what would be done and what memory it takes, and stop");
  AddJsonOption(parser, &json);
}

absl::Status TrainOptions::Check() const {
  if (absl::Status s = corpus.Check(); !s.ok()) return s;
  if (absl::Status s = CheckCounts(); !s.ok()) return s;
  if (absl::Status s = CheckChoice("--alphabet", alphabet, {"all", "seen"}); !s.ok()) return s;
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

absl::StatusOr<PieceCounts> TrainOptions::Pieces(std::string_view default_split,
                                                 FileJobProgress* progress) const {
  if (!counts) return corpus.Count(default_split, progress);
  absl::StatusOr<std::vector<PieceCounts>> read = corpus.ReadCounts({*counts}, default_split);
  if (!read.ok()) return read.status();
  return std::move(read->front());
}

BpeTrainerOptions TrainOptions::Bpe() const {
  BpeTrainerOptions options;
  options.vocab_size = vocab_size;
  options.min_frequency = min_frequency;
  options.max_token_length = max_token_length;
  options.whole_byte_alphabet = alphabet == "all";
  options.limit_alphabet = limit_alphabet;
  options.special_tokens = special_tokens;
  options.n_threads = corpus.n_threads;
  return options;
}

}  // namespace tok::cli
