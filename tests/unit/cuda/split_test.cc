// The device's splitter cuts where the library's reference scanner cuts, whatever runs cross its chunks of 928 bytes.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "cuda/split/char_table.h"
#include "cuda/split/starts.h"
#include "src/unicode/utf8.h"
#include "tests/support/repeated.h"
#include "tests/unit/cuda/split_check.h"

namespace tok::cuda {
namespace {

constexpr size_t kChunkBytes = size_t{kChunkWords} * kWordBytes;

// Of all classes, lengths and roles.
const std::vector<std::string> kUnits = {
    "a",    "b",  "s",  "t",  "l",      "ll",     "ve",     "A",      "S", "LL", " ", "  ", "\n",
    "\r\n", "\t", "'",  "'s", "'T",     "1",      "23",     "4567",   "!", "?",  "/", "//", ";\n/",
    "é",    "É",  "中", "ー", "\u0301", "\u3000", "\u00a0", "\u0085", "😀", "٣",  "²", "ß",  "ſ",
    "'ſ",   "न",  "े",   "한", "。",     "—",      "Ⅷ",      "ª",      "ǅ", "."};

TEST(DeviceSplitTest, RandomDocuments) {
  std::mt19937 random(1);
  size_t n_documents = 0, n_covered = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> chosen, documents(1 + random() % 6);
    for (size_t i = 2 + random() % 8; i > 0; --i) chosen.push_back(kUnits[random() % kUnits.size()]);
    for (std::string& document : documents) {
      for (size_t n = random() % (round % 10 == 0 ? 1500 : 120); n > 0; --n) {
        const std::string& unit = chosen[random() % chosen.size()];
        document += random() % 40 == 0 ? Repeated(unit, random() % (3 * kChunkBytes)) : unit;
      }
    }
    for (const PatternFamily family : kDeviceFamilies) {
      n_covered += ExpectSplitAsReference(family, documents);
      n_documents += documents.size();
    }
  }
  EXPECT_GT(n_covered, n_documents * 9 / 10);
}

// What comes before a run decides how it is cut, from as far as you like; what comes behind white space and capitals too.
TEST(DeviceSplitTest, RunsOfManyChunks) {
  const std::vector<std::string> befores = {"", "a", "!", "中", "12", " ", "a中", "!\n"};
  const std::vector<std::string> runs = {"a", "A", "中", "7", "٣", " ", "\n", "\t", "/", "!", "\u3000", "'"};
  const std::vector<std::string> behinds = {"", "a", "A", "!", "\nx", " ", "中"};
  for (const std::string& run : runs) {
    for (const size_t n_bytes : {kChunkBytes - 40, 2 * kChunkBytes + 65}) {
      std::vector<std::string> documents;
      for (const std::string& before : befores) {
        for (const std::string& behind : behinds)
          documents.push_back(before + Repeated(run, n_bytes) + behind);
      }
      for (const PatternFamily family : kDeviceFamilies) {
        const size_t n_covered = ExpectSplitAsReference(family, documents);
        // A chunk of slashes that a newline before it trails may be one of symbols, for all that it can say.
        if (run != "/") {
          EXPECT_EQ(n_covered, documents.size());
        }
      }
    }
  }
}

TEST(DeviceSplitTest, EveryPlaceAtAnEdge) {
  const std::vector<std::string> texts = {
      "don't",       "we've\u3000it'ſ", "x \n\n  y", "中A文Bc",
      "it's中A",     "we've中中Bc",     "1234567",   "—a",
      "!\n//—ab",    "!\n/😀a",          "٣٣٣٣٣",     "a\u3000\u3000\u3000b",
      "!\r\n\r\n/x", "aB'sC",           "",          "Z"};
  for (const std::string& text : texts) {
    for (size_t shift = 0; shift < 2 * kWordBytes; ++shift) {
      const std::vector<std::string> documents = {std::string(kChunkBytes - shift, 'a'), text,
                                                  Repeated("ab ", kChunkBytes - 60), text};
      for (const PatternFamily family : kDeviceFamilies)
        EXPECT_EQ(ExpectSplitAsReference(family, documents), documents.size());
    }
  }
}

TEST(DeviceSplitTest, EveryShortText) {
  const std::vector<std::string> units = {"a", "A", "中", "\u0301", "!", "/", "\n", " ", "1", "'s"};
  constexpr int kLength = 5;
  std::vector<std::string> documents = {""};
  for (size_t begin = 0, length = 0; length < kLength; ++length) {
    for (const size_t end = documents.size(); begin < end; ++begin) {
      for (const std::string& unit : units) documents.push_back(documents[begin] + unit);
    }
  }
  for (const PatternFamily family : kDeviceFamilies)
    EXPECT_GT(ExpectSplitAsReference(family, documents), documents.size() * 98 / 100);
}

// Runs in which a mark may be a symbol or a letter, and a slash a symbol or trail a newline.
TEST(DeviceSplitTest, RunsOfMarksAndSlashes) {
  std::mt19937 random(2);
  const std::vector<std::string> units = {"\u0301", "!", "/", "\n", "\u0301", "//", " ", "é", "A", "中", "—"};
  size_t n_documents = 0, n_covered = 0;
  for (int round = 0; round < 500; ++round) {
    std::vector<std::string> documents(3);
    for (std::string& document : documents) {
      for (size_t n = 1 + random() % 12; n > 0; --n)
        document +=
            Repeated(units[random() % units.size()], random() % 3 == 0 ? random() % 2500 : 1 + random() % 3);
    }
    n_covered += ExpectSplitAsReference(PatternFamily::kO200k, documents);
    n_documents += documents.size();
  }
  EXPECT_GT(n_covered, n_documents * 9 / 10);
}

// Where the text goes on, the document ends: what begins there is cut as if nothing were before it, and what ends as if nothing
// followed.
TEST(DeviceSplitTest, DocumentsDoNotSeeEachOther) {
  const std::vector<std::vector<std::string>> cases = {
      {"!\n", "\n\n a"}, {"it'", "s a"}, {"it'l", "l a"},  {"it", "'s"},          {"12", "345"},
      {"a \n ", " \nb"}, {"x  ", "y"},   {"a中", "中A b"}, {"a", "中A b"},        {"中A", "b c"},
      {"!", "\n/x"},     {" ", "a"},     {"!", "a"},       {"\u3000", "\u3000a"}, {"", "", "a", ""},
      {"don'", "", "t"}, {"A", "a"},     {"a.\n", "/b"},   {"7", "8", "9", "0"}};
  for (const std::vector<std::string>& documents : cases) {
    for (const PatternFamily family : kDeviceFamilies)
      EXPECT_EQ(ExpectSplitAsReference(family, documents), documents.size());
  }
}

TEST(DeviceSplitTest, EveryCharacter) {
  for (char32_t first = 0; first < kNumCharacters; first += 0x1000) {
    std::vector<std::string> documents;
    // Behind the first two planes characters of a row are alike.
    for (char32_t c = first; c < first + 0x1000; c += first < 0x20000 ? 1 : 61) {
      if (c >= 0xD800 && c < 0xE000) continue;
      std::string spelled;
      AppendUtf8(c, &spelled);
      documents.push_back("a" + spelled + "b " + spelled + spelled + "\n" + spelled + "1A" + spelled);
    }
    for (const PatternFamily family : kDeviceFamilies) ExpectSplitAsReference(family, documents);
  }
}

TEST(DeviceSplitTest, WhatTheRulesDoNotCoverIsMarked) {
  const auto is_marked = [](const std::string& text) {
    const HostSplit split =
        SplitOnHost(PatternFamily::kO200k, text, std::vector<int64_t>{0, static_cast<int64_t>(text.size())});
    return split.unsure[0] != 0;
  };
  EXPECT_TRUE(is_marked("!!\u0301\n/"));  // a slash behind a newline behind a mark that is a symbol
  EXPECT_TRUE(is_marked("don't've"));     // of two contractions the second is none
  EXPECT_FALSE(is_marked("é\u0301 don't x've a.\n//b ❤\uFE0F!\u0301"));
}

TEST(DeviceSplitTest, InvalidUtf8IsMarked) {
  const std::vector<std::string> cases = {
      "\x80",     "a\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
      "\xE4\xB8", "é\x80", "\xFF"};
  for (const std::string& text : cases) {
    for (size_t shift = 0; shift < 40; ++shift) {
      const std::string shifted = std::string(shift, 'x') + text + " y";
      const HostSplit split = SplitOnHost(PatternFamily::kGpt2, shifted,
                                          std::vector<int64_t>{0, static_cast<int64_t>(shifted.size())});
      EXPECT_NE(split.invalid, std::vector<uint32_t>(split.invalid.size())) << shift;
    }
  }
  const HostSplit split = SplitOnHost(PatternFamily::kGpt2, "é中😀\u07FF\uFFFD", std::vector<int64_t>{0, 14});
  EXPECT_EQ(split.invalid[0], 0u);
}

}  // namespace
}  // namespace tok::cuda
