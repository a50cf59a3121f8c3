#include "src/normalize/normalizer.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tok {
namespace {

using normalizer::Form;

constexpr UnicodeProfileName kProfile = UnicodeProfileName::kHuggingFace;

Normalizer Make(const std::vector<normalizer::Step>& steps) {
  auto made = Normalizer::Create(steps, kProfile);
  EXPECT_TRUE(made.ok()) << made.status();
  return made.ok() ? *made : Normalizer();
}

// One character of the result and the bytes of the source it stands for.
struct Part {
  std::string text;
  uint64_t begin, end;
  friend bool operator==(const Part&, const Part&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Part& part) {
    return out << '"' << part.text << "\" " << part.begin << ".." << part.end;
  }
};

std::vector<Part> PartsOf(const AlignedText& text) {
  std::vector<Part> parts;
  for (size_t i = 0; i < text.bytes.size(); ++i) {
    if ((static_cast<unsigned char>(text.bytes[i]) & 0xC0) == 0x80 && !parts.empty()) {
      parts.back().text.push_back(text.bytes[i]);
      EXPECT_EQ(text.origin[i], text.origin[i - 1]);
    } else {
      parts.push_back({text.bytes.substr(i, 1), text.origin[i].begin, text.origin[i].end});
    }
  }
  return parts;
}

struct Case {
  std::vector<normalizer::Step> steps;
  std::string text;
  std::vector<Part> parts;
};

// Expected values are those of tokenizers 0.23.3.
const Case kCases[] = {
    {{normalizer::UnicodeForm{Form::kNfd}}, "\u00E9a", {{"e", 0, 2}, {"\u0301", 0, 2}, {"a", 2, 3}}},
    {{normalizer::UnicodeForm{Form::kNfd}},
     "e\u0301\u0323",
     {{"e", 0, 1}, {"\u0323", 1, 3}, {"\u0301", 3, 5}}},
    {{normalizer::UnicodeForm{Form::kNfc}}, "e\u0301a", {{"\u00E9", 0, 1}, {"a", 3, 4}}},
    {{normalizer::UnicodeForm{Form::kNfc}},
     "e\u0323\u0301a",
     {{"\u1EB9", 0, 1}, {"\u0301", 3, 5}, {"a", 5, 6}}},
    {{normalizer::UnicodeForm{Form::kNfkc}}, "\uFB01x", {{"f", 0, 3}, {"i", 0, 3}, {"x", 3, 4}}},
    {{normalizer::Lowercase{}}, "\u0130X", {{"i", 0, 2}, {"\u0307", 0, 2}, {"x", 2, 3}}},
    {{normalizer::StripAccents{}}, "e\u0304\u0304o", {{"e", 0, 1}, {"o", 5, 6}}},
    {{normalizer::Strip{}}, "\u3000 \u00E9 ", {{"\u00E9", 4, 6}}},
    {{normalizer::Strip{true, false}}, " a ", {{"a", 1, 2}, {" ", 2, 3}}},
    {{normalizer::Strip{false, true}}, " a ", {{" ", 0, 1}, {"a", 1, 2}}},
    {{normalizer::Strip{}, normalizer::Lowercase{}}, " \t ", {}},
    {{normalizer::Nmt{}}, "a\x01\tb\u200B", {{"a", 0, 1}, {" ", 2, 3}, {"b", 3, 4}, {" ", 4, 7}}},
    {{normalizer::Bert{}},
     "a\u4E2DB",
     {{"a", 0, 1}, {" ", 1, 4}, {"\u4E2D", 1, 4}, {" ", 1, 4}, {"b", 4, 5}}},
    {{normalizer::Bert{}}, "\u00C9\u200B\t\x0B", {{"e", 0, 2}, {" ", 5, 6}}},
    {{normalizer::Bert{true, true, false, true}}, "\u00C9", {{"\u00E9", 0, 2}}},
    {{normalizer::Bert{true, true, std::nullopt, false}}, "\u00C9", {{"\u00C9", 0, 2}}},
    {{normalizer::Bert{false, false, true, false}}, "\u00C9\x01", {{"E", 0, 2}, {"\x01", 2, 3}}},
    {{normalizer::Prepend{"xy"}}, "\u00E9a", {{"x", 0, 2}, {"y", 0, 2}, {"\u00E9", 0, 2}, {"a", 2, 3}}},
    {{normalizer::Prepend{"x"}}, "", {}},
    {{normalizer::Prepend{""}}, "ab", {{"a", 0, 0}, {"b", 1, 2}}},
    {{normalizer::Replace{{false, "ab"}, "xyz"}},
     "cabd",
     {{"c", 0, 1}, {"x", 2, 3}, {"y", 2, 3}, {"z", 2, 3}, {"d", 3, 4}}},
    {{normalizer::Replace{{true, "[ab]+"}, ""}}, "cabd", {{"c", 0, 1}, {"d", 3, 4}}},
    {{normalizer::Replace{{true, "(a)(b)"}, "$1"}}, "ab", {{"$", 1, 2}, {"1", 1, 2}}},
    {{normalizer::Replace{{true, "^"}, "z"}}, "a", {{"z", 0, 0}, {"a", 0, 1}}},
    {{normalizer::Prepend{"\u2581"}, normalizer::Replace{{false, " "}, "\u2581"}},
     "a b",
     {{"\u2581", 0, 1}, {"a", 0, 1}, {"\u2581", 1, 2}, {"b", 2, 3}}},
    {{normalizer::ByteLevel{}}, " \u00E9", {{"\u0120", 0, 1}, {"\u00C3", 1, 3}, {"\u00A9", 1, 3}}},
};

TEST(NormalizerTest, TextAndOrigins) {
  for (const Case& item : kCases) {
    const Normalizer normalizer = Make(item.steps);
    AlignedText text = AlignedText::From(item.text, 0, true);
    ASSERT_TRUE(normalizer.Apply(&text).ok());
    EXPECT_EQ(PartsOf(text), item.parts) << item.text;
    AlignedText untracked = AlignedText::From(item.text, 0, false);
    ASSERT_TRUE(normalizer.Apply(&untracked).ok());
    EXPECT_EQ(untracked.bytes, text.bytes);
    EXPECT_TRUE(untracked.origin.empty());
    if (!text.bytes.empty()) {
      EXPECT_EQ(untracked.front == 0, text.front == 0) << item.text;
    }
    if (text.bytes != item.text) {
      EXPECT_FALSE(normalizer.Unchanged(item.text)) << item.text;
    }
  }
}

TEST(NormalizerTest, OriginsCountFromTheDocument) {
  AlignedText text = AlignedText::From(" \u00C9", 100, true);
  ASSERT_TRUE(Make({normalizer::Strip{}, normalizer::Lowercase{}}).Apply(&text).ok());
  EXPECT_EQ(PartsOf(text), (std::vector<Part>{{"\u00E9", 101, 103}}));
  EXPECT_EQ(text.front, 101u);
}

TEST(NormalizerTest, UnchangedTextIsSeenAsSuch) {
  const std::string text = "na\u00EFve \u4E2D\u6587";
  for (const normalizer::Step& step : std::vector<normalizer::Step>{
           normalizer::UnicodeForm{Form::kNfc}, normalizer::UnicodeForm{Form::kNfkc}, normalizer::Nmt{},
           normalizer::Lowercase{}, normalizer::StripAccents{}, normalizer::Strip{},
           normalizer::Replace{{false, "\u2581"}, " "}, normalizer::Bert{true, false, std::nullopt, false}}) {
    EXPECT_TRUE(Make({step}).Unchanged(text)) << step.index();
  }
  EXPECT_TRUE(Make({}).Unchanged(text));
  EXPECT_TRUE(Make({}).IsIdentity());
  EXPECT_TRUE(Make({normalizer::Bert{false, false, false, false}}).IsIdentity());
}

TEST(NormalizerTest, InvalidBytesPassAndSeparate) {
  const std::string text = "E\xFF\u0301\xC3(\xE4\xB8";
  for (const normalizer::Step& step : std::vector<normalizer::Step>{
           normalizer::UnicodeForm{Form::kNfc}, normalizer::UnicodeForm{Form::kNfkd}, normalizer::Nmt{},
           normalizer::Strip{}, normalizer::Bert{true, true, false, false},
           normalizer::Replace{{false, "E\u0301"}, "x"}, normalizer::Replace{{true, "E."}, "E\xFF"}}) {
    AlignedText aligned = AlignedText::From(text, 0, true);
    ASSERT_TRUE(Make({step}).Apply(&aligned).ok()) << step.index();
    EXPECT_EQ(aligned.bytes, text) << step.index();
  }
  AlignedText lower = AlignedText::From(text, 0, true);
  ASSERT_TRUE(Make({normalizer::Lowercase{}}).Apply(&lower).ok());
  EXPECT_EQ(lower.bytes, "e" + text.substr(1));
}

TEST(NormalizerTest, BadPatternsAndRunawayReplacementsAreErrors) {
  EXPECT_FALSE(
      Normalizer::Create(std::vector<normalizer::Step>{normalizer::Replace{{true, "("}, ""}}, kProfile).ok());
  AlignedText text = AlignedText::From(std::string(1 << 12, 'a'), 0, false);
  const absl::Status status =
      Make({normalizer::Replace{{false, "a"}, std::string(1 << 20, 'b')}}).Apply(&text);
  EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kLimit) << status;
  // Steps that are harmless one by one.
  AlignedText small = AlignedText::From("a", 0, false);
  const std::vector<normalizer::Step> chain(8, normalizer::Replace{{false, "a"}, std::string(64, 'a')});
  EXPECT_EQ(ErrorCodeOf(Make(chain).Apply(&small)), ErrorCode::kLimit);
}

}  // namespace
}  // namespace tok
