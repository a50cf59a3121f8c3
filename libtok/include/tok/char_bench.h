// tok/char_bench.h: tasks about the characters of words, for seeing whether tokens hide them from a model.
//
// Model: words are runs of 4 to 10 ASCII letters with no word character beside them, each once. For every length the
// words are sorted, shuffled by the seed and dealt out to four tasks, no word to two of them:
//   count_unique_characters   how many different characters it has
//   character_frequency       how often a character of it occurs
//   first_occurrence          at which place, from 0, a character of it first is
//   last_occurrence           at which place it last is
// Case counts; the character is drawn among the word's places. Beside each answer: the characters of the word's tokens, where
// it stands behind a space, by tokenizer.
// Source: Uzan and Pinter, 2025, "CharBench: Evaluating the Role of Tokenization in Character-Level Tasks".
// Errors: TOK-E030 above kMaxCharBenchWords different words; those of encoding.
// Memory: the words. Threads: calls one at a time. Determinism: words and seed decide, the order of documents does not.
// Example:
//   tok::CharBench bench;
//   if (absl::Status s = bench.Add(documents); !s.ok()) return s;
//   auto lines = bench.Lines({{"gpt2", gpt2}}, {.seed = 1});
#ifndef TOK_CHAR_BENCH_H_
#define TOK_CHAR_BENCH_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok {

inline constexpr uint64_t kMaxCharBenchWords = uint64_t{1} << 24;

struct CharBenchOptions {
  uint64_t seed = 0;
  uint64_t n_per_task = 6250;  // words of each length for each task, if there are so many
};

class CharBench {
 public:
  CharBench();
  ~CharBench();
  CharBench(CharBench&&) noexcept;
  CharBench& operator=(CharBench&&) noexcept;

  absl::Status Add(std::span<const std::string_view> documents);
  // JSON lines: {"task","word"[,"character"],"answer","tokens":[{"tokenizer","lengths":[...]}]}.
  absl::StatusOr<std::string> Lines(std::span<const std::pair<std::string, Tokenizer>> tokenizers,
                                    const CharBenchOptions& options) const;

 private:
  struct Words;
  std::unique_ptr<Words> words_;
};

}  // namespace tok

#endif  // TOK_CHAR_BENCH_H_
