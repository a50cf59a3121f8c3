// gettext catalogues: what the format says, and nothing outside the bytes.
#include "src/measure/parallel/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/catalogues.h"

namespace tok {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view kHeader =
    "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\n";

std::vector<CatalogueMessage> Po(std::string_view text) {
  auto messages = ParsePo(text);
  EXPECT_TRUE(messages.ok()) << messages.status();
  return messages.ok() ? *std::move(messages) : std::vector<CatalogueMessage>();
}

std::string PoError(std::string_view text) {
  const auto messages = ParsePo(text);
  EXPECT_EQ(ErrorCodeOf(messages.status()), ErrorCode::kBadInput) << text;
  return std::string(messages.status().message());
}

TEST(PoTest, MessagesOfAllKinds) {
  const auto messages = Po(std::string(kHeader) +
                           "# a comment\n#: file.c:1\n#, c-format\nmsgid \"one\"\nmsgstr \"eins\"\n"
                           "msgctxt \"menu\"\nmsgid \"one\"\nmsgstr \"\"\n\"ei\"\n  \"ns!\"\r\n"
                           "#, fuzzy, c-format\n#| msgid \"old\"\nmsgid \"two\"\nmsgstr \"drei\"\n"
                           "msgid \"three\"\nmsgstr \"\"\n"
                           "#~ msgid \"gone\"\n#~ msgstr \"weg\"\n"
                           "msgid \"%d file\"\nmsgid_plural \"%d files\"\nmsgstr[0] \"%d Datei\"\n"
                           "msgstr[1] \"%d Dateien\"");
  ASSERT_EQ(messages.size(), 5u);
  EXPECT_EQ(messages[0].id, "one");
  EXPECT_THAT(messages[0].translations, ElementsAre("eins"));
  EXPECT_EQ(messages[0].line, 8u);
  EXPECT_EQ(messages[1].context, "menu");
  EXPECT_THAT(messages[1].translations, ElementsAre("eins!"));
  EXPECT_TRUE(messages[2].translations.empty()) << "fuzzy";
  EXPECT_TRUE(messages[3].translations.empty()) << "untranslated; fuzzy was the one before";
  EXPECT_EQ(messages[4].plural_id, "%d files");
  EXPECT_THAT(messages[4].translations, ElementsAre("%d Datei", "%d Dateien"));
}

TEST(PoTest, FlagsOfObsoleteMessagesAreTheirs) {
  const auto messages =
      Po(std::string(kHeader) +
         "#, fuzzy\n#~ msgid \"gone\"\n#~ msgstr \"weg\"\n\n"
         "msgid \"one\"\nmsgstr \"eins\"\n#~ msgid \"old\"\nmsgid \"two\"\nmsgstr \"zwei\"\n");
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_THAT(messages[0].translations, ElementsAre("eins"));
  EXPECT_THAT(messages[1].translations, ElementsAre("zwei"));
}

TEST(PoTest, Escapes) {
  const auto messages = Po(R"(msgid "a\n\t\r\"\\\x41\101\a"
msgstr "\033[1m\x7e")");
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(messages[0].id, "a\n\t\r\"\\AA\a");
  EXPECT_EQ(messages[0].translations[0], "\033[1m~");
}

TEST(PoTest, ErrorsNameTheLine) {
  EXPECT_THAT(PoError("msgid \"a\"\n"), HasSubstr("line 1: the message in hand has no msgstr"));
  EXPECT_THAT(PoError("\n\"a\"\n"), HasSubstr("line 2: a string that belongs to nothing"));
  EXPECT_THAT(PoError("msgid \"a\n"), HasSubstr("no closing quote"));
  EXPECT_THAT(PoError("msgid \"a\\"), HasSubstr("escape"));
  EXPECT_THAT(PoError("msgid \"\\x\""), HasSubstr("escape"));
  EXPECT_THAT(PoError("msgid \"a\" b\n"), HasSubstr("behind the closing quote"));
  EXPECT_THAT(PoError("msgid a\n"), HasSubstr("double quotes"));
  EXPECT_THAT(PoError("msgstr \"a\"\n"), HasSubstr("without its msgid"));
  EXPECT_THAT(PoError("msgid \"a\"\nmsgid \"b\"\n"), HasSubstr("line 2: msgid before"));
  EXPECT_THAT(PoError("msgid \"a\"\nmsgstr[0] \"b\"\n"), HasSubstr("no msgid_plural"));
  EXPECT_THAT(PoError("msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[1] \"b\"\n"), HasSubstr("expected msgstr[0]"));
  EXPECT_THAT(PoError("msgid \"a\"\nmsgstr \"b\"\nmsgstr \"c\"\n"), HasSubstr("one msgstr"));
  EXPECT_THAT(PoError("Hello\n"), HasSubstr("'Hello' is no keyword"));
  EXPECT_THAT(PoError("msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=ISO-8859-1\\n\"\n"),
              HasSubstr("line 1: the catalogue is in ISO-8859-1"));
}

TEST(MoTest, BothByteOrders) {
  for (const bool is_big : {false, true}) {
    const auto messages = ParseMo(MakeMo({{"", "Content-Type: text/plain; charset=utf-8\n"},
                                          {"menu\x04one", "eins"},
                                          {std::string("file\0files", 10), std::string("Datei\0Dateien", 13)},
                                          {"two", ""}},
                                         is_big));
    ASSERT_TRUE(messages.ok()) << messages.status();
    ASSERT_EQ(messages->size(), 3u);
    EXPECT_EQ((*messages)[0].context, "menu");
    EXPECT_EQ((*messages)[0].id, "one");
    EXPECT_THAT((*messages)[0].translations, ElementsAre("eins"));
    EXPECT_EQ((*messages)[1].plural_id, "files");
    EXPECT_THAT((*messages)[1].translations, ElementsAre("Datei", "Dateien"));
    EXPECT_TRUE((*messages)[2].translations.empty());
  }
}

TEST(MoTest, EveryCutIsAnError) {
  const std::string whole = MakeMo({{"one", "eins"}, {"two", "zwei"}}, false);
  for (size_t n = 0; n < whole.size(); ++n)
    EXPECT_EQ(ErrorCodeOf(ParseMo(whole.substr(0, n)).status()), ErrorCode::kBadInput) << n;
  EXPECT_TRUE(ParseMo(whole).ok());
}

TEST(MoTest, HostileTables) {
  const auto with_word = [](size_t at, uint32_t word) {
    std::string bytes = MakeMo({{"one", "eins"}, {"two", "zwei"}}, false);
    std::memcpy(bytes.data() + at, &word, sizeof(word));
    return std::string(ParseMo(bytes).status().message());
  };
  EXPECT_THAT(with_word(4, 2u << 16), HasSubstr("revision"));
  EXPECT_THAT(with_word(8, 0xFFFFFFFFu), HasSubstr("does not fit"));
  EXPECT_THAT(with_word(12, 0xFFFFFFF0u), HasSubstr("does not fit"));
  EXPECT_THAT(with_word(28, 0xFFFFFFFFu), HasSubstr("outside the file"));
  EXPECT_THAT(with_word(32, 0xFFFFFFFFu), HasSubstr("outside the file"));
  EXPECT_THAT(with_word(28, 2), HasSubstr("zero byte"));
  EXPECT_EQ(ErrorCodeOf(ParseMo("not a catalogue, nor anything like it").status()), ErrorCode::kBadInput);
}

// A small file must not stand for a large text.
TEST(MoTest, OverlappingStringsAreRefused) {
  std::string bytes =
      MakeMo(std::vector<std::pair<std::string, std::string>>(64, {std::string(200, 'x'), "y"}), false);
  EXPECT_TRUE(ParseMo(bytes).ok());
  uint32_t begin = 0;
  std::memcpy(&begin, bytes.data() + 32, sizeof(begin));
  const uint32_t long_one = static_cast<uint32_t>(bytes.size()) - 1 - begin;
  for (size_t i = 0; i < 64; ++i) {
    std::memcpy(bytes.data() + 28 + 8 * i, &long_one, sizeof(long_one));
    std::memcpy(bytes.data() + 32 + 8 * i, &begin, sizeof(begin));
  }
  EXPECT_THAT(std::string(ParseMo(bytes).status().message()), HasSubstr("overlap"));
}

}  // namespace
}  // namespace tok
