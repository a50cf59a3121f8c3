#include "src/format/json_reading.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tok {
namespace {

using ::testing::HasSubstr;

std::unique_ptr<JsonDocument> Parse(std::string_view text) {
  absl::StatusOr<std::unique_ptr<JsonDocument>> document = JsonDocument::Parse(text, "f.json");
  EXPECT_TRUE(document.ok()) << document.status();
  return *std::move(document);
}

TEST(JsonReadingTest, ErrorsNameFileLineAndPath) {
  const std::string text = "{\n \"a b\": [1,\n  {\"c\": [\"}\\\"]\", 2]},\n  true]\n}";
  const auto document = Parse(text);
  const JsonNode root = document->root();
  const JsonObject object = JsonObject::Open(root, {"a b"}).value();
  const JsonNode list = object.Required("a b").value();
  EXPECT_EQ(list.Path(), "$[\"a b\"]");
  const simdjson::dom::array items = list.Array().value();
  const JsonNode second = list.Child({}, 1, items.at(1).value_unsafe());
  const JsonObject inner = JsonObject::Open(second, {"c"}).value();
  const JsonNode c = inner.Required("c").value();
  EXPECT_THAT(std::string(c.Error(ErrorCode::kBadFormat, "is odd").message()),
              HasSubstr("TOK-E020 f.json:3 $[\"a b\"][1].c: is odd"));
  const JsonNode last = list.Child({}, 2, items.at(2).value_unsafe());
  EXPECT_THAT(std::string(last.String().status().message()),
              HasSubstr("TOK-E020 f.json:4 $[\"a b\"][2]: is a boolean where a string belongs"));
}

TEST(JsonReadingTest, IntegersBeyond64BitsAreFractions) {
  const std::string text =
      "{\"model_max_length\": 1000000000000000019884624838656, \"n\": "
      "[18446744073709551615,-99999999999999999999],"
      "\"a 9999999999999999999999 \\\" 9\": 1e3, \"f\": 0.99999999999999999999999, \"end\": "
      "99999999999999999999}";
  const auto document = Parse(text);
  const simdjson::dom::element root = document->root().value();
  EXPECT_EQ(double(root["model_max_length"]), 1e30);
  EXPECT_EQ(double(root["n"].at(1)), -1e20);
  EXPECT_EQ(double(root["a 9999999999999999999999 \" 9"]), 1e3);
  EXPECT_EQ(double(root["f"]), 1.0);
  EXPECT_EQ(double(root["end"]), 1e20);
  EXPECT_FALSE(JsonDocument::Parse("{\"a\": 99999999999999999999x}", "f.json").ok());
}

TEST(JsonReadingTest, SyntaxErrorsNameTheLine) {
  const std::pair<const char*, const char*> cases[] = {
      {"{\"a\": 1,\n \"b\": }", "f.json:2"},
      {"{\"a\":\n\n [1, 2", "f.json:3"},
      {"", "f.json"},
      {"{\"a\": 01}", "f.json:1"},
      {"{\"a\": \"\n\"}", "f.json"},
      {"[1] 2", "f.json:1"},
      {"\n{\"a\": \"\xFF\"}", "f.json:2: invalid UTF-8 at byte 8"},
      {"{\"a\": 1e999}", "f.json"},
      {"{\"a\": \"\\ud800\"}", "f.json"},
  };
  for (const auto& [text, place] : cases) {
    const absl::Status status = JsonDocument::Parse(text, "f.json").status();
    EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kBadFormat) << text;
    EXPECT_THAT(std::string(status.message()), HasSubstr(place)) << text;
  }
}

TEST(JsonReadingTest, DeepNestingIsALimit) {
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  EXPECT_EQ(ErrorCodeOf(JsonDocument::Parse(deep, "f.json").status()), ErrorCode::kLimit);
}

TEST(JsonReadingTest, ObjectsAreHeldAgainstTheirMembers) {
  const auto twice = Parse(R"({"a": 1, "a": 2})");
  EXPECT_EQ(ErrorCodeOf(JsonObject::Open(twice->root(), {"a"}).status()), ErrorCode::kBadFormat);
  const auto unknown = Parse(R"({"a": 1, "z": 2})");
  const absl::Status status = JsonObject::Open(unknown->root(), {"a"}).status();
  EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kUnsupportedFeature);
  EXPECT_THAT(std::string(status.message()), HasSubstr("$.z"));
  const auto harmless = Parse(R"({"a": null, "y": false, "z": null})");
  const JsonNode root = harmless->root();
  const JsonObject object = JsonObject::Open(root, {"a"}).value();
  EXPECT_FALSE(object.Has("a"));
  EXPECT_EQ(object.Bool("a", true).value(), true);
  EXPECT_EQ(ErrorCodeOf(object.Bool("a").status()), ErrorCode::kBadFormat);
  EXPECT_EQ(object.OptionalString("a").value(), std::nullopt);
}

TEST(JsonReadingTest, NumbersAndCharacters) {
  const auto document =
      Parse(R"({"n": -1, "big": 18446744073709551615, "f": 1.5, "c": "é", "cc": "ab", "e": ""})");
  const JsonNode root = document->root();
  const JsonObject object = JsonObject::Open(root, {"n", "big", "f", "c", "cc", "e"}).value();
  EXPECT_EQ(ErrorCodeOf(object.Required("n")->Unsigned(10, ErrorCode::kBadVocabulary).status()),
            ErrorCode::kBadVocabulary);
  EXPECT_EQ(ErrorCodeOf(object.Required("big")->Unsigned(10, ErrorCode::kBadVocabulary).status()),
            ErrorCode::kBadVocabulary);
  EXPECT_EQ(ErrorCodeOf(object.Unsigned("f", 10).status()), ErrorCode::kBadFormat);
  EXPECT_EQ(object.Character("c").value(), U'é');
  EXPECT_EQ(ErrorCodeOf(object.Character("cc").status()), ErrorCode::kBadFormat);
  EXPECT_EQ(ErrorCodeOf(object.Character("e").status()), ErrorCode::kBadFormat);
}

TEST(JsonReadingTest, QuotedTextIsReadable) {
  EXPECT_EQ(Quoted("a\nb\xFF"), "\"a\\x0Ab\\xFF\"");
  EXPECT_EQ(Quoted("日本"), "\"日本\"");
  const std::string quoted = Quoted(std::string(59, 'a') + "日本");
  EXPECT_EQ(quoted, "\"" + std::string(59, 'a') + "...\"") << "no half characters";
}

}  // namespace
}  // namespace tok
