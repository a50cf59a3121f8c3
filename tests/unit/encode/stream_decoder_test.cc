// StreamDecoder: whole characters only, the same text as Decode, usable again after Finish and after an error.
#include "tok/stream_decoder.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "src/unicode/utf8.h"

namespace tok {
namespace {

// Every byte is a token of its own, then a few longer ones; id 300 is special, ids 262 to 299 do not exist.
Tokenizer MakeByteTokenizer() {
  TokenizerSpec spec;
  spec.alphabet = VocabularyAlphabet::kBytes;
  VocabularyBuilder builder;
  for (TokenId id = 0; id < 256; ++id)
    EXPECT_TRUE(builder.Add(id, std::string(1, static_cast<char>(id))).ok());
  TokenId id = 256;
  for (const char* token : {" the", "\xE4\xB8", "\x96\xE7", "\x95\x8C", "\xF0\x9F\x98", "\x80!"}) {
    EXPECT_TRUE(builder.Add(id++, token).ok());
  }
  EXPECT_TRUE(builder.Add(300, "<|end|>", TokenKind::kAdded).ok());
  spec.vocabulary = *std::move(builder).Build();
  spec.added_tokens = {{.id = 300, .content = "<|end|>", .special = true}};
  spec.model = BpeModelSpec{.mode = BpeModelSpec::Mode::kRank};
  auto tokenizer = Tokenizer::Create(std::move(spec));
  EXPECT_TRUE(tokenizer.ok()) << tokenizer.status();
  return *std::move(tokenizer);
}

TEST(StreamDecoderTest, CharactersComeOutWhole) {
  StreamDecoder stream = MakeByteTokenizer().MakeStreamDecoder();
  EXPECT_EQ(*stream.Push(256), " the");
  EXPECT_EQ(*stream.Push(257), "");
  EXPECT_EQ(*stream.Push(258), "\u4e16");
  EXPECT_EQ(*stream.Push(259), "\u754c");
  EXPECT_EQ(*stream.Push(260), "");
  EXPECT_EQ(*stream.Push('a'), "\ufffda");
  EXPECT_EQ(*stream.Push(257), "");
  EXPECT_EQ(*stream.Finish(), "\ufffd");
  EXPECT_EQ(*stream.Finish(), "") << "empty after Finish";
  EXPECT_EQ(*stream.Push(300), "<|end|>");
}

TEST(StreamDecoderTest, AnErrorLeavesTheStreamAsItWas) {
  StreamDecoder stream = MakeByteTokenizer().MakeStreamDecoder();
  EXPECT_EQ(*stream.Push(257), "");
  EXPECT_EQ(ErrorCodeOf(stream.Push(262).status()), ErrorCode::kInvalidId);
  EXPECT_EQ(ErrorCodeOf(stream.Push(kNoToken).status()), ErrorCode::kInvalidId);
  EXPECT_EQ(*stream.Push(258), "\u4e16");
}

TEST(StreamDecoderTest, OptionsAreThoseOfDecode) {
  StreamDecoder stream =
      MakeByteTokenizer().MakeStreamDecoder({.skip_special = true, .unknown_id = UnknownIdPolicy::kSkip});
  EXPECT_EQ(*stream.Push(257), "");
  EXPECT_EQ(*stream.Push(300), "");
  EXPECT_EQ(*stream.Push(270), "");
  EXPECT_EQ(*stream.Push(258), "\u4e16");
}

TEST(StreamDecoderTest, EqualsDecodeOnRandomIds) {
  const Tokenizer tokenizer = MakeByteTokenizer();
  StreamDecoder stream = tokenizer.MakeStreamDecoder();
  std::mt19937 random(31);
  for (int round = 0; round < 5000; ++round) {
    std::vector<TokenId> ids(random() % 30);
    std::string streamed;
    for (TokenId& id : ids) {
      id =
          random() % 4 == 0 ? static_cast<TokenId>(random() % 256) : 256 + static_cast<TokenId>(random() % 6);
      streamed += *stream.Push(id);
      ASSERT_EQ(FindInvalidUtf8(streamed), std::string::npos);
    }
    streamed += *stream.Finish();
    ASSERT_EQ(streamed, ReplaceInvalidUtf8(*tokenizer.Decode(ids)));
  }
}

}  // namespace
}  // namespace tok
