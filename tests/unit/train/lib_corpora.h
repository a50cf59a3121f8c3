// tests/unit/train/lib_corpora.h: corpora for tests of LiB: random ones, a small language, and real text.
#ifndef TOK_TESTS_UNIT_TRAIN_LIB_CORPORA_H_
#define TOK_TESTS_UNIT_TRAIN_LIB_CORPORA_H_

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/random_stream.h"
#include "tok/corpus.h"

namespace tok {

inline std::vector<std::string_view> ViewsOf(const std::vector<std::string>& sentences) {
  return {sentences.begin(), sentences.end()};
}

// `alphabet` letters, some of several bytes, in words drawn from a small lexicon, or without words.
inline std::vector<std::string> RandomSentences(uint64_t seed, size_t n_sentences, size_t max_symbols) {
  static const std::vector<std::string> kLetters = {"a",      "b", "\u00e9",     "c",
                                                    "\u4e16", " ", "\U0001F600", "d"};
  RandomStream random(seed);
  const uint64_t n_letters = 1 + random.Below(kLetters.size());
  const auto letters = [&](uint64_t n) {
    std::string text;
    for (uint64_t i = 0; i < n; ++i) text += kLetters[random.Below(n_letters)];
    return text;
  };
  std::vector<std::string> words;
  for (uint64_t n_words = random.Below(12); words.size() < n_words;)
    words.push_back(letters(1 + random.Below(5)));
  std::vector<std::string> sentences;
  while (sentences.size() < n_sentences) {
    std::string sentence;
    for (uint64_t n = random.Below(max_symbols); n > 0; --n)
      sentence += words.empty() ? letters(1) : words[random.Below(words.size())];
    sentences.push_back(std::move(sentence));
  }
  return sentences;
}

// Utterances of a small language, spaces kept, as parents speak to children (what LiB was tried on): frames of frequent
// words around some 900 rarer ones.
inline std::vector<std::string> SpeechSentences(size_t n_sentences) {
  static const std::vector<std::string> kFrames = {"you want to V D N",
                                                   "do you want D N",
                                                   "can you V D N",
                                                   "look at D A N",
                                                   "that is D A N",
                                                   "what is that",
                                                   "V D N",
                                                   "is that D N",
                                                   "yeah",
                                                   "where is D N",
                                                   "there is D A A N",
                                                   "oh no D N",
                                                   "you can V it",
                                                   "I see D A N",
                                                   "let us V D N",
                                                   "who is D A N with D N",
                                                   "N",
                                                   "D N and D N",
                                                   "V it",
                                                   "we V and V D A N",
                                                   "did you V it",
                                                   "put D N on D N",
                                                   "it is A"};
  static const std::vector<std::string> kDeterminers = {"the", "a", "your", "that", "this", "the other"};
  RandomStream random(17);
  const auto invent = [&](size_t n_words) {
    static const std::string kConsonants = "bdfgklmnprst", kVowels = "aeiou";
    std::vector<std::string> words(n_words);
    for (std::string& word : words) {
      for (uint64_t n = 1 + random.Below(3); n > 0; --n) {
        word += kConsonants[random.Below(kConsonants.size())];
        word += kVowels[random.Below(kVowels.size())];
      }
      if (random.Chance(0.6)) word += kConsonants[random.Below(kConsonants.size())];
    }
    return words;
  };
  const auto nouns = invent(500), verbs = invent(250), adjectives = invent(150);
  // The smallest of three draws: the first words are the frequent ones.
  const auto pick = [&](const std::vector<std::string>& words) -> const std::string& {
    uint64_t smallest = random.Below(words.size());
    for (int i = 0; i < 2; ++i) smallest = std::min(smallest, random.Below(words.size()));
    return words[smallest];
  };
  std::vector<std::string> sentences;
  while (sentences.size() < n_sentences) {
    std::string sentence;
    for (const char c : pick(kFrames)) {
      switch (c) {
        case 'D': sentence += pick(kDeterminers); break;
        case 'N': sentence += pick(nouns); break;
        case 'V': sentence += pick(verbs); break;
        case 'A': sentence += pick(adjectives); break;
        default: sentence += c;
      }
    }
    sentences.push_back(sentence + " ");
  }
  return sentences;
}

// The first lines of English prose that lies in a folder shared/corpora beside the checkout; empty if there is none.
inline std::vector<std::string> ProseSentences(size_t n_sentences) {
  std::filesystem::path folder = TOK_SOURCE_DIR;
  std::vector<std::string> sentences;
  while (folder != folder.parent_path()) {
    folder = folder.parent_path();
    const std::filesystem::path path = folder / "shared/corpora/en_prose.txt.zst";
    if (!std::filesystem::exists(path)) continue;
    const auto source = OpenDocuments(path.string(), {DocumentSplit::Kind::kLines, ""}).value();
    Document document;
    while (sentences.size() < n_sentences && source->Next(&document).value())
      sentences.emplace_back(document.text);
    break;
  }
  return sentences;
}

}  // namespace tok

#endif  // TOK_TESTS_UNIT_TRAIN_LIB_CORPORA_H_
