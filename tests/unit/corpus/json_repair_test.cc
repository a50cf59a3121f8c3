// JSON lines that are not Unicode: what each policy reads, and that nothing else of a text changes.
#include "src/corpus/json_repair.h"

#include <gtest/gtest.h>

#include "src/corpus/json_field.h"

namespace tok {
namespace {

// The field "t" of a line under a policy; "error: ..." if there is none.
std::string Read(std::string_view line, Utf8Policy policy, std::string_view field = "t") {
  JsonFieldExtractor extractor;
  std::string text, fact;
  return extractor.AppendField(line, field, policy, &text, &fact) ? text : "error: " + fact;
}

std::string Bytes(std::string_view line) { return Read(line, Utf8Policy::kBytes); }
std::string Replaced(std::string_view line) { return Read(line, Utf8Policy::kReplace); }

TEST(JsonRepairTest, RawBytesStay) {
  EXPECT_EQ(Bytes("{\"t\":\"a\xFF\xE2\x96z\"}"), "a\xFF\xE2\x96z");
  EXPECT_EQ(Replaced("{\"t\":\"a\xFF\xE2\x96z\"}"), "a\xFF\xE2\x96z") << "the encoder replaces them";
  EXPECT_EQ(Bytes("{\"t\":\"\xED\xA0\xBD\"}"), "\xED\xA0\xBD");
}

TEST(JsonRepairTest, LoneSurrogates) {
  EXPECT_EQ(Bytes(R"({"t":"a\ud83db"})"),
            "a\xED\xA0\xBD"
            "b");
  EXPECT_EQ(Replaced(R"({"t":"a\ud83db"})"),
            "a\uFFFD"
            "b");
  EXPECT_EQ(Bytes(R"({"t":"\uDE00"})"), "\xED\xB8\x80");
  EXPECT_EQ(Replaced(R"({"t":"\ud83d\ud83d\ude00\ude00"})"), "\uFFFD\U0001F600\uFFFD");
  EXPECT_EQ(Replaced(R"({"t":"\ud83d\\ude00"})"), "\uFFFD\\ude00") << "a backslash and letters";
  EXPECT_EQ(Replaced(R"({"t":"\\ud83d"})"), "\\ud83d");
}

TEST(JsonRepairTest, TheMarkItselfIsText) {
  const std::string mark = "\U0010FFFF";
  EXPECT_EQ(Bytes("{\"t\":\"\xFF" + mark + "\\uDBFF\\udfff\u0141\"}"), "\xFF" + mark + mark + "\u0141");
  EXPECT_EQ(Read("{\"" + mark + "\":\"\xFF\"}", Utf8Policy::kBytes, mark), "\xFF");
  EXPECT_EQ(Read("{\"k\xFF\":{\"x\":\"\xFE\"}}", Utf8Policy::kBytes, "k\xFF.x"), "\xFE");
}

TEST(JsonRepairTest, WhatIsBrokenStaysBroken) {
  for (const std::string_view line :
       {"{\"t\":\"a\"\xFF}", "{\"t\":\"\\q\"}", "{\"t\":\"\\ud83\"}", "{\"t\":\"\\ud83d}", "{\"t\":\"\xFF\\",
        "{\"s\":\"\xFF\"}", "{\"t\":1,\"s\":\"\xFF\"}"}) {
    EXPECT_EQ(Bytes(line).substr(0, 6), "error:") << line;
  }
  EXPECT_EQ(Read("{\"t\":\"\xFF\"}", Utf8Policy::kError).substr(0, 6), "error:");
}

}  // namespace
}  // namespace tok
