// The automaton and the candidate filter against the definition (longest string at each position), on
// exhaustive small alphabets, random sets and hostile families; work is counted in trie steps.
#include "src/vocab/token_automaton.h"

#include <gtest/gtest.h>

#include <numeric>
#include <random>
#include <string>
#include <vector>

namespace tok {
namespace {

using Match = TokenAutomaton::Match;

struct Found {
  size_t begin, end;
  std::string text;
  friend bool operator==(const Found&, const Found&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Found& f) {
    return out << "[" << f.begin << "," << f.end << ")=" << f.text;
  }
};

std::vector<std::string_view> Views(const std::vector<std::string>& strings) {
  return std::vector<std::string_view>(strings.begin(), strings.end());
}

std::shared_ptr<const TokenAutomaton> Make(const std::vector<std::string>& strings) {
  const std::vector<std::string_view> views = Views(strings);
  std::vector<uint32_t> order(strings.size());
  std::iota(order.begin(), order.end(), 0u);
  auto automaton = TokenAutomaton::Create(views, order);
  EXPECT_TRUE(automaton.ok()) << automaton.status();
  return *automaton;
}

std::vector<Found> Search(const TokenAutomaton& automaton, const std::vector<std::string>& strings,
                          std::string_view text, uint64_t* n_steps = nullptr) {
  std::vector<Found> result;
  TokenAutomaton::Scan scan(&automaton, text, 0);
  for (Match match; scan.Next(&match);) result.push_back({match.begin, match.end, strings[match.index]});
  if (n_steps != nullptr) *n_steps = scan.n_steps();
  return result;
}

std::vector<Found> SearchNaively(const std::vector<std::string>& strings, std::string_view text) {
  std::vector<Found> result;
  for (size_t i = 0; i < text.size();) {
    const std::string* best = nullptr;
    for (const std::string& string : strings) {
      if (!string.empty() && text.substr(i, string.size()) == string &&
          (best == nullptr || string.size() > best->size())) {
        best = &string;
      }
    }
    if (best == nullptr) {
      ++i;
      continue;
    }
    result.push_back({i, i + best->size(), *best});
    i += best->size();
  }
  return result;
}

TEST(TokenAutomatonTest, ReportsLeftmostLongest) {
  const struct {
    std::vector<std::string> strings;
    std::string text;
    std::vector<Found> expected;
  } kCases[] = {
      {{"<|a|>", "<|a|>b"}, "x<|a|>b<|a|>c", {{1, 7, "<|a|>b"}, {7, 12, "<|a|>"}}},
      {{"a", "aaab"}, "aaaab", {{0, 1, "a"}, {1, 5, "aaab"}}},
      {{"ab", "abcd", "cx"}, "abcx", {{0, 2, "ab"}, {2, 4, "cx"}}},
      {{"bc", "abd"}, "abc", {{1, 3, "bc"}}},
      {{"abcd", "bc"}, "abcx", {{1, 3, "bc"}}},
      {{"aa", ""}, "aaaaa", {{0, 2, "aa"}, {2, 4, "aa"}}},
      {{std::string("\0", 1)}, std::string("a\0b", 3), {{1, 2, std::string("\0", 1)}}},
      {{"x"}, "", {}},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Search(*Make(c.strings), c.strings, c.text), c.expected) << c.text;
  }
}

TEST(TokenAutomatonTest, LastOfEqualStringsInOrderWins) {
  const std::vector<std::string_view> strings = {"ab", "cd", "ab", "ab"};
  const std::vector<uint32_t> order = {3, 0, 1, 2};
  auto automaton = TokenAutomaton::Create(strings, order);
  ASSERT_TRUE(automaton.ok());
  TokenAutomaton::Scan scan(automaton->get(), "ab", 0);
  Match match;
  ASSERT_TRUE(scan.Next(&match));
  EXPECT_EQ(match.index, 2u);
}

// Every text up to eight letters over {a, b, c}, for random sets over the same letters.
TEST(TokenAutomatonTest, EqualsDefinitionOnAllShortTexts) {
  std::mt19937 random(7);
  std::vector<std::string> texts = {""};
  for (size_t i = 0; i < texts.size(); ++i) {
    if (texts[i].size() == 7) break;
    for (char c : {'a', 'b', 'c'}) texts.push_back(texts[i] + c);
  }
  for (int round = 0; round < 150; ++round) {
    std::vector<std::string> strings(1 + random() % 6);
    for (std::string& string : strings) {
      string.resize(1 + random() % 6);
      for (char& c : string) c = static_cast<char>('a' + random() % (1 + round % 3));
    }
    const auto automaton = Make(strings);
    for (const std::string& text : texts) {
      ASSERT_EQ(Search(*automaton, strings, text), SearchNaively(strings, text)) << text;
    }
  }
}

TEST(TokenAutomatonTest, EqualsDefinitionOnRandomBytes) {
  std::mt19937 random(11);
  for (int round = 0; round < 300; ++round) {
    const unsigned alphabet = 2 + random() % (round % 2 == 0 ? 4 : 254);
    const auto letter = [&] { return static_cast<char>(random() % alphabet * (256 / alphabet)); };
    std::vector<std::string> strings(1 + random() % 200);
    for (std::string& string : strings) {
      string.resize(1 + random() % (1 + random() % 20));
      for (char& c : string) c = letter();
    }
    std::string text(random() % 600, ' ');
    for (char& c : text) c = letter();
    for (int i = 0; i < 10 && !text.empty(); ++i)
      text.insert(random() % text.size(), strings[random() % strings.size()]);
    const auto automaton = Make(strings);
    ASSERT_EQ(Search(*automaton, strings, text), SearchNaively(strings, text));
  }
}

// Both engines of the filter keep every position at which a string begins.
TEST(CandidateFilterTest, NeverMissesABeginning) {
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> strings(1 + random() % 40);
    for (std::string& string : strings) {
      string.resize(1 + random() % 6);
      for (char& c : string) c = static_cast<char>(random());
    }
    std::string text(random() % 200, ' ');
    for (char& c : text) c = static_cast<char>(random());
    for (int i = 0; i < 5 && !text.empty(); ++i)
      text.insert(random() % text.size(), strings[random() % strings.size()]);
    text += strings[0];
    const std::vector<std::string_view> views = Views(strings);
    for (bool use_simd : {false, true}) {
      const CandidateFilter filter(views, use_simd);
      for (size_t from = 0; from <= text.size(); ++from) {
        const size_t candidate = filter.Find(text, from);
        ASSERT_LE(candidate, text.size());
        ASSERT_GE(candidate, from);
        for (size_t i = from; i < candidate; ++i) {
          for (const std::string& string : strings) ASSERT_NE(text.compare(i, string.size(), string), 0);
        }
      }
    }
  }
}

// Families on which a search that reads bytes again is quadratic: the work must grow with the text alone.
TEST(TokenAutomatonTest, WorkIsLinearOnHostileText) {
  std::vector<std::string> powers;
  for (size_t k = 1; k <= 300; ++k) powers.push_back(std::string(k, 'a'));
  const struct {
    std::vector<std::string> strings;
    std::string unit;
  } kFamilies[] = {
      {{"a", std::string(5000, 'a') + "b"}, "a"},
      {{"ab", "ba", std::string(4000, 'a') + "c", "aab"}, "aab"},
      {powers, "a"},
      {{"<|", "<|<|<|<|<|<|<|<|x", "|<|<|y", "<|endoftext|>"}, "<|"},
      {{"abcab", "bcabc" + std::string(2000, 'd'), "cab", "abcabcabcabcabcabcabcx"}, "abc"},
  };
  for (const auto& family : kFamilies) {
    const auto automaton = Make(family.strings);
    for (size_t n : {10000u, 20000u, 40000u}) {
      std::string text;
      while (text.size() < n) text += family.unit;
      uint64_t n_steps = 0;
      Search(*automaton, family.strings, text, &n_steps);
      EXPECT_LE(n_steps, 4 * text.size()) << family.strings[0] << " " << n;
    }
  }
}

TEST(TokenAutomatonTest, HundredThousandTokensAreBuiltAndFound) {
  std::vector<std::string> strings;
  for (int i = 0; i < 100000; ++i) strings.push_back("<extra_id_" + std::to_string(i) + ">");
  const auto automaton = Make(strings);
  EXPECT_LT(automaton->n_nodes(), 300000u);
  const std::string text = "a<extra_id_12345>b<extra_id_123456><extra_id_7>";
  EXPECT_EQ(Search(*automaton, strings, text),
            (std::vector<Found>{{1, 17, "<extra_id_12345>"}, {35, 47, "<extra_id_7>"}}));
}

}  // namespace
}  // namespace tok
