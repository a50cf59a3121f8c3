#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "src/base/random_stream.h"
#include "src/measure/compare/changed_text.h"
#include "src/measure/compare/text_units.h"
#include "src/unicode/icu_bridge.h"
#include "tok/char_bench.h"
#include "tok/measure_compare.h"

namespace tok {
namespace {

Tokenizer Bundled(const char* name) { return *Tokenizer::Load(name); }

const std::vector<std::string_view> kTexts = {
    "The 1234567 fox_jumps over getHTTPResponse(x9) 12345 times, 4711!", "",
    "Straßenbahnhaltestelle 東京都に行く 123456 ÄRGER", "can't stop\n\n  2024-06-30 1000 _private __init__"};

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<Span> words;
  EXPECT_TRUE(AppendWords(text, &words).ok());
  std::vector<std::string> spelled;
  for (const Span& word : words) spelled.emplace_back(text.substr(word.begin, word.size()));
  return spelled;
}

TEST(WordsTest, AreThoseOfUax29) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(WordsOf("Hello, world! can't 3.14 foo_bar - x"),
            (Words{"Hello", "world", "can't", "3.14", "foo_bar", "x"}));
  EXPECT_EQ(WordsOf("naïve e\u0301tude \xFF ab\xFF\xFE"), (Words{"naïve", "e\u0301tude", "ab"}));
  EXPECT_EQ(WordsOf(""), Words());
  EXPECT_EQ(WordsOf(" .,;\n"), Words());
}

// Text beyond one stretch is the same words, if lines end.
TEST(WordsTest, LongTextsAreBrokenInStretches) {
  std::string text;
  for (int i = 0; i < 200000; ++i) text += i % 10 == 9 ? "tree's 東京\n" : "Ünder ";
  std::vector<Span> all, by_line;
  ASSERT_TRUE(AppendWords(text, &all).ok());
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin) + 1;
    std::vector<Span> words;
    ASSERT_TRUE(AppendWords(std::string_view(text).substr(begin, end - begin), &words).ok());
    for (const Span& word : words) by_line.push_back({begin + word.begin, begin + word.end});
    begin = end;
  }
  EXPECT_EQ(all, by_line);
  const std::string no_lines = std::string((size_t{3} << 20) + 5, 'x');
  std::vector<Span> parts;
  ASSERT_TRUE(AppendWords(no_lines, &parts).ok());
  EXPECT_EQ(parts.size(), 4u);
}

TEST(UnitsTest, IdentifiersAndDigits) {
  const auto spelled = [](std::string_view text, const std::vector<Span>& spans) {
    std::vector<std::string> parts;
    for (const Span& span : spans) parts.emplace_back(text.substr(span.begin, span.size()));
    return parts;
  };
  const std::string_view code = "_a1 = straße9+9lives; 東京(x)\xFFy";
  EXPECT_EQ(spelled(code, FindIdentifiers(code)),
            (std::vector<std::string>{"_a1", "straße9", "lives", "東京", "x", "y"}));
  const std::string_view digits = "123 1234 99999a0000";
  EXPECT_EQ(spelled(digits, FindDigitRuns(digits)), (std::vector<std::string>{"1234", "99999", "0000"}));
}

// The sums of one tokenizer over kTexts, token by token.
struct Sums {
  uint64_t n_word_tokens = 0, n_continued = 0, n_whole = 0, n_clean = 0, n_identifier_tokens = 0;
  DigitGrouping digits;
};

std::vector<uint64_t> GroupSizes(const std::set<uint64_t>& ends, const Span& run) {
  std::vector<uint64_t> sizes;
  uint64_t begin = run.begin;
  for (uint64_t place = run.begin + 1; place <= run.end; ++place) {
    if (place != run.end && !ends.contains(place)) continue;
    sizes.push_back(place - begin);
    begin = place;
  }
  return sizes;
}

Sums SumsOf(std::string_view text, const std::vector<Span>& spans) {
  Sums sums;
  const TextUnits units = *FindUnits(text);
  const auto covers = [](const Span& token, const Span& unit) {
    return token.begin < unit.end && unit.begin < token.end;
  };
  std::set<uint64_t> ends;
  for (const Span& span : spans) ends.insert(span.end);
  for (const Span& token : spans) {
    const auto is_covered = [&](const Span& unit) { return covers(token, unit); };
    sums.n_word_tokens += std::any_of(units.words.begin(), units.words.end(), is_covered);
    sums.n_identifier_tokens += std::any_of(units.identifiers.begin(), units.identifiers.end(), is_covered);
  }
  for (const Span& word : units.words) sums.n_continued += GroupSizes(ends, word).size() > 1;
  for (const Span& identifier : units.identifiers) {
    uint64_t n_tokens = 0;
    bool is_clean = true;
    for (const Span& token : spans) {
      if (!covers(token, identifier)) continue;
      ++n_tokens;
      for (uint64_t i = token.begin; i < token.end; ++i) {
        const bool is_inside = i >= identifier.begin && i < identifier.end;
        is_clean = is_clean && (is_inside || text[i] == ' ' || text[i] == '\n');
      }
    }
    sums.n_whole += n_tokens == 1;
    sums.n_clean += is_clean;
  }
  for (const Span& run : units.digit_runs) {
    const std::vector<uint64_t> sizes = GroupSizes(ends, run);
    std::vector<uint64_t> right, left(run.size() / 3, 3);
    if (run.size() % 3 != 0) left.push_back(run.size() % 3);
    right.assign(left.rbegin(), left.rend());
    const bool single = sizes == std::vector<uint64_t>(run.size(), 1);
    bool aligned = true;
    for (uint64_t place = run.end; place > run.begin + 3; place -= 3)
      aligned = aligned && ends.contains(place - 3);
    ++sums.digits.n_runs;
    sums.digits.n_from_right += sizes == right;
    sums.digits.n_from_left += sizes == left;
    sums.digits.n_single += single;
    sums.digits.n_other += sizes != right && sizes != left && !single;
    sums.digits.n_aligned += aligned;
  }
  return sums;
}

TEST(CompareTest, EqualsItsDefinition) {
  const std::vector<const char*> names = {"gpt2", "cl100k_base", "o200k_base"};
  std::vector<ComparedTokenizer> tokenizers;
  for (const char* name : names) tokenizers.push_back({Bundled(name), {}});
  TokenizerComparison comparison = *TokenizerComparison::Create(tokenizers, {});
  ASSERT_TRUE(comparison.Add(std::span(kTexts).first(1)).ok());
  ASSERT_TRUE(comparison.Add(std::span(kTexts).subspan(1)).ok());
  const ComparisonReport& report = comparison.Report();
  EXPECT_EQ(report.n_documents, kTexts.size());
  for (size_t t = 0; t < names.size(); ++t) {
    const TokenizerMeasures& measures = report.tokenizers[t];
    Sums sums;
    uint64_t n_tokens = 0, n_partial = 0;
    std::vector<uint64_t> counts(measures.counts.size(), 0);
    for (const std::string_view text : kTexts) {
      const Encoding encoding = *tokenizers[t].tokenizer.EncodeWithSpans(text);
      const Sums one = SumsOf(text, encoding.spans);
      n_tokens += encoding.ids.size();
      for (const TokenId id : encoding.ids) {
        ++counts[id];
        const std::string_view bytes = tokenizers[t].tokenizer.TokenBytes(id);
        n_partial += bytes.size() == 1 && static_cast<unsigned char>(bytes[0]) >= 0x80;
      }
      sums.n_word_tokens += one.n_word_tokens;
      sums.n_continued += one.n_continued;
      sums.n_whole += one.n_whole;
      sums.n_clean += one.n_clean;
      sums.n_identifier_tokens += one.n_identifier_tokens;
      for (const auto part :
           {&DigitGrouping::n_runs, &DigitGrouping::n_from_right, &DigitGrouping::n_from_left,
            &DigitGrouping::n_single, &DigitGrouping::n_other, &DigitGrouping::n_aligned})
        sums.digits.*part += one.digits.*part;
    }
    EXPECT_EQ(measures.n_tokens, n_tokens);
    EXPECT_EQ(measures.n_partial, n_partial);
    EXPECT_EQ(measures.counts, counts);
    EXPECT_EQ(measures.n_word_tokens, sums.n_word_tokens);
    EXPECT_EQ(measures.n_continued_words, sums.n_continued);
    EXPECT_EQ(measures.identifiers.n_whole, sums.n_whole);
    EXPECT_EQ(measures.identifiers.n_clean, sums.n_clean);
    EXPECT_EQ(measures.identifiers.n_tokens, sums.n_identifier_tokens);
    for (const auto part : {&DigitGrouping::n_runs, &DigitGrouping::n_from_right, &DigitGrouping::n_from_left,
                            &DigitGrouping::n_single, &DigitGrouping::n_other, &DigitGrouping::n_aligned})
      EXPECT_EQ(measures.digits.*part, sums.digits.*part);
    double sum = 0, shannon = 0;
    for (const uint64_t count : counts) {
      const double p = static_cast<double>(count) / static_cast<double>(n_tokens);
      sum += std::pow(p, 2.5);
      if (count > 0) shannon -= p * std::log2(p);
    }
    const auto n_vocabulary = static_cast<double>(tokenizers[t].tokenizer.vocabulary().n_tokens());
    EXPECT_NEAR(measures.RenyiEfficiency(2.5), std::log(sum) / -1.5 / std::log(n_vocabulary), 1e-12);
    EXPECT_NEAR(measures.RenyiEfficiency(1), shannon / std::log2(n_vocabulary), 1e-12);
  }
}

// ASCII keeps its places in another case.
TEST(CompareTest, RobustnessEqualsItsDefinition) {
  const Tokenizer gpt2 = Bundled("gpt2");
  const std::string_view text = kTexts[0];
  CompareOptions options;
  options.typo_share = 0;
  TokenizerComparison comparison = *TokenizerComparison::Create({{gpt2, {}}}, options);
  ASSERT_TRUE(comparison.Add({&text, 1}).ok());
  const TokenizerMeasures& measures = comparison.Report().tokenizers[0];
  const auto ends_of = [&](const std::string& changed) {
    const Encoding encoding = *gpt2.EncodeWithSpans(changed);
    std::set<uint64_t> ends;
    for (const Span& span : encoding.spans) ends.insert(span.end);
    ends.erase(changed.size());
    return std::pair(ends, encoding.ids.size());
  };
  std::string upper(text), lower(text);
  for (char& letter : upper) letter = static_cast<char>(std::toupper(letter));
  for (char& letter : lower) letter = static_cast<char>(std::tolower(letter));
  const std::set<uint64_t> wanted = ends_of(std::string(text)).first;
  const auto expect = [&](const Robustness& robustness, const std::string& changed) {
    const auto [found, n_tokens] = ends_of(changed);
    std::vector<uint64_t> shared;
    std::set_intersection(found.begin(), found.end(), wanted.begin(), wanted.end(),
                          std::back_inserter(shared));
    EXPECT_EQ(robustness.n_tokens, n_tokens);
    EXPECT_EQ(robustness.boundaries.n_found, found.size());
    EXPECT_EQ(robustness.boundaries.n_wanted, wanted.size());
    EXPECT_EQ(robustness.boundaries.n_shared, shared.size());
  };
  expect(measures.upper, upper);
  expect(measures.lower, lower);
  expect(measures.typos, std::string(text));
  EXPECT_EQ(comparison.Report().n_typos, 0u);
}

TEST(CompareTest, RenyiOfEqualFrequenciesIsOne) {
  TokenizerMeasures measures;
  measures.n_vocabulary = 16;
  measures.counts.assign(16, 3);
  measures.n_tokens = 48;
  for (const double alpha : {0.5, 1.0, 2.5}) EXPECT_NEAR(measures.RenyiEfficiency(alpha), 1, 1e-12);
}

TEST(CompareTest, ThreadsAndBatchesDoNotMatter) {
  const auto json = [&](unsigned n_threads, bool one_by_one) {
    CompareOptions options;
    options.n_threads = n_threads;
    options.typo_share = 0.9;
    options.seed = 4;
    std::vector<std::string_view> texts;
    for (int i = 0; i < 50; ++i) texts.insert(texts.end(), kTexts.begin(), kTexts.end());
    TokenizerComparison comparison = *TokenizerComparison::Create({{Bundled("gpt2"), {}}}, options);
    for (size_t d = 0; one_by_one && d < texts.size(); ++d)
      EXPECT_TRUE(comparison.Add(std::span(texts).subspan(d, 1)).ok());
    if (!one_by_one) {
      EXPECT_TRUE(comparison.Add(texts).ok());
    }
    return ComparisonJson(comparison.Report());
  };
  const std::string expected = json(1, true);
  EXPECT_EQ(json(1, false), expected);
  EXPECT_EQ(json(4, false), expected);
}

// Every place but those inside a stretch of another length is where the lengths before it put it.
TEST(ChangedTextTest, PlacesAreCarried) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    for (const std::string_view text : kTexts) {
      std::vector<Span> words;
      ASSERT_TRUE(AppendWords(text, &words).ok());
      for (const ChangedText& changed :
           {WithTypos(text, words, 0.7, seed), InUpperCase(text), InLowerCase(text)}) {
        std::vector<uint64_t> places, expected;
        for (uint64_t place = 1; place < text.size(); ++place) {
          places.push_back(place);
          uint64_t now = place;
          bool is_gone = false;
          for (const ChangedText::LengthChange& change : changed.length_changes) {
            is_gone = is_gone || (change.old.begin < place && place < change.old.end);
            if (change.old.end <= place) now += change.n_new - change.old.size();
          }
          if (!is_gone && now > 0 && now < changed.text.size()) expected.push_back(now);
        }
        expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
        ASSERT_EQ(changed.Carry(places), expected);
      }
    }
  }
}

TEST(ChangedTextTest, TyposAreOneLetterAWord) {
  const std::string_view text = "abcd efgh";
  std::set<std::string> seen;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    const ChangedText changed = WithTypos(text, {{{0, 4}}}, 1, seed);
    EXPECT_EQ(changed.n_changes, 1u);
    EXPECT_TRUE(changed.text.ends_with(" efgh"));
    seen.insert(changed.text.substr(0, changed.text.size() - 5));
  }
  EXPECT_EQ(seen, (std::set<std::string>{"aabcd", "abbcd", "abccd", "abcdd", "bcd", "acd", "abd", "abc",
                                         "bacd", "acbd", "abdc"}));
  EXPECT_EQ(WithTypos(text, {{{0, 4}}}, 0, 1).text, text);
}

TEST(CompareTest, Morphemes) {
  const Tokenizer gpt2 = Bundled("gpt2");
  TokenizerComparison comparison = *TokenizerComparison::Create({{gpt2, {}}}, {});
  ASSERT_TRUE(comparison.AddMorphemes("tokenizations\ttoken+iz+ation+s\r\n\nwalk\twalk\n", "m.tsv").ok());
  const BoundaryCounts& counts = comparison.Report().tokenizers[0].morphemes;
  std::set<uint64_t> found;
  const Encoding encoding = *gpt2.EncodeWithSpans(" tokenizations");
  for (const Span& span : encoding.spans) found.insert(span.end - 1);
  found.erase(13);
  EXPECT_EQ(counts.n_found, found.size());
  EXPECT_EQ(counts.n_wanted, 3u);
  EXPECT_EQ(counts.n_shared, found.contains(5) + found.contains(7) + found.contains(12));
  for (const char* bad : {"walk", "walks\twalk", "walk\twalk s", "\twalk", "a\tb", ""}) {
    const absl::Status status = comparison.AddMorphemes(std::string("a\ta\n") + bad, "m.tsv");
    if (*bad == 0) continue;
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kBadInput) << bad;
    EXPECT_NE(status.message().find("m.tsv:2"), std::string::npos) << status.message();
  }
  EXPECT_EQ(ErrorCodeOf(comparison.AddMorphemes("\n", "m.tsv")), ErrorCode::kBadInput);
}

TEST(CompareTest, GroupsAreOfIdentifiers) {
  //                                      0123456789
  const std::string_view text = "foo bar+=x";
  EXPECT_EQ(GroupTokens(text, {{{0, 2}, {2, 3}, {3, 5}, {5, 7}, {7, 9}, {9, 10}}}),
            (std::vector<uint32_t>{0, 0, 1, 1, 2, 3}));
  EXPECT_EQ(GroupTokens(text, {{{0, 2}, {2, 5}, {5, 8}, {8, 9}, {9, 10}}}),  // two tokens straddle
            (std::vector<uint32_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(GroupTokens(text, {{{0, 0}, {0, 3}, {3, 4}, {4, 7}, {0, 0}}}),
            (std::vector<uint32_t>{0, 1, 2, 3, 4}));
}

TEST(CompareTest, BadOptionsAreRefused) {
  EXPECT_EQ(ErrorCodeOf(TokenizerComparison::Create({}, {}).status()), ErrorCode::kUsage);
  for (const double share : {-0.1, 1.5, std::nan("")}) {
    CompareOptions options;
    options.typo_share = share;
    EXPECT_EQ(ErrorCodeOf(TokenizerComparison::Create({{Bundled("gpt2"), {}}}, options).status()),
              ErrorCode::kUsage);
  }
}

TEST(CharBenchTest, AnswersAreRightAndWordsDisjoint) {
  const std::vector<std::string_view> texts = {
      "Banana letter moss abcd x1y2 caféword under_score 12ab toolongword1 abc Elephants elephants;",
      "Mississippi banana Banana tree kiwi plum pear"};
  CharBench bench, reversed;
  ASSERT_TRUE(bench.Add(texts).ok());
  ASSERT_TRUE(reversed.Add(std::span(texts).subspan(1)).ok());
  ASSERT_TRUE(reversed.Add(std::span(texts).first(1)).ok());
  const std::vector<std::pair<std::string, Tokenizer>> tokenizers = {{"gpt2", Bundled("gpt2")}};
  const std::string lines = *bench.Lines(tokenizers, {.seed = 3});
  EXPECT_EQ(lines, *reversed.Lines(tokenizers, {.seed = 3}));
  EXPECT_NE(lines, *bench.Lines(tokenizers, {.seed = 4}));
  // moss abcd tree kiwi plum pear: four of them; of the other lengths there are less than four.
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 4);
  EXPECT_EQ(lines.find("Banana"), std::string::npos);
  EXPECT_NE(lines.find("\"tokens\":[{\"tokenizer\":\"gpt2\",\"lengths\":["), std::string::npos);
}

}  // namespace
}  // namespace tok
