#include "src/measure/compare/morphemes.h"

#include <algorithm>
#include <iterator>

#include "src/base/strings.h"
#include "src/measure/token_layout.h"

namespace tok {
namespace {

constexpr size_t kWordsPerBatch = 4096;

absl::Status BadLine(std::string_view place, uint64_t line, std::string_view fact) {
  return MakeError(ErrorCode::kBadInput, Concat(place, ":", line), fact,
                   "write WORD, a tab, and its morphemes separated by spaces or '+'");
}

absl::StatusOr<MorphemeWord> ParseLine(std::string_view text, std::string_view place, uint64_t line) {
  const size_t tab = text.find('\t');
  if (tab == std::string_view::npos) return BadLine(place, line, "has no tab");
  MorphemeWord parsed{text.substr(0, tab), {}, line};
  const std::string_view morphemes = text.substr(tab + 1);
  if (parsed.word.empty()) return BadLine(place, line, "has no word");
  uint64_t n_spelled = 0;
  for (size_t i = 0; i < morphemes.size(); ++i) {
    if (morphemes[i] == ' ' || morphemes[i] == '+') {
      const bool is_inside = n_spelled > 0 && n_spelled < parsed.word.size();
      const bool is_new = parsed.boundaries.empty() || parsed.boundaries.back() != n_spelled;
      if (is_inside && is_new) parsed.boundaries.push_back(n_spelled);
      continue;
    }
    if (n_spelled == parsed.word.size() || morphemes[i] != parsed.word[n_spelled]) {
      return BadLine(place, line, "has morphemes that together do not spell the word");
    }
    ++n_spelled;
  }
  if (n_spelled != parsed.word.size())
    return BadLine(place, line, "has morphemes that together do not spell the word");
  return parsed;
}

}  // namespace

absl::StatusOr<std::vector<MorphemeWord>> ParseMorphemes(std::string_view lines, std::string_view place) {
  std::vector<MorphemeWord> words;
  uint64_t line = 0;
  if (lines.starts_with("\xEF\xBB\xBF")) lines.remove_prefix(3);
  for (size_t begin = 0; begin < lines.size();) {
    ++line;
    const size_t end = std::min(lines.find('\n', begin), lines.size());
    std::string_view text = lines.substr(begin, end - begin);
    begin = end + 1;
    if (text.ends_with('\r')) text.remove_suffix(1);
    if (text.empty()) continue;
    absl::StatusOr<MorphemeWord> word = ParseLine(text, place, line);
    if (!word.ok()) return word.status();
    words.push_back(*std::move(word));
  }
  if (words.empty()) return BadLine(place, 1, "holds no word");
  return words;
}

absl::StatusOr<BoundaryCounts> ScoreMorphemes(const ComparedTokenizer& tokenizer,
                                              const std::vector<MorphemeWord>& words, std::string_view place,
                                              unsigned n_threads) {
  BoundaryCounts counts;
  for (size_t begin = 0; begin < words.size(); begin += kWordsPerBatch) {
    const size_t end = std::min(words.size(), begin + kWordsPerBatch);
    std::vector<std::string> texts;
    for (size_t w = begin; w < end; ++w) texts.push_back(" " + std::string(words[w].word));
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    const absl::StatusOr<RaggedEncodings> batch =
        tokenizer.tokenizer.EncodeBatchWithWords(views, tokenizer.encode, OffsetUnit::kBytes, n_threads);
    if (!batch.ok()) {
      for (size_t w = begin; w < end; ++w) {
        const absl::Status one = tokenizer.tokenizer.Encode(views[w - begin], tokenizer.encode).status();
        if (!one.ok()) return AtPlace(Concat(place, ":", words[w].line), one);
      }
      return batch.status();
    }
    for (size_t w = begin; w < end; ++w) {
      const uint64_t first = batch->offsets[w - begin], last = batch->offsets[w - begin + 1];
      const auto spans = std::span(batch->flat.spans).subspan(first, last - first);
      std::vector<uint64_t> found;
      for (const uint64_t boundary : TokenLayout::Of(spans, views[w - begin].size()).boundaries) {
        if (boundary > 1) found.push_back(boundary - 1);  // without the space
      }
      counts.n_found += found.size();
      counts.n_wanted += words[w].boundaries.size();
      counts.n_shared += CountShared(found, words[w].boundaries);
    }
  }
  return counts;
}

}  // namespace tok
