// tests/unit/train/lib_corpora.h: corpora for tests of LiB: random ones, a small language, and real text.
#ifndef TOK_TESTS_UNIT_TRAIN_LIB_CORPORA_H_
#define TOK_TESTS_UNIT_TRAIN_LIB_CORPORA_H_

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/train/lib/random_stream.h"
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

// A small language of frequent and rare words in a few frames, spaces kept: like speech to children, which LiB was tried on.
inline std::vector<std::string> SpeechSentences(size_t n_sentences) {
  static const std::vector<std::string> kFrames = {"you want to V the N",
                                                   "do you want the N",
                                                   "can you V the N",
                                                   "look at the A N",
                                                   "that is a A N",
                                                   "what is that",
                                                   "V the N",
                                                   "is that a N",
                                                   "yeah",
                                                   "where is the N",
                                                   "there is the A A N",
                                                   "oh no the N",
                                                   "you can V it",
                                                   "I see the A N",
                                                   "let us V the N",
                                                   "who is that A N with the N"};
  static const std::vector<std::string> kNouns = {
      "book", "dog", "doggie", "kitty", "ball", "box",   "baby",  "house", "window", "door",
      "hat",  "toe", "nose",   "chair", "cup",  "apple", "train", "truck", "bunny",  "mirror"};
  static const std::vector<std::string> kVerbs = {"see", "read", "open", "close", "find",
                                                  "put", "take", "eat",  "throw", "touch"};
  static const std::vector<std::string> kAdjectives = {"big", "little", "red", "pretty", "nice", "yellow"};
  RandomStream random(17);
  // The smaller of two draws: the first words are the frequent ones.
  const auto pick = [&](const std::vector<std::string>& words) -> const std::string& {
    const uint64_t first = random.Below(words.size()), second = random.Below(words.size());
    return words[std::min(first, second)];
  };
  std::vector<std::string> sentences;
  while (sentences.size() < n_sentences) {
    std::string sentence;
    for (const char c : pick(kFrames)) {
      if (c == 'N') {
        sentence += pick(kNouns);
      } else if (c == 'V') {
        sentence += pick(kVerbs);
      } else if (c == 'A') {
        sentence += pick(kAdjectives);
      } else {
        sentence += c;
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
