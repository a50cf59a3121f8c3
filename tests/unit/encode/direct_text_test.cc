// Text that is cut before it is normalized has the ids of the text normalized as a whole: the way that spans take.
#include "src/encode/direct_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "src/encode/tokenizer_impl.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

const std::string kMark = "\xE2\x96\x81";

const std::vector<std::string>& Characters() {
  static const auto* const characters = new std::vector<std::string>{kMark,
                                                                     "a",
                                                                     "b",
                                                                     "e",
                                                                     "T",
                                                                     ">",
                                                                     ".",
                                                                     ",",
                                                                     "\n",
                                                                     "7",
                                                                     "\xC3\xA9",
                                                                     "<",
                                                                     "\t",
                                                                     "\xE4\xB8\xAD",
                                                                     "\xE6\x96\x87",
                                                                     "\xD0\xB4",
                                                                     "'",
                                                                     std::string(1, '\0'),
                                                                     " ",
                                                                     "\xE2\x96\x80",
                                                                     "\xF0\x9F\x98\x80"};
  return *characters;
}

// Words of a few characters with blanks, marks and characters of no vocabulary between them.
std::string RandomText(std::mt19937* random, size_t n) {
  std::string text;
  for (; n > 0; --n) {
    const unsigned kind = (*random)() % 10;
    if (kind < 3) {
      text += ' ';
    } else if (kind == 3) {
      text += (*random)() % 2 == 0 ? "\xC3\xBC" : "\xE7\x95\x8C";
    } else {
      text += Characters()[(*random)() % Characters().size()];
    }
  }
  return text;
}

struct Unknowns {
  bool byte_fallback = true, fuse = true, all_bytes = true;
};

// Characters (some left out), then merges of random neighbours, some of which are spelled like special tokens.
TokenizerSpec RandomSpec(std::mt19937* random, size_t n_merges, const Unknowns& unknowns) {
  TokenizerSpec spec;
  BpeModelSpec model;
  model.unk_token = "<unk>";
  model.byte_fallback = unknowns.byte_fallback;
  model.fuse_unk = unknowns.fuse;
  VocabularyBuilder builder;
  std::vector<std::string> tokens;
  const auto add = [&](const std::string& token) {
    tokens.push_back(token);
    EXPECT_TRUE(builder.Add(static_cast<TokenId>(tokens.size() - 1), token).ok());
  };
  add("<unk>");
  for (unsigned b = 0; b < (unknowns.all_bytes ? 256u : 255u); ++b) add(absl::StrFormat("<0x%02X>", b));
  const size_t n_special = tokens.size();
  for (const std::string& character : Characters()) {
    if ((*random)() % 8 != 0) add(character);
  }
  const bool merges_special = (*random)() % 8 == 0;
  for (size_t i = 0; i < n_merges; ++i) {
    const size_t first = merges_special ? 0 : n_special;
    const auto pick = [&] { return static_cast<TokenId>(first + (*random)() % (tokens.size() - first)); };
    const Merge merge = {pick(), pick()};
    const std::string merged = tokens[merge.left] + tokens[merge.right];
    if (merged.size() > 24) continue;
    model.merges.push_back(merge);
    if (std::find(tokens.begin(), tokens.end(), merged) == tokens.end()) add(merged);
  }
  spec.vocabulary = std::move(builder).Build().value();
  spec.model = std::move(model);
  return spec;
}

// Some of them tokens that the model makes too.
std::vector<AddedToken> RandomAddedTokens(std::mt19937* random, const Vocabulary& vocabulary) {
  std::vector<AddedToken> added = {{0, "<unk>"}, {1, "aT"}};
  for (const char* content : {"\n", "\n\n", "\t", "a", " ", "7", "\n "}) {
    if ((*random)() % 3 != 0) continue;
    AddedToken token;
    token.content = content;
    token.id = vocabulary.Find(content);
    if (token.id == kNoToken) token.id = 2;
    token.lstrip = (*random)() % 8 == 0;
    token.rstrip = (*random)() % 8 == 0;
    token.single_word = (*random)() % 8 == 0;
    added.push_back(token);
  }
  return added;
}

using pretokenizer::PrependScheme;

normalizer::Replace Replacing(const std::string& text, bool is_regex, const std::string& content) {
  normalizer::Replace replace;
  replace.pattern.text = text;
  replace.pattern.is_regex = is_regex;
  replace.content = content;
  return replace;
}

void SetPipeline(unsigned which, TokenizerSpec* spec) {
  const normalizer::Replace spell = Replacing(" ", /*is_regex=*/false, kMark);
  switch (which) {
    case 0: spec->normalizers = {spell}; return;
    case 1: spec->normalizers = {normalizer::Prepend{kMark}, spell}; return;
    case 2: spec->normalizers = {spell, normalizer::Prepend{"a" + kMark}}; return;
    case 3: spec->normalizers = {normalizer::Prepend{" "}, spell}; break;
    case 4: spec->pre_tokenizers = {pretokenizer::Metaspace{0x2581, PrependScheme::kAlways, false}}; return;
    case 5: spec->pre_tokenizers = {pretokenizer::Metaspace{0x2581, PrependScheme::kFirst, false}}; return;
    case 6: spec->pre_tokenizers = {pretokenizer::Metaspace{0x2581, PrependScheme::kNever, false}}; return;
    case 7: spec->normalizers = {spell}; break;
    case 8: spec->normalizers = {spell, normalizer::Prepend{"a "}}; return;
    default: return;  // nothing at all
  }
  spec->pre_tokenizers = {
      pretokenizer::Split{{false, " "}, pretokenizer::Behavior::kMergedWithPrevious, false}};
}
constexpr unsigned kPipelines = 10;

// Any two neighbours merge into a piece. Some characters are in pieces and no piece themselves.
TokenizerSpec RandomSentencePieceSpec(std::mt19937* random, bool byte_fallback, TokenKind odd_kind) {
  TokenizerSpec spec;
  BpeModelSpec model;
  model.mode = BpeModelSpec::Mode::kSentencePiece;
  model.byte_fallback = byte_fallback;
  VocabularyBuilder builder;
  TokenId id = 0;
  const auto add = [&](const std::string& piece, TokenKind kind) {
    EXPECT_TRUE(builder.Add(id++, piece, kind, -static_cast<double>((*random)() % 40)).ok());
  };
  add("<unk>", TokenKind::kUnknown);
  for (unsigned b = 0; b < 256; ++b) add(absl::StrFormat("<0x%02X>", b), TokenKind::kByte);
  std::set<std::string> pieces;
  for (const std::string& character : Characters()) {
    if ((*random)() % 3 != 0) pieces.insert(character);
  }
  for (size_t n = (*random)() % 80; n > 0; --n) {
    std::string piece;
    for (size_t i = 2 + (*random)() % 4; i > 0; --i) piece += Characters()[(*random)() % Characters().size()];
    pieces.insert(piece);
  }
  for (const std::string& piece : pieces) {
    add(piece, (*random)() % 20 == 0 ? odd_kind : TokenKind::kNormal);
  }
  spec.vocabulary = std::move(builder).Build().value();
  spec.model = std::move(model);
  spec.unicode_profile = UnicodeProfileName::kSentencePiece;
  spec.normalizers = {normalizer::SentencePiece{"", (*random)() % 2 == 0, (*random)() % 4 == 0,
                                                (*random)() % 2 == 0, (*random)() % 6 == 0}};
  return spec;
}

// Encode, Count and EncodeWithSpans agree; how many texts there were that were encoded directly.
size_t CheckTexts(const Tokenizer& tokenizer, std::mt19937* random, int n_texts) {
  for (int i = 0; i < n_texts; ++i) {
    const std::string text = RandomText(random, (*random)() % (i % 10 == 0 ? 900 : 30));
    const absl::StatusOr<Encoding> expected = tokenizer.EncodeWithSpans(text);
    const absl::StatusOr<std::vector<TokenId>> ids = tokenizer.Encode(text);
    EXPECT_EQ(ids.ok(), expected.ok());
    if (!ids.ok()) continue;
    EXPECT_EQ(*ids, expected->ids) << testing::PrintToString(text);
    EXPECT_EQ(tokenizer.Count(text).value(), ids->size());
  }
  return TokenizerImpl::Of(tokenizer).direct() != nullptr ? static_cast<size_t>(n_texts) : 0;
}

TEST(DirectTextTest, IdsAreThoseOfTheWholeText) {
  std::mt19937 random(1);
  size_t n_direct = 0;
  for (unsigned round = 0; round < 450; ++round) {
    TokenizerSpec spec = RandomSpec(&random, random() % 60, {});
    SetPipeline(round % kPipelines, &spec);
    if (random() % 3 != 0) spec.added_tokens = RandomAddedTokens(&random, spec.vocabulary);
    n_direct += CheckTexts(Tokenizer::Create(std::move(spec)).value(), &random, 40);
  }
  EXPECT_GT(n_direct, 10000u);
}

TEST(DirectTextTest, UnknownCharactersAreSeenAcrossCutsOnlyWhereTextIsNotCut) {
  std::mt19937 random(2);
  size_t n_direct = 0;
  for (unsigned round = 0; round < 200; ++round) {
    const Unknowns unknowns = {random() % 2 == 0, random() % 2 == 0, random() % 2 == 0};
    TokenizerSpec spec = RandomSpec(&random, random() % 60, unknowns);
    if (random() % 4 == 0) std::get<BpeModelSpec>(spec.model).unk_token.reset();
    SetPipeline(round % kPipelines, &spec);
    n_direct += CheckTexts(Tokenizer::Create(std::move(spec)).value(), &random, 20);
  }
  EXPECT_GT(n_direct, 500u);
}

TEST(DirectTextTest, IdsOfSentencePieceAreThoseOfTheWholeText) {
  std::mt19937 random(6);
  size_t n_direct = 0;
  for (unsigned round = 0; round < 300; ++round) {
    const TokenKind odd_kind = round % 8 == 0   ? TokenKind::kUnused
                               : round % 8 == 1 ? TokenKind::kUserDefined
                                                : TokenKind::kNormal;
    TokenizerSpec spec = RandomSentencePieceSpec(&random, /*byte_fallback=*/round % 5 != 0, odd_kind);
    n_direct += CheckTexts(Tokenizer::Create(std::move(spec)).value(), &random, 30);
  }
  EXPECT_GT(n_direct, 3000u);
}

TEST(DirectTextTest, ALongDocumentIsCutForThreadsWithTheSameIds) {
  std::mt19937 random(3);
  for (const unsigned which : {1u, 4u, 5u}) {  // with a prefix
    TokenizerSpec spec = RandomSpec(&random, 40, {});
    SetPipeline(which, &spec);
    spec.added_tokens = {{0, "<unk>"}};
    const Tokenizer tokenizer = Tokenizer::Create(std::move(spec)).value();
    const std::string text = RandomText(&random, 1'300'000) + "<unk>" + RandomText(&random, 200'000);
    ASSERT_GT(text.size(), size_t{2} << 20);
    EXPECT_EQ(tokenizer.EncodeParallel(text, {}, 3).value(), tokenizer.EncodeWithSpans(text)->ids);
  }
}

// Added tokens that are pieces do not end a batch: in jobs as in whole documents.
TEST(DirectTextTest, LongDocumentsFullOfAddedTokensHaveTheSameIds) {
  std::mt19937 random(7);
  size_t n_direct = 0;
  for (unsigned round = 0; round < 24 && n_direct < 6; ++round) {
    TokenizerSpec spec = RandomSpec(&random, 40, {});
    SetPipeline(round % 3 == 0 ? 6 : 0, &spec);  // without a prefix
    spec.added_tokens = RandomAddedTokens(&random, spec.vocabulary);
    const Tokenizer tokenizer = Tokenizer::Create(std::move(spec)).value();
    if (TokenizerImpl::Of(tokenizer).direct() == nullptr) continue;
    ++n_direct;
    const std::string text = RandomText(&random, 1'500'000);
    ASSERT_GT(text.size(), size_t{2} << 20);
    const std::vector<TokenId> expected = tokenizer.EncodeWithSpans(text)->ids;
    for (unsigned n_threads = 2; n_threads <= 16; n_threads *= 2) {
      ASSERT_TRUE(*tokenizer.EncodeParallel(text, {}, n_threads) == expected);
    }
  }
  EXPECT_EQ(n_direct, 6u);
}

TEST(DirectTextTest, JobsThatFindASpecialTokenSayWhere) {
  std::mt19937 random(8);
  TokenizerSpec spec = RandomSpec(&random, 0, {});
  SetPipeline(0, &spec);
  spec.added_tokens = {{.id = 0, .content = "<unk>", .special = true}};
  const Tokenizer tokenizer = Tokenizer::Create(std::move(spec)).value();
  ASSERT_NE(TokenizerImpl::Of(tokenizer).direct(), nullptr);
  std::string text = RandomText(&random, 1'500'000);
  while (text.size() < size_t{4} << 20) text += text;
  text.insert(text.find(' ', 3 << 20), "<unk>");
  text.insert(text.find(' ', 4 << 20), "<unk>");
  const absl::Status expected = tokenizer.Encode(text).status();
  EXPECT_EQ(ErrorCodeOf(expected), ErrorCode::kSpecialInText);
  EXPECT_EQ(tokenizer.EncodeParallel(text, {}, 5).status().message(), expected.message());
}

TEST(DirectTextTest, TextWithoutBlanksIsCutForThreadsToo) {
  std::mt19937 random(4);
  TokenizerSpec spec = RandomSpec(&random, 0, {});
  SetPipeline(0, &spec);
  const Tokenizer tokenizer = Tokenizer::Create(std::move(spec)).value();
  const DirectText& direct = *TokenizerImpl::Of(tokenizer).direct();
  std::string han;
  while (han.size() < 9000) han += "\xE4\xB8\xAD";
  const size_t cut = direct.SafeCut(han, 0, 8000);
  EXPECT_GT(cut, 3000u);
  EXPECT_LE(cut, 8000u);
  EXPECT_EQ(cut % 3, 0u);
}

TEST(DirectTextTest, WhatChangesMoreThanTheBlankIsNormalizedFirst) {
  std::mt19937 random(5);
  const TokenizerSpec base = RandomSpec(&random, 30, {});
  const auto is_direct = [](TokenizerSpec spec) {
    return TokenizerImpl::Of(Tokenizer::Create(std::move(spec)).value()).direct() != nullptr;
  };
  EXPECT_TRUE(is_direct(base));
  const auto with = [&](auto change) {
    TokenizerSpec spec = base;
    change(&spec, &std::get<BpeModelSpec>(spec.model));
    return is_direct(std::move(spec));
  };
  using Spec = TokenizerSpec;
  using Bpe = BpeModelSpec;
  EXPECT_TRUE(with([](Spec* s, Bpe*) { s->normalizers = {Replacing(" ", false, kMark)}; }));
  EXPECT_FALSE(with([](Spec* s, Bpe*) { s->normalizers = {Replacing("a", false, "b")}; }));
  EXPECT_FALSE(with([](Spec* s, Bpe*) { s->normalizers = {Replacing(" ", true, kMark)}; }));
  EXPECT_FALSE(with([](Spec* s, Bpe*) { s->normalizers = {Replacing(" ", false, "ab")}; }));
  EXPECT_FALSE(with([](Spec* s, Bpe*) { s->normalizers = {normalizer::Lowercase{}}; }));
  EXPECT_FALSE(with([](Spec* s, Bpe*) {
    s->pre_tokenizers = {pretokenizer::Split{{false, " "}, pretokenizer::Behavior::kRemoved, false}};
  }));
  EXPECT_FALSE(with([](Spec* s, Bpe*) { s->pre_tokenizers = {pretokenizer::Metaspace{}}; }));
  EXPECT_FALSE(with([](Spec* s, Bpe*) { s->pre_tokenizers = {pretokenizer::Whitespace{}}; }));
  EXPECT_FALSE(with([](Spec* s, Bpe*) {
    s->added_tokens = {{0, "<unk>"}};
    s->added_tokens[0].normalized = true;
  }));
  EXPECT_FALSE(with([](Spec*, Bpe* m) { m->ignore_merges = true; }));
  EXPECT_FALSE(with([](Spec*, Bpe* m) { m->end_of_word_suffix = "</w>"; }));
}

}  // namespace
}  // namespace tok
