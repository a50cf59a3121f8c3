// The ways to encode agree with each other: whole, counted, prefix, batch, parallel, with spans, from an image.
#include "tok/tokenizer.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/bundled_tokenizer.h"
#include "tok/formats.h"

namespace tok {
namespace {

using Ids = std::vector<TokenId>;

const Tokenizer& O200k() { return BundledTokenizer("o200k_base"); }

// Words, numbers, several scripts, spaces of all kinds; `n_parts` of them from a fixed seed.
std::string MixedText(unsigned seed, size_t n_parts) {
  static const std::vector<std::string> kParts = {"The",
                                                  " quick",
                                                  " brown",
                                                  " fox",
                                                  "'s",
                                                  " don't",
                                                  " 12345",
                                                  ".\n",
                                                  "\n\n",
                                                  "  ",
                                                  "\t",
                                                  " HTMLParser",
                                                  " na\xC3\xAFve",
                                                  " \xD0\xBC\xD0\xB8\xD1\x80",
                                                  "\xE4\xB8\x96\xE7\x95\x8C",
                                                  " \xE3\x81\x93\xE3\x82\x93",
                                                  "\xF0\x9F\x98\x80",
                                                  " x",
                                                  " internationalization",
                                                  "==========",
                                                  " /usr/bin"};
  std::mt19937 random(seed);
  std::string text;
  for (; n_parts > 0; --n_parts) text += kParts[random() % kParts.size()];
  return text;
}

TEST(TokenizerTest, KnownIds) {
  // From tiktoken 0.14, o200k_base.
  EXPECT_EQ(*O200k().Encode("Hello world"), (Ids{13225, 2375}));
  EXPECT_EQ(*O200k().Encode(""), Ids{});
}

TEST(TokenizerTest, SpansTileTheTextAndIdsAreThoseOfEncode) {
  for (unsigned seed = 0; seed < 50; ++seed) {
    const std::string text = MixedText(seed, seed * 7);
    const Encoding encoding = *O200k().EncodeWithSpans(text);
    EXPECT_EQ(encoding.ids, *O200k().Encode(text));
    ASSERT_EQ(encoding.ids.size(), encoding.spans.size());
    uint64_t end = 0;
    for (size_t i = 0; i < encoding.ids.size(); ++i) {
      EXPECT_EQ(encoding.spans[i].begin, end);
      end = encoding.spans[i].end;
      EXPECT_EQ(text.substr(encoding.spans[i].begin, encoding.spans[i].size()),
                O200k().TokenBytes(encoding.ids[i]));
    }
    EXPECT_EQ(end, text.size());
  }
}

TEST(TokenizerTest, PrefixIsTheBeginningOfTheWhole) {
  const std::string text = MixedText(3, 400);
  const Ids whole = *O200k().Encode(text);
  for (const uint64_t max_ids :
       {uint64_t{0}, uint64_t{1}, uint64_t{17}, uint64_t{255}, uint64_t{whole.size() - 1},
        uint64_t{whole.size()}, uint64_t{whole.size() + 1}}) {
    const PrefixEncoding prefix = *O200k().EncodePrefix(text, max_ids);
    const size_t n = std::min<size_t>(max_ids, whole.size());
    EXPECT_EQ(prefix.ids, Ids(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)));
    EXPECT_EQ(prefix.complete, max_ids >= whole.size());
    ASSERT_LE(prefix.n_bytes, text.size());
    // What the bytes encode to never needs more ids, and they end with a whole character.
    EXPECT_TRUE(prefix.n_bytes == text.size() ||
                (static_cast<unsigned char>(text[prefix.n_bytes]) & 0xC0) != 0x80);
    EXPECT_TRUE(O200k().Decode(prefix.ids)->substr(0, prefix.n_bytes) == text.substr(0, prefix.n_bytes));
  }
}

TEST(TokenizerTest, PrefixNeverEndsInsideACharacter) {
  const std::string text = "\xF0\x9F\xA6\x96\xF0\x9F\xA6\x96";  // several ids a character
  const size_t n_ids = O200k().Encode(text)->size();
  ASSERT_GT(n_ids, 2u);
  for (uint64_t n = 0; n <= n_ids; ++n) EXPECT_EQ(O200k().EncodePrefix(text, n)->n_bytes % 4, 0u) << n;
}

TEST(TokenizerTest, PrefixOfBytesThatAreNoCharactersEndsBehindThem) {
  const std::string text(1000, '\x80');
  EncodeOptions options;
  options.utf8 = Utf8Policy::kBytes;
  const PrefixEncoding prefix = *O200k().EncodePrefix(text, 100, options);
  uint64_t n_bytes = 0;
  for (const TokenId id : prefix.ids) n_bytes += O200k().vocabulary().Bytes(id).size();
  EXPECT_EQ(prefix.ids.size(), 100u);
  EXPECT_EQ(prefix.n_bytes, n_bytes);
}

// RE2 cannot read invalid bytes: pieces around them must come from the general path.
TEST(TokenizerTest, InvalidBytesDoNotDisturbThePiecesOfARegularExpression) {
  TokenizerSpec spec = O200k().spec();
  spec.pre_tokenizers = {pretokenizer::Split{{true, R"(\w+|\s+|[^\w\s]+)"}}};
  const Tokenizer tokenizer = *Tokenizer::Create(spec);
  EncodeOptions options;
  options.utf8 = Utf8Policy::kBytes;
  Ids expected;
  for (const char* piece : {"hello", " ", "\xFF", " ", "world", " ", "foo", " ", "bar"}) {
    ASSERT_TRUE(tokenizer.EncodeTo(piece, options, &expected).ok());
  }
  EXPECT_EQ(*tokenizer.Encode("hello \xFF world foo bar", options), expected);
}

// With the prefix only at the front of the document, asking for spans must not change what the front is.
TEST(TokenizerTest, FirstPieceIsTheSameWithAndWithoutSpans) {
  const Tokenizer tokenizer = *Tokenizer::Create(*ParseTokenizerJson(R"({
    "added_tokens": [], "normalizer": {"type": "NFKD"}, "post_processor": null, "decoder": null,
    "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
      {"type": "FixedLength", "length": 1},
      {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": false}]},
    "model": {"type": "WordLevel", "unk_token": "?", "vocab": {
      "?": 0, "1": 1, "2": 2, "\u2044": 3, "a": 4, "\u25811": 5, "\u2581\u2044": 6, "\u25812": 7, "\u2581a": 8}}
  })",
                                                                     "test"));
  const Encoding with_spans = *tokenizer.EncodeWithSpans("\u00BDa");
  EXPECT_EQ(with_spans.ids, (Ids{5, 6, 7, 4}));  // from tokenizers 0.23.3
  EXPECT_EQ(*tokenizer.Encode("\u00BDa"), with_spans.ids);
}

TEST(TokenizerTest, ErrorsNameTheByteOfTheDocument) {
  EncodeOptions options;
  options.utf8 = Utf8Policy::kReplace;
  const absl::Status special = O200k().Encode("\xFF\xFF\xFF<|endoftext|>", options).status();
  EXPECT_NE(std::string(special.message()).find(" byte 3: "), std::string::npos) << special;

  const Tokenizer words = *Tokenizer::Create(*ParseTokenizerJson(R"({
    "added_tokens": [], "normalizer": {"type": "NFKD"}, "post_processor": null, "decoder": null,
    "pre_tokenizer": {"type": "WhitespaceSplit"},
    "model": {"type": "WordLevel", "unk_token": "?", "vocab": {"1\u20442": 0}}
  })",
                                                                 "test"));
  const absl::Status unknown = words.Encode("\u00BD \u00BD x", options).status();
  EXPECT_EQ(ErrorCodeOf(unknown), ErrorCode::kUnknownToken);
  EXPECT_NE(std::string(unknown.message()).find(" byte 6: "), std::string::npos) << unknown;
}

TEST(TokenizerTest, BytesPolicyIsCheckedWhateverTheSize) {
  const Tokenizer tokenizer = *Tokenizer::Create(*ParseTokenizerJson(R"({
    "added_tokens": [], "normalizer": null, "post_processor": null, "decoder": null, "pre_tokenizer": null,
    "model": {"type": "WordLevel", "unk_token": "?", "vocab": {"?": 0}}
  })",
                                                                     "test"));
  EncodeOptions options;
  options.utf8 = Utf8Policy::kBytes;
  for (const size_t n_bytes : {size_t{1}, size_t{4} << 20}) {
    EXPECT_EQ(ErrorCodeOf(tokenizer.EncodeParallel(std::string(n_bytes, 'a'), options, 2).status()),
              ErrorCode::kUsage);
  }
}

TEST(TokenizerTest, CountBatchAndParallelAgreeWithEncode) {
  std::vector<std::string> documents;
  for (unsigned seed = 0; seed < 40; ++seed) documents.push_back(MixedText(seed, seed * seed));
  const std::vector<std::string_view> views(documents.begin(), documents.end());
  for (const unsigned n_threads : {1u, 2u, 5u}) {
    const RaggedIds batch = *O200k().EncodeBatch(views, {}, n_threads);
    ASSERT_EQ(batch.offsets.size(), views.size() + 1);
    for (size_t d = 0; d < views.size(); ++d) {
      const Ids expected = *O200k().Encode(views[d]);
      EXPECT_EQ(Ids(batch.Document(d).begin(), batch.Document(d).end()), expected);
      EXPECT_EQ(*O200k().Count(views[d]), expected.size());
    }
  }
  EncodeOptions options;
  options.special = SpecialPolicy::All();
  std::string big;
  for (unsigned seed = 0; big.size() < (5u << 20); ++seed) {
    big += MixedText(seed, 50000);
    big += seed % 2 == 0 ? "<|endoftext|>" : "<|endoftext|><|endofprompt|>";
  }
  const Ids expected = *O200k().Encode(big, options);
  for (const unsigned n_threads : {1u, 2u, 7u})
    EXPECT_EQ(*O200k().EncodeParallel(big, options, n_threads), expected);
  const std::string uncuttable(3 << 20, 'x');
  EXPECT_EQ(*O200k().EncodeParallel(uncuttable, {}, 4), *O200k().Encode(uncuttable));
}

TEST(TokenizerTest, SpecialTokensInTextFollowThePolicy) {
  const std::string text = "a<|endoftext|>b";
  const TokenId eot = O200k().FindToken("<|endoftext|>");
  EXPECT_EQ(eot, 199999u);
  const absl::Status error = O200k().Encode(text).status();
  EXPECT_EQ(ErrorCodeOf(error), ErrorCode::kSpecialInText);
  EXPECT_NE(error.message().find("byte 1"), std::string::npos) << error;
  EncodeOptions options;
  options.special = SpecialPolicy::All();
  EXPECT_EQ(O200k().Encode(text, options)->at(1), eot);
  options.special = SpecialPolicy::Listed({eot});
  EXPECT_EQ(O200k().Encode(text, options)->at(1), eot);
  options.special = SpecialPolicy::Listed({O200k().FindToken("<|endofprompt|>")});
  EXPECT_EQ(ErrorCodeOf(O200k().Encode(text, options).status()), ErrorCode::kSpecialInText);
  options.special = SpecialPolicy::Text();
  const Ids as_text = *O200k().Encode(text, options);
  EXPECT_EQ(std::count(as_text.begin(), as_text.end(), eot), 0);
  EXPECT_EQ(*O200k().Decode(as_text), text);
}

TEST(TokenizerTest, InvalidUtf8FollowsThePolicy) {
  const std::string text = "ab\xFF\xE4\xB8 cd";
  const absl::Status error = O200k().Encode(text).status();
  EXPECT_EQ(ErrorCodeOf(error), ErrorCode::kInvalidUtf8);
  EXPECT_NE(error.message().find("byte 2"), std::string::npos) << error;
  EncodeOptions options;
  options.utf8 = Utf8Policy::kReplace;
  const Encoding replaced = *O200k().EncodeWithSpans(text, options);
  EXPECT_EQ(*O200k().Decode(replaced.ids), "ab\xEF\xBF\xBD\xEF\xBF\xBD cd");
  EXPECT_EQ(replaced.spans.back().end, text.size());
  options.utf8 = Utf8Policy::kBytes;
  std::mt19937 random(4);
  for (int round = 0; round < 200; ++round) {
    std::string bytes(random() % 300, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    const absl::StatusOr<Ids> ids = O200k().Encode(bytes, options);
    ASSERT_TRUE(ids.ok()) << ids.status();
    EXPECT_EQ(*O200k().Decode(*ids), bytes);
  }
}

TEST(TokenizerTest, ImageGivesTheSameTokenizer) {
  const std::string path = testing::TempDir() + "/o200k_test.tok";
  ASSERT_TRUE(O200k().Save(path).ok());
  const absl::StatusOr<Tokenizer> loaded = Tokenizer::Load(path);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->IdentityHash(), O200k().IdentityHash());
  const std::string text = MixedText(9, 3000);
  EXPECT_EQ(*loaded->Encode(text), *O200k().Encode(text));
  EXPECT_EQ(*loaded->Decode(*loaded->Encode(text)), text);
  // Damage anywhere is noticed, never trusted.
  std::FILE* file = std::fopen(path.c_str(), "r+b");
  std::fseek(file, 100000, SEEK_SET);
  std::fputc('!', file);
  std::fputc('?', file);
  std::fclose(file);
  EXPECT_EQ(ErrorCodeOf(Tokenizer::Load(path).status()), ErrorCode::kBadFormat);
  std::filesystem::resize_file(path, 5000);
  EXPECT_EQ(ErrorCodeOf(Tokenizer::Load(path).status()), ErrorCode::kBadFormat);
  std::filesystem::remove(path);
}

TEST(TokenizerTest, OneTokenizerServesManyThreads) {
  const std::string text = MixedText(11, 2000);
  const Ids expected = *O200k().Encode(text);
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) EXPECT_EQ(*O200k().Encode(text), expected);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace tok
