// A LiB lexicon as a tokenizer: any text, fewest units, and the lexicon back after files.
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "tests/support/temp_dir.h"
#include "tests/unit/train/lib_corpora.h"
#include "tok/formats.h"
#include "tok/tokenizer.h"
#include "tok/train_lib.h"

namespace tok {
namespace {

Tokenizer TokenizerOf(const LibLexicon& lexicon) {
  auto spec = FewestUnitsSpec(lexicon);
  EXPECT_TRUE(spec.ok()) << spec.status();
  auto tokenizer = Tokenizer::Create(*std::move(spec));
  EXPECT_TRUE(tokenizer.ok()) << tokenizer.status();
  return *std::move(tokenizer);
}

// Fewest chunks from any place to the end, then the smallest sum of ranks, by trying everything.
struct Best {
  uint64_t n_chunks, rank_sum;
  friend auto operator<=>(const Best&, const Best&) = default;
};
Best FewestUnits(const LibLexicon& lexicon, std::string_view text) {
  std::vector<Best> best(text.size() + 1, Best{0, 0});
  for (size_t i = text.size(); i-- > 0;) {
    best[i] = {best[i + 1].n_chunks + 1, best[i + 1].rank_sum + lexicon.units.size() + 1};
    for (uint64_t rank = 0; rank < lexicon.units.size(); ++rank) {
      const std::string& unit = lexicon.units[rank];
      if (!text.substr(i).starts_with(unit)) continue;
      const Best& rest = best[i + unit.size()];
      best[i] = std::min(best[i], Best{rest.n_chunks + 1, rest.rank_sum + rank});
    }
  }
  return best[0];
}

TEST(LibSpecTest, FindsTheFewestUnitsAndSpellsAnyText) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    LibLexicon lexicon{LibSymbol::kByte, {}};
    for (const std::string& text : RandomSentences(seed, 25, 5)) {
      if (!text.empty() && std::find(lexicon.units.begin(), lexicon.units.end(), text) == lexicon.units.end())
        lexicon.units.push_back(text);
    }
    const Tokenizer tokenizer = TokenizerOf(lexicon);
    for (const std::string& sentence : RandomSentences(seed, 20, 30)) {
      const auto ids = tokenizer.Encode(sentence).value();
      ASSERT_EQ(tokenizer.Decode(ids).value(), sentence);
      uint64_t rank_sum = 0;
      for (const TokenId id : ids) rank_sum += std::min<uint64_t>(id, lexicon.units.size() + 1);
      // Bytes outside have ids from units.size() on: all cost the same.
      for (const TokenId id : ids) rank_sum += id == lexicon.units.size() ? 1 : 0;
      const Best best = FewestUnits(lexicon, sentence);
      ASSERT_EQ(ids.size(), best.n_chunks) << sentence;
      ASSERT_EQ(rank_sum, best.rank_sum) << sentence;
    }
  }
}

TEST(LibSpecTest, ACharacterOutsideCostsOneUnit) {
  // "a" and the character, or the unit "a\u4e16", then "b": with bytes at a unit each, "a" alone would never pay.
  const Tokenizer tokenizer = TokenizerOf({LibSymbol::kCodePoint, {"ab", "b", "a", "\u00e9", "b\u4e16b"}});
  EXPECT_EQ(tokenizer.Encode("\u00e9").value(), (std::vector<TokenId>{3}));        // not its bytes
  EXPECT_EQ(tokenizer.Encode("ab\u4e16").value().size(), 4u);                      // "ab", three bytes
  EXPECT_EQ(tokenizer.Encode("ab\u4e16b").value(), (std::vector<TokenId>{2, 4}));  // two units, not three
}

TEST(LibSpecTest, SaysThatItIsNotLibsOwnSegmenter) {
  const LibLexicon lexicon{LibSymbol::kCodePoint, {"a", "ab", "abc", "bcde", "c", "d", "e"}};
  const Tokenizer tokenizer = TokenizerOf(lexicon);
  ASSERT_EQ(tokenizer.warnings().size(), 1u);
  EXPECT_NE(tokenizer.warnings()[0].find("fewest units"), std::string::npos);
  EXPECT_EQ(tokenizer.Encode("abcde").value(), (std::vector<TokenId>{0, 3}));
  EXPECT_EQ(LibSegmenter::Create(lexicon)->Segment("abcde")->size(), 3u);
}

TEST(LibSpecTest, FilesGiveTheLexiconBack) {
  const auto sentences = SpeechSentences(500);
  const std::vector<LibLexicon> lexicons = {
      TrainLib(ViewsOf(sentences), {.n_steps = 40, .sentences_per_step = 100}).value(),
      TrainLib(ViewsOf(RandomSentences(4, 200, 20)), {.symbol = LibSymbol::kByte, .n_steps = 40}).value(),
      {LibSymbol::kCodePoint, {"\u4e16", " a\n\"\\", std::string(1, '\0')}},
      {LibSymbol::kByte, {"\x80", "\xFF\xFE", "a"}},
      {LibSymbol::kCodePoint, {}},
      {LibSymbol::kByte, {}}};
  const TempDir folder;
  for (const LibLexicon& lexicon : lexicons) {
    const TokenizerSpec spec = FewestUnitsSpec(lexicon).value();
    EXPECT_EQ(LibLexiconOf(spec).value(), lexicon);
    const Tokenizer tokenizer = TokenizerOf(lexicon);
    for (const std::string name : {"lib.json", "lib.tok"}) {
      const std::string path = folder.File(name);
      const auto written = name == "lib.tok" ? tokenizer.Save(path)
                                             : WriteTokenizer(spec, FormatForOutput(path).value(), path);
      ASSERT_TRUE(written.ok()) << written;
      const auto loaded = Tokenizer::Load(path);
      ASSERT_TRUE(loaded.ok()) << loaded.status();
      const auto back = LibLexiconOf(loaded->spec());
      ASSERT_TRUE(back.ok()) << back.status();
      EXPECT_EQ(*back, lexicon) << name;
      for (size_t i = 0; i < 50; ++i)
        EXPECT_EQ(loaded->Encode(sentences[i]).value(), tokenizer.Encode(sentences[i]).value());
    }
  }
}

TEST(LibSpecTest, OtherTokenizersAreNoLexicons) {
  const auto code = [](const TokenizerSpec& spec) { return ErrorCodeOf(LibLexiconOf(spec).status()); };
  TokenizerSpec spec = FewestUnitsSpec({LibSymbol::kCodePoint, {"a", "ab"}}).value();
  EXPECT_EQ(code(spec), ErrorCode::kNone);
  TokenizerSpec other_model = spec;
  other_model.model = WordLevelModelSpec{};
  EXPECT_EQ(code(other_model), ErrorCode::kUnsupportedFeature);
  TokenizerSpec other_alphabet = spec;
  other_alphabet.alphabet = VocabularyAlphabet::kText;  // in which a byte like 00 would have another spelling
  EXPECT_EQ(code(other_alphabet), ErrorCode::kUnsupportedFeature);
  for (const TokenId changed : {0u, 1u, 2u, 256u}) {
    VocabularyBuilder builder;
    for (TokenId id = 0; id < spec.vocabulary.size(); ++id) {
      const double score = spec.vocabulary.Score(id) - (id == changed ? 1 : 0);
      ASSERT_TRUE(builder.Add(id, spec.vocabulary.Bytes(id), TokenKind::kNormal, score).ok());
    }
    TokenizerSpec other_scores = spec;
    other_scores.vocabulary = std::move(builder).Build().value();
    EXPECT_EQ(code(other_scores), ErrorCode::kUnsupportedFeature) << changed;
  }
  EXPECT_EQ(ErrorCodeOf(FewestUnitsSpec({LibSymbol::kCodePoint, {"a", "a"}}).status()),
            ErrorCode::kBadVocabulary);
}

}  // namespace
}  // namespace tok
