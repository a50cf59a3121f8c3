#include "tok/char_bench.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "absl/container/flat_hash_set.h"
#include "src/base/random_stream.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/measure/token_layout.h"
#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr size_t kLeastLetters = 4, kMostLetters = 10, kNTasks = 4;
constexpr std::array<std::string_view, kNTasks> kTasks = {"count_unique_characters", "character_frequency",
                                                          "first_occurrence", "last_occurrence"};

bool IsAsciiLetter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

struct Task {
  size_t kind;
  std::string_view word;
  char character;  // unless unique characters are counted
  uint64_t answer;
};

Task MakeTask(size_t kind, std::string_view word, RandomStream* random) {
  Task task{kind, word, 0, 0};
  if (kind == 0) {
    std::string letters(word);
    std::sort(letters.begin(), letters.end());
    letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
    task.answer = letters.size();
    return task;
  }
  task.character = word[random->Below(word.size())];
  task.answer = kind == 1   ? static_cast<uint64_t>(std::count(word.begin(), word.end(), task.character))
                : kind == 2 ? word.find(task.character)
                            : word.rfind(task.character);
  return task;
}

// The characters of the word's tokens, where it stands behind a space.
absl::StatusOr<std::vector<uint64_t>> LengthsOf(std::string_view word, const Tokenizer& tokenizer) {
  EncodeOptions options;
  options.special = SpecialPolicy::Text();
  TOK_ASSIGN_OR_RETURN(const Encoding encoding, tokenizer.EncodeWithSpans(Concat(" ", word), options));
  const TokenLayout layout = TokenLayout::Of(encoding.spans, word.size() + 1);
  std::vector<uint64_t> lengths;
  uint64_t begin = 1;  // behind the space
  for (const uint64_t end : layout.boundaries) {
    if (end > begin) lengths.push_back(end - begin);
    begin = std::max(begin, end);
  }
  lengths.push_back(word.size() + 1 - begin);
  return lengths;
}

}  // namespace

struct CharBench::Words {
  absl::flat_hash_set<std::string> all;
};

CharBench::CharBench() : words_(std::make_unique<Words>()) {}
CharBench::~CharBench() = default;
CharBench::CharBench(CharBench&&) noexcept = default;
CharBench& CharBench::operator=(CharBench&&) noexcept = default;

absl::Status CharBench::Add(std::span<const std::string_view> documents) {
  for (const std::string_view text : documents) {
    // Runs of word characters, of which those are words that hold nothing but letters.
    for (size_t i = 0; i < text.size();) {
      const size_t begin = i;
      bool is_word = true;
      while (i < text.size()) {
        const DecodedChar c = DecodeUtf8(text, i);
        if (!IsWordCharacter(c.code_point)) break;
        is_word = is_word && IsAsciiLetter(c.code_point);
        i += c.n_bytes;
      }
      const size_t n_letters = i - begin;
      if (n_letters == 0) {
        i += DecodeUtf8(text, i).n_bytes;
        continue;
      }
      if (!is_word || n_letters < kLeastLetters || n_letters > kMostLetters) continue;
      words_->all.emplace(text.substr(begin, n_letters));
      if (words_->all.size() > kMaxCharBenchWords) {
        return MakeError(ErrorCode::kLimit, "character tasks",
                         Concat("the text holds more than ", kMaxCharBenchWords, " different words"),
                         "take a smaller sample");
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> CharBench::Lines(std::span<const std::pair<std::string, Tokenizer>> tokenizers,
                                             const CharBenchOptions& options) const {
  std::vector<std::string_view> sorted(words_->all.begin(), words_->all.end());
  std::sort(sorted.begin(), sorted.end(), [](std::string_view a, std::string_view b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  RandomStream random(options.seed);
  std::string lines;
  for (size_t begin = 0; begin < sorted.size();) {
    size_t end = begin;
    while (end < sorted.size() && sorted[end].size() == sorted[begin].size()) ++end;
    const std::span<std::string_view> words(sorted.data() + begin, end - begin);
    for (size_t i = words.size(); i > 1; --i) std::swap(words[i - 1], words[random.Below(i)]);
    const uint64_t n_each = std::min<uint64_t>(options.n_per_task, words.size() / kNTasks);
    for (uint64_t w = 0; w < n_each * kNTasks; ++w) {
      const Task task = MakeTask(w / n_each, words[w], &random);
      nlohmann::ordered_json item = {{"task", kTasks[task.kind]}, {"word", task.word}};
      if (task.kind != 0) item["character"] = std::string(1, task.character);
      item["answer"] = task.answer;
      item["tokens"] = nlohmann::ordered_json::array();
      for (const auto& [name, tokenizer] : tokenizers) {
        TOK_ASSIGN_OR_RETURN(const std::vector<uint64_t> lengths, LengthsOf(task.word, tokenizer));
        item["tokens"].push_back({{"tokenizer", name}, {"lengths", lengths}});
      }
      lines += item.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    }
    begin = end;
  }
  return lines;
}

}  // namespace tok
