// Decoders: each step against values measured from tokenizers 0.23.3 (and sentencepiece 0.2.3); compiled chains
// against a reference that maps lists of strings literally; streams against whole decoding.
#include "src/encode/decoder.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "src/encode/decoder_stages.h"
#include "src/encode/decoder_steps.h"
#include "src/encode/decoder_utf8.h"
#include "src/unicode/byte_alphabet.h"
#include "src/unicode/utf8.h"
#include "tests/unit/encode/decoder_reference.h"

namespace tok {
namespace {

using decoder::Step;
using pretokenizer::PrependScheme;
using Strings = std::vector<std::string>;

// A tokenizer whose id i is the i-th string, with this decoder.
TokenizerSpec MakeSpec(const Strings& tokens, std::vector<Step> steps,
                       VocabularyAlphabet alphabet = VocabularyAlphabet::kText) {
  TokenizerSpec spec;
  spec.alphabet = alphabet;
  VocabularyBuilder builder;
  for (TokenId id = 0; id < tokens.size(); ++id) {
    // Tests may repeat a string; only kinds that nothing looks up may.
    EXPECT_TRUE(builder.Add(id, tokens[id], TokenKind::kAdded).ok());
  }
  auto vocabulary = std::move(builder).Build();
  EXPECT_TRUE(vocabulary.ok()) << vocabulary.status();
  spec.vocabulary = *vocabulary;
  spec.decoder.steps = std::move(steps);
  return spec;
}

std::vector<TokenId> AllIds(size_t n) {
  std::vector<TokenId> ids(n);
  for (size_t i = 0; i < n; ++i) ids[i] = static_cast<TokenId>(i);
  return ids;
}

std::string Decode(const TokenizerSpec& spec, std::span<const TokenId> ids,
                   const DecodeOptions& options = {}) {
  const auto decoder = Decoder::Create(spec);
  EXPECT_TRUE(decoder.ok()) << decoder.status();
  std::string bytes;
  const absl::Status status = (*decoder)->Decode(ids, options, &bytes);
  EXPECT_TRUE(status.ok()) << status;
  return bytes;
}

std::string DecodeStreamed(const TokenizerSpec& spec, std::span<const TokenId> ids,
                           const DecodeOptions& options = {}) {
  const auto decoder = Decoder::Create(spec);
  EXPECT_TRUE(decoder.ok()) << decoder.status();
  const auto stream = (*decoder)->MakeStream(options);
  std::string bytes;
  for (TokenId id : ids) EXPECT_TRUE(stream->Push(id, &bytes).ok());
  EXPECT_TRUE(stream->Finish(&bytes).ok());
  return bytes;
}

Step Regex(std::string pattern, std::string content) {
  return decoder::Replace{.pattern = {.is_regex = true, .text = std::move(pattern)},
                          .content = std::move(content)};
}
Step Literal(std::string pattern, std::string content) {
  return decoder::Replace{.pattern = {.is_regex = false, .text = std::move(pattern)},
                          .content = std::move(content)};
}
Step Strip(char32_t content, uint64_t start, uint64_t stop) {
  return decoder::Strip{.content = content, .start = start, .stop = stop};
}
Step Metaspace(PrependScheme scheme) {
  return decoder::Metaspace{.replacement = 0x2581, .prepend_scheme = scheme};
}

TEST(DecoderTest, StepsEqualThePeer) {
  const struct {
    std::vector<Step> steps;
    Strings tokens;
    std::string expected;
  } kCases[] = {
      {{Regex("(l)(e)", "$1 $2")}, {"le", "test"}, "$1 $2test"},
      {{Literal("", "X")}, {"ab", "\u00e9", ""}, "XaXbXX\u00e9X"},
      {{Regex("x*", "X")}, {"ab", "axb", "xx"}, "XaXbXXaXbXX"},
      {{decoder::Fuse{}, Regex("^", "X")}, {}, ""},
      {{Strip(' ', 2, 2)}, {"    ", "x  ", "  y z"}, "xy z"},
      {{Strip(' ', 2, 2)}, {"   ", " ", ""}, ""},  // the peer panics here
      {{decoder::BpeSuffix{""}}, {"ab", "cd"}, " a b cd"},
      {{decoder::BpeSuffix{}}, {"a</w>b", "cd</w>", "e</w></w>"}, "a bcd e"},
      {{decoder::Ctc{}}, {"<pad>", "h", "h", "<pad>", "|", "|", "e <pad>n't", "", ""}, "h en't"},
      {{decoder::Ctc{.pad_token = "", .word_delimiter_token = ""}}, {"ab"}, " a b "},
      {{decoder::Ctc{.cleanup = false}}, {"a", "|", "b ."}, "a|b ."},
      {{Metaspace(PrependScheme::kAlways)}, {"\u2581a\u2581b", "\u2581c"}, "ab c"},
      {{Metaspace(PrependScheme::kFirst)}, {"\u2581\u2581a\u2581b", "\u2581c"}, "ab c"},
      {{Metaspace(PrependScheme::kNever)}, {"\u2581a\u2581b", "\u2581c"}, " a b c"},
      {{decoder::WordPiece{}},
       {"##a", ".", "##b", "do", "not", " do not", "'", "x ' y", " n't", "##", "####"},
       "##a.b do not  don't ' x'y n't##"},
      {{decoder::WordPiece{.prefix = ""}}, {"a", ".", "b"}, "a.b"},
      {{decoder::ByteFallback{}},
       {"<0x+F>", "<0xE5>", "<0x8F>", "<0xAB>", "a", "<0xe5>", "<0x61>", "<0x\u00e9>", "<0x 1>", "<0x-1>",
        "<0x+0>"},
       std::string("\x0f\u53eb") + "a\ufffd\ufffd<0x\u00e9><0x 1><0x-1>" + std::string(1, '\0')},
      {{decoder::ByteLevel{}},
       {"\u0120a", "\u00e9", "\u4e16", "\u0120\u4e16", "\u00c3\u00a9"},
       " a\xe9\u4e16\u0120\u4e16\u00e9"},
      {{decoder::ByteLevel{}, decoder::Fuse{}}, {"\u00e9", "a"}, "\ufffda"},
      {{Literal("\u2581", " "), decoder::ByteFallback{}, decoder::Fuse{}, Strip(' ', 1, 0)},
       {"\u2581", "\u2581Hi", "<0xF0>", "<0x9F>", "<0x98>", "<0x80>"},
       " Hi\U0001F600"},
      {{}, {"a", "b"}, "ab"},
  };
  for (const auto& c : kCases) {
    const TokenizerSpec spec = MakeSpec(c.tokens, c.steps);
    EXPECT_EQ(Decode(spec, AllIds(c.tokens.size())), c.expected);
    EXPECT_EQ(DecodeStreamed(spec, AllIds(c.tokens.size())), c.expected);
  }
}

TEST(DecoderTest, NoDecoderJoinsWithSpaces) {
  TokenizerSpec spec = MakeSpec({"a", "b", "c"}, {});
  spec.decoder.join_with_spaces = true;
  EXPECT_EQ(Decode(spec, AllIds(3)), "a b c");
  EXPECT_EQ(Decode(spec, AllIds(1)), "a");
  EXPECT_EQ(Decode(spec, {}), "");
  EXPECT_EQ(DecodeStreamed(spec, AllIds(3)), "a b c");
}

TEST(DecoderTest, ByteVocabularies) {
  TokenizerSpec spec;
  spec.alphabet = VocabularyAlphabet::kBytes;
  VocabularyBuilder builder;
  ASSERT_TRUE(builder.Add(0, " a").ok());
  ASSERT_TRUE(builder.Add(1, "\xE9").ok());
  ASSERT_TRUE(builder.Add(2, "\u4e16", TokenKind::kLiteral).ok());
  spec.vocabulary = *std::move(builder).Build();
  spec.added_tokens = {{.id = 5, .content = "\u0120", .special = true}};
  const std::vector<TokenId> ids = {0, 1, 2, 5};
  EXPECT_EQ(Decode(spec, ids), " a\xE9\u4e16\u0120") << "tiktoken: contents as they are";
  spec.decoder.steps = {decoder::ByteLevel{}};
  EXPECT_EQ(Decode(spec, ids), " a\xE9\u4e16 ") << "ByteLevel: contents through the byte alphabet";
  const auto decoder = Decoder::Create(spec);
  ASSERT_TRUE(decoder.ok());
  EXPECT_TRUE((*decoder)->DecodesByConcatenation());
  EXPECT_EQ((*decoder)->TokenBytes(5), " ");
  EXPECT_EQ((*decoder)->TokenBytes(4), "");
  EXPECT_EQ((*decoder)->TokenBytes(99), "");
  EXPECT_EQ(Decode(spec, ids, {.skip_special = true}), " a\xE9\u4e16");
  spec.decoder.steps = {decoder::Fuse{}};
  EXPECT_EQ(Decode(spec, ids), "\u0120a\u00e9\u4e16\u0120") << "no ByteLevel: tokens as spelled in the file";
  spec.decoder = {.join_with_spaces = true, .steps = {}};
  EXPECT_EQ(Decode(spec, ids), "\u0120a \u00e9 \u4e16 \u0120");
}

TEST(DecoderTest, ConcatenationIsPromisedOnlyWhereItHolds) {
  const struct {
    std::vector<Step> steps;
    bool expected;
  } kCases[] = {
      {{}, true},
      {{decoder::ByteLevel{}}, true},
      {{Literal("_", " "), decoder::ByteFallback{}, decoder::Fuse{}}, true},
      {{decoder::Fuse{}}, true},
      {{Metaspace(PrependScheme::kNever)}, true},
      {{Metaspace(PrependScheme::kAlways)}, false},
      {{decoder::WordPiece{}}, false},
      {{decoder::BpeSuffix{}}, false},
      {{decoder::ByteFallback{}, decoder::Fuse{}, Strip(' ', 1, 0)}, false},
      {{decoder::Ctc{}}, false},
      {{decoder::SentencePiece{}}, false},
      {{decoder::SentencePiece{.strip_dummy_prefix = false}}, true},
  };
  for (const auto& c : kCases) {
    const auto decoder = Decoder::Create(MakeSpec({"a"}, c.steps));
    ASSERT_TRUE(decoder.ok());
    EXPECT_EQ((*decoder)->DecodesByConcatenation(), c.expected);
  }
}

TEST(DecoderTest, UnknownIdsAreErrorsOrSkipped) {
  const TokenizerSpec spec = MakeSpec({"a", "b"}, {decoder::WordPiece{}});
  const auto decoder = Decoder::Create(spec);
  ASSERT_TRUE(decoder.ok());
  const std::vector<TokenId> ids = {7, 0, kNoToken, 1};
  std::string bytes;
  const absl::Status status = (*decoder)->Decode(std::span(ids).subspan(1), {}, &bytes);
  EXPECT_EQ(ErrorCodeOf(status), ErrorCode::kInvalidId);
  EXPECT_NE(status.message().find("position 1"), std::string::npos) << status;
  // A skipped id is no token: the next one is the first.
  EXPECT_EQ(Decode(spec, ids, {.unknown_id = UnknownIdPolicy::kSkip}), "a b");
  const auto stream = (*decoder)->MakeStream({});
  bytes.clear();
  EXPECT_EQ(ErrorCodeOf(stream->Push(7, &bytes)), ErrorCode::kInvalidId);
  EXPECT_TRUE(stream->Push(0, &bytes).ok());
  EXPECT_TRUE(stream->Push(1, &bytes).ok());
  EXPECT_EQ(bytes, "a b") << "an id that failed does not count";
}

TEST(DecoderTest, SentencePieceAmongOtherStepsIsRefused) {
  const auto decoder = Decoder::Create(MakeSpec({"a"}, {decoder::SentencePiece{}, decoder::Fuse{}}));
  EXPECT_EQ(ErrorCodeOf(decoder.status()), ErrorCode::kUnsupportedFeature);
}

TEST(DecoderTest, SentencePieceStripsAndReplaces) {
  TokenizerSpec spec;
  VocabularyBuilder builder;
  const struct {
    std::string piece;
    TokenKind kind;
  } kPieces[] = {{"<unk>", TokenKind::kUnknown},        {"<s>", TokenKind::kControl},
                 {"\u2581", TokenKind::kNormal},        {"h", TokenKind::kNormal},
                 {"\u2581h\u2581", TokenKind::kNormal}, {"<0xE5>", TokenKind::kByte},
                 {"<0x8F>", TokenKind::kByte},          {"<0xAB>", TokenKind::kByte}};
  for (TokenId id = 0; id < std::size(kPieces); ++id) {
    ASSERT_TRUE(builder.Add(id, kPieces[id].piece, kPieces[id].kind).ok());
  }
  spec.vocabulary = *std::move(builder).Build();
  const decoder::SentencePiece all, one = {.strip_leading_spaces = false},
                                    none = {.strip_dummy_prefix = false};
  const struct {
    decoder::SentencePiece options;
    std::vector<TokenId> ids;
    std::string expected;
  } kCases[] = {
      {all, {2, 2, 2, 3}, "h"},
      {all, {1, 2, 3}, "h"},
      {all, {0, 2, 3}, " \u2047  h"},
      {all, {2, 1, 2, 3}, "h"},
      {all, {3, 2}, "h "},
      {all, {4, 4}, "h  h "},
      {one, {2, 2, 2, 3}, "  h"},
      {one, {2, 1, 2, 3}, " h"},
      {one, {1, 2, 3}, "h"},
      {none, {2, 2, 3}, "  h"},
      {all, {5, 6, 7, 3}, "\u53ebh"},
      {all, {5, 6, 3}, "\ufffd\ufffdh"},
      {all, {5, 5, 6, 7, 6}, "\ufffd\u53eb\ufffd"},
      {all, {5, 6, 1, 7}, "\ufffd\ufffd\ufffd"},
      {all, {5, 2}, "\ufffd "},
  };
  for (const auto& c : kCases) {
    spec.decoder.steps = {c.options};
    EXPECT_EQ(Decode(spec, c.ids), c.expected);
    EXPECT_EQ(DecodeStreamed(spec, c.ids), c.expected);
  }
}

// ---- Properties ---------------------------------------------------------------------------------------------------

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  size_t Below(size_t n) { return engine_() % n; }
  const std::string& Of(const Strings& strings) { return strings[Below(strings.size())]; }

  std::string Token() {
    static const Strings kParts = {"a",      "b",      " ",     "  ",      "\u2581", "##",        "</w>",
                                   ".",      "n't",    "'s",    " do not", "\u00e9", "\u4e16",    "\u0120",
                                   "\u00c3", "\u00a9", "<pad>", "|",       "aab",    "\U0001F600"};
    static const Strings kBytes = {"<0xE5>", "<0x8F>", "<0xAB>", "<0x61>",
                                   "<0xFF>", "<0xF0>", "<0x9F>", "<0x20>"};
    if (Below(3) == 0) return Of(kBytes);
    std::string token;
    for (size_t n = Below(4); n > 0; --n) token += Of(kParts);
    return token;
  }

  Step AnyStep() {
    static const Strings kPatterns = {"a", "aab", "\u2581", " ", "b a", "abab", ""};
    static const Strings kContents = {"", " ", "x", "a", "\u4e16"};
    switch (Below(12)) {
      case 0: return decoder::ByteLevel{};
      case 1: return Metaspace(static_cast<PrependScheme>(Below(3)));
      case 2: return decoder::WordPiece{.prefix = Below(2) ? "##" : "a", .cleanup = Below(2) == 0};
      case 3: return decoder::BpeSuffix{Below(3) ? "</w>" : ""};
      case 4:
      case 5: return decoder::ByteFallback{};
      case 6: return decoder::Fuse{};
      case 7: return Strip(Below(2) ? U' ' : U'a', Below(4), Below(4));
      case 8: return Regex(Below(2) ? "a+" : "[b ]", Of(kContents));
      case 9: return decoder::Ctc{.cleanup = Below(2) == 0};
      default: return Literal(Of(kPatterns), Of(kContents));
    }
  }

 private:
  std::mt19937 engine_;
};

// Random chains over random tokens, ids that do not exist and special ones among them.
TEST(DecoderPropertyTest, CompiledChainsEqualTheReferenceAndTheirStreams) {
  for (unsigned seed = 0; seed < 4000; ++seed) {
    Random random(seed);
    Strings tokens(1 + random.Below(8));
    for (std::string& token : tokens) token = random.Token();
    std::vector<Step> steps(random.Below(5));
    for (Step& step : steps) step = random.AnyStep();
    TokenizerSpec spec = MakeSpec(tokens, steps);
    spec.decoder.join_with_spaces = random.Below(2) == 0;
    spec.added_tokens = {
        {.id = static_cast<TokenId>(tokens.size() + 1), .content = random.Token(), .special = true}};
    const DecodeOptions options = {.skip_special = random.Below(2) == 0,
                                   .unknown_id = UnknownIdPolicy::kSkip};

    std::vector<TokenId> ids(random.Below(12));
    Strings list;
    for (TokenId& id : ids) {
      id = static_cast<TokenId>(random.Below(tokens.size() + 2));
      if (id < tokens.size()) list.push_back(tokens[id]);
      if (id == tokens.size() + 1 && !options.skip_special) list.push_back(spec.added_tokens[0].content);
    }
    const std::string expected = ReferenceDecode(spec.decoder, list);
    ASSERT_EQ(Decode(spec, ids, options), expected) << "seed " << seed;
    ASSERT_EQ(DecodeStreamed(spec, ids, options), expected) << "seed " << seed;
  }
}

// The same over raw bytes, long enough for the fast copy loop.
TEST(DecoderPropertyTest, ByteVocabulariesConcatenate) {
  Random random(1);
  TokenizerSpec spec;
  spec.alphabet = VocabularyAlphabet::kBytes;
  VocabularyBuilder builder;
  Strings tokens;
  for (TokenId id = 0; id < 500; ++id) {
    std::string token = std::to_string(id);
    for (size_t n = random.Below(40); n > 0; --n) token.push_back(static_cast<char>(random.Below(256)));
    tokens.push_back(token);
    ASSERT_TRUE(builder.Add(id, token).ok());
  }
  spec.vocabulary = *std::move(builder).Build();
  spec.decoder.steps = {decoder::ByteLevel{}};
  std::string expected;
  std::vector<TokenId> ids(20000);
  for (TokenId& id : ids) {
    id = static_cast<TokenId>(random.Below(tokens.size()));
    expected += tokens[id];
  }
  EXPECT_EQ(Decode(spec, ids), expected);
  EXPECT_EQ(DecodeStreamed(spec, ids), expected);
}

TEST(LossyUtf8Test, PartsEqualTheWhole) {
  Random random(5);
  static const Strings kParts = {"a",        "\u00e9",   "\u4e16", "\U0001F600", "\xE5",    "\x8F",
                                 "\xF0\x9F", "\xED\xA0", "\xFF",   "\xC0",       "\xF4\x90"};
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (size_t n = random.Below(10); n > 0; --n) text += random.Of(kParts);
    LossyUtf8 lossy;
    std::string streamed;
    for (size_t i = 0; i < text.size();) {
      const size_t n = std::min(text.size() - i, random.Below(4));
      lossy.Push(text.substr(i, n), &streamed);
      ASSERT_EQ(FindInvalidUtf8(streamed), std::string::npos) << "only whole characters";
      i += n;
    }
    lossy.Finish(&streamed);
    ASSERT_EQ(streamed, ReplaceInvalidUtf8(text));
  }
}

TEST(ByteRunTest, ABrokenRunIsOneReplacementPerByteAndComesOutAtOnce) {
  ByteRun run;
  std::string text;
  run.Push(0xE5, &text);
  run.Push(0x8F, &text);
  EXPECT_EQ(text, "");
  run.Push(0x41, &text);
  EXPECT_EQ(text, "\ufffd\ufffd\ufffd");
  run.Push(0x42, &text);
  EXPECT_EQ(text, "\ufffd\ufffd\ufffd\ufffd");
  run.Finish(&text);
  EXPECT_TRUE(run.empty());
  EXPECT_EQ(text, "\ufffd\ufffd\ufffd\ufffd");
}

// A stream gives each character as soon as nothing to come can change it.
TEST(DecoderStreamTest, HoldsBackNoMoreThanItMust) {
  const struct {
    std::vector<Step> steps;
    Strings tokens;
    Strings expected;  // what each push gives
  } kCases[] = {
      {{decoder::ByteFallback{}, decoder::Fuse{}},
       {"a", "<0xE5>", "<0x8F>", "<0xAB>", "b"},
       {"a", "", "", "", "\u53ebb"}},
      {{decoder::Fuse{}, Strip(' ', 1, 0)}, {" a", " b"}, {"a", " b"}},
      {{decoder::Fuse{}, Strip(' ', 0, 2)}, {"a ", "b   ", "c"}, {"a", " b ", "  c"}},
      {{decoder::Fuse{}, Literal("ab", "x")}, {"ca", "bc"}, {"c", "xc"}},
      {{decoder::BpeSuffix{}}, {"a", "b</w>", "c"}, {"a", "b", " c"}},
      {{decoder::WordPiece{}}, {"a", "##b", "c"}, {"a", "b", " c"}},
      {{decoder::Ctc{}}, {"h", "h", "|"}, {"h", "", " "}},
  };
  for (const auto& c : kCases) {
    const auto decoder = Decoder::Create(MakeSpec(c.tokens, c.steps));
    ASSERT_TRUE(decoder.ok());
    const auto stream = (*decoder)->MakeStream({});
    for (TokenId id = 0; id < c.tokens.size(); ++id) {
      std::string bytes;
      ASSERT_TRUE(stream->Push(id, &bytes).ok());
      EXPECT_EQ(bytes, c.expected[id]) << c.tokens[id];
    }
  }
}

}  // namespace
}  // namespace tok
