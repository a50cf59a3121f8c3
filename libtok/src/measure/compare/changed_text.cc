#include "src/measure/compare/changed_text.h"

#include <string>

#include "src/base/random_stream.h"
#include "src/measure/letter_case.h"
#include "src/unicode/properties.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// Copies a text with changes, and notes where it grows or shrinks.
class Rewriter {
 public:
  explicit Rewriter(std::string_view text) : text_(text) {}

  // `old` lies behind what was replaced before.
  void Replace(const Span& old, std::string_view by) {
    changed_.text.append(text_.substr(copied_, old.begin - copied_));
    changed_.text.append(by);
    copied_ = old.end;
    if (by.size() != old.size()) changed_.length_changes.push_back({old, by.size()});
  }
  void EndChange() { ++changed_.n_changes; }
  ChangedText Finish() {
    changed_.text.append(text_.substr(copied_));
    return std::move(changed_);
  }

 private:
  std::string_view text_;
  size_t copied_ = 0;
  ChangedText changed_;
};

std::vector<Span> LettersOf(std::string_view text, const Span& word) {
  std::vector<Span> letters;
  for (uint64_t i = word.begin; i < word.end;) {
    const DecodedChar c = DecodeUtf8(text, i);
    if (HasCategory(c.code_point, kLetterCategories)) letters.push_back({i, i + c.n_bytes});
    i += c.n_bytes;
  }
  return letters;
}

template <typename Mapping>
ChangedText InCase(std::string_view text, Mapping mapping) {
  Rewriter rewriter(text);
  std::string mapped;
  for (size_t i = 0; i < text.size();) {
    const DecodedChar c = DecodeUtf8(text, i);
    const std::string_view old = text.substr(i, c.n_bytes);
    if (c.code_point != kInvalidByte) {
      mapped = mapping(old);
      if (mapped != old) {
        rewriter.Replace({i, i + c.n_bytes}, mapped);
        rewriter.EndChange();
      }
    }
    i += c.n_bytes;
  }
  return rewriter.Finish();
}

}  // namespace

std::vector<uint64_t> ChangedText::Carry(std::span<const uint64_t> places) const {
  std::vector<uint64_t> carried;
  size_t change = 0;
  uint64_t added = 0;  // modulo 2^64, as text may have shrunk
  for (const uint64_t place : places) {
    while (change < length_changes.size() && length_changes[change].old.end <= place) {
      added += length_changes[change].n_new - length_changes[change].old.size();
      ++change;
    }
    if (change < length_changes.size() && length_changes[change].old.begin < place) continue;
    const uint64_t now = place + added;
    if (now > 0 && now < text.size() && (carried.empty() || carried.back() != now)) carried.push_back(now);
  }
  return carried;
}

ChangedText WithTypos(std::string_view text, std::span<const Span> words, double share, uint64_t seed) {
  Rewriter rewriter(text);
  RandomStream random(seed);
  for (const Span& word : words) {
    if (!random.Chance(share)) continue;
    const std::vector<Span> letters = LettersOf(text, word);
    if (letters.empty()) continue;
    const size_t at = random.Below(letters.size());
    const uint64_t kind = random.Below(3);
    const std::string letter(text.substr(letters[at].begin, letters[at].size()));
    std::string next;  // other than it, right behind it
    if (at + 1 < letters.size() && letters[at + 1].begin == letters[at].end)
      next = text.substr(letters[at + 1].begin, letters[at + 1].size());
    if (kind == 0 && !next.empty() && next != letter) {
      rewriter.Replace(letters[at], next);
      rewriter.Replace(letters[at + 1], letter);
    } else if (kind == 1 && letters.size() > 1) {
      rewriter.Replace(letters[at], "");
    } else {
      rewriter.Replace(letters[at], letter + letter);
    }
    rewriter.EndChange();
  }
  return rewriter.Finish();
}

ChangedText InUpperCase(std::string_view text) {
  return InCase(text, [](std::string_view character) { return UpperCase(character); });
}

ChangedText InLowerCase(std::string_view text) {
  return InCase(text, [](std::string_view character) { return LowerCase(character); });
}

}  // namespace tok
