// tok/train_unigram.h: learns a Unigram vocabulary, tokens with scores, from counted pieces of text.
//
// Model: tokens have probabilities, a piece is written as any row of tokens that spells it, and the vocabulary wanted is
// the one of the given size under which the text is likeliest. Training starts from up to a million strings that occur
// again in the unique pieces, then alternates n_sub_iterations steps of expectation maximization with pruning to
// shrinking_factor of the tokens left, by the loss that dropping each would cause.
// Source: Kudo (2018), "Subword Regularization: Improving Neural Network Translation Models with Multiple Subword
// Candidates".
// Exactness: tokens, order and scores (to 1e-9) are those of Hugging Face tokenizers 0.23.3, UnigramTrainer, as far as it
// repeats itself: it adds up in an order that changes from run to run, so that scores differ in the twelfth digit, tokens
// of equal scores change places, and characters that training dropped and the end adds again get their scores in any
// order (here: byte order). Where two ways to write a piece are equally likely, rounding decides, there and here.
// Different on purpose: counts are not cut to 32 bits; the text "<UNK>" is text; a special token is not learned a second
// time; a vocabulary just large enough for the characters holds only them.
// Units: lengths in characters, scores as natural logarithms; sizes count special tokens.
// Errors: TOK-E040 for options that make no sense, vocab_size below the number of characters included; TOK-E010, E014,
// E022 and E030 for pieces that are not UTF-8, none, raw bytes, or too many; TOK-E061 if `progress` says stop.
// Cost: for n unique bytes of any text, seeds O(n log n) and each pass O(n x max_piece_length); about 50 passes from a
// million starting strings to 8,000 tokens. Memory: 20 to 40 bytes per unique byte, and per thread 8 per starting string.
// Threads: n_threads; the result has the same bytes for any number of them, and for any order of the pieces.
// Example:
//   tok::UnigramTrainerOptions options{.vocab_size = 32000, .unk_token = "<unk>"};
//   absl::StatusOr<tok::TokenizerSpec> spec = tok::TrainUnigram(counts, options);
//   if (spec.ok()) absl::Status written = tok::WriteTokenizer(*spec, tok::Format::kTokenizerJson, "unigram.json");
#ifndef TOK_TRAIN_UNIGRAM_H_
#define TOK_TRAIN_UNIGRAM_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

// What is done so far. Given out after each step, in the thread that called TrainUnigram.
struct UnigramProgress {
  enum class Step : uint8_t { kSeeds, kMaximization, kPruning };
  Step step = Step::kSeeds;
  uint64_t n_maximizations = 0;  // steps of expectation maximization
  uint64_t n_tokens = 0;         // still in the running
  uint64_t n_tokens_wanted = 0;  // training ends at so many
  double loss = 0;    // minus the mean logarithm of a piece's probability before the last maximization
  uint64_t work = 0;  // keys made for sorting and steps in tries: the same on every machine
};

// Names and defaults are those of Hugging Face's UnigramTrainer.
struct UnigramTrainerOptions {
  size_t vocab_size = 8000;
  std::vector<AddedToken>
      special_tokens;  // get the first ids, in this order; `id` and `special` are not looked at
  std::vector<char32_t> initial_alphabet;  // in the vocabulary even if the text has none
  std::optional<std::string>
      unk_token;  // a special token, or added in front; without one, unknown text is an error
  double shrinking_factor = 0.75;  // between 0 and 1
  size_t max_piece_length = 16;    // of a token; at most 128
  unsigned n_sub_iterations = 2;   // 1 to 100
  size_t seed_size = 1000000;
  unsigned n_threads = 0;                                // 0: AvailableThreads()
  std::function<bool(const UnigramProgress&)> progress;  // false: stop
  // Asked within the first step too, which takes longest, by several threads at once: false ends training. May be empty.
  std::function<bool()> goes_on;
};

// A tokenizer.json's tokenizer with the rules of `counts` (TextRules) and the decoder that belongs to them.
absl::StatusOr<TokenizerSpec> TrainUnigram(const PieceCounts& counts, const UnigramTrainerOptions& options);

}  // namespace tok

#endif  // TOK_TRAIN_UNIGRAM_H_
