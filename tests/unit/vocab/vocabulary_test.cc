#include "tok/vocabulary.h"

#include <limits>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tok {
namespace {

using std::string_literals::operator""s;

Vocabulary MakeVocabulary(const std::vector<std::string>& tokens) {
  VocabularyBuilder builder;
  for (TokenId id = 0; id < tokens.size(); ++id) EXPECT_TRUE(builder.Add(id, tokens[id]).ok());
  absl::StatusOr<Vocabulary> vocabulary = std::move(builder).Build();
  EXPECT_TRUE(vocabulary.ok()) << vocabulary.status();
  return *std::move(vocabulary);
}

TEST(VocabularyTest, DefaultIsEmpty) {
  const Vocabulary vocabulary;
  EXPECT_EQ(vocabulary.size(), 0u);
  EXPECT_EQ(vocabulary.Find(""), kNoToken);
  EXPECT_EQ(vocabulary.Find("a"), kNoToken);
  EXPECT_FALSE(vocabulary.Contains(0));
  EXPECT_EQ(vocabulary.offsets().size(), 1u);
}

TEST(VocabularyTest, KeepsTokensAddedInAnyOrderWithGaps) {
  VocabularyBuilder builder;
  ASSERT_TRUE(builder.Add(7, "seven").ok());
  ASSERT_TRUE(builder.Add(0, "\0\xFF"s).ok());
  ASSERT_TRUE(builder.Add(3, "", TokenKind::kNormal).ok());
  ASSERT_TRUE(builder.Add(5, "<s>", TokenKind::kAdded).ok());
  EXPECT_TRUE(builder.Contains(5));
  EXPECT_FALSE(builder.Contains(4));
  const Vocabulary vocabulary = std::move(builder).Build().value();
  EXPECT_EQ(vocabulary.size(), 8u);
  EXPECT_EQ(vocabulary.n_tokens(), 4u);
  EXPECT_EQ(vocabulary.max_token_bytes(), 5u);
  EXPECT_EQ(vocabulary.Bytes(0), "\0\xFF"s);
  EXPECT_EQ(vocabulary.Bytes(1), "");
  EXPECT_EQ(vocabulary.Bytes(7), "seven");
  EXPECT_EQ(vocabulary.Find("\0\xFF"s), 0u);
  EXPECT_EQ(vocabulary.Find("seven"), 7u);
  EXPECT_EQ(vocabulary.Find(""), 3u);
  EXPECT_EQ(vocabulary.Find("seve"), kNoToken);
  EXPECT_EQ(vocabulary.Find("<s>"), kNoToken) << "added tokens are not for the model";
  EXPECT_EQ(vocabulary.Kind(4), TokenKind::kAbsent);
  EXPECT_EQ(vocabulary.Kind(100), TokenKind::kAbsent);
  EXPECT_FALSE(vocabulary.HasScores());
}

TEST(VocabularyTest, OnlyMatchableTokensMustDiffer) {
  VocabularyBuilder builder;
  ASSERT_TRUE(builder.Add(0, "x", TokenKind::kLiteral).ok());
  ASSERT_TRUE(builder.Add(1, "x", TokenKind::kAdded).ok());
  ASSERT_TRUE(builder.Add(2, "x", TokenKind::kByte).ok());
  EXPECT_EQ(std::move(builder).Build()->Find("x"), 2u);

  VocabularyBuilder clashing;
  ASSERT_TRUE(clashing.Add(4, "x").ok());
  ASSERT_TRUE(clashing.Add(9, "x", TokenKind::kControl).ok());
  EXPECT_EQ(ErrorCodeOf(std::move(clashing).Build().status()), ErrorCode::kBadVocabulary);
}

TEST(VocabularyTest, BuilderRefusesBadEntries) {
  VocabularyBuilder builder;
  ASSERT_TRUE(builder.Add(1, "a").ok());
  EXPECT_EQ(ErrorCodeOf(builder.Add(1, "b")), ErrorCode::kBadVocabulary);
  EXPECT_EQ(ErrorCodeOf(builder.Add(kMaxTokenId + 1, "b")), ErrorCode::kBadVocabulary);
  EXPECT_EQ(ErrorCodeOf(builder.Add(kNoToken, "b")), ErrorCode::kBadVocabulary);
  EXPECT_EQ(ErrorCodeOf(builder.Add(2, "b", TokenKind::kAbsent)), ErrorCode::kBadVocabulary);
  EXPECT_EQ(ErrorCodeOf(builder.Add(2, "b", TokenKind::kNormal, std::numeric_limits<double>::quiet_NaN())),
            ErrorCode::kBadVocabulary);
  EXPECT_TRUE(builder.Add(kMaxTokenId, "z").ok());
  EXPECT_EQ(std::move(builder).Build()->Find("z"), kMaxTokenId);
}

TEST(VocabularyTest, KeepsScores) {
  VocabularyBuilder builder;
  ASSERT_TRUE(builder.Add(1, "a", TokenKind::kNormal, -1.5).ok());
  ASSERT_TRUE(builder.Add(0, "<unk>", TokenKind::kUnknown).ok());
  const Vocabulary vocabulary = std::move(builder).Build().value();
  ASSERT_TRUE(vocabulary.HasScores());
  EXPECT_EQ(vocabulary.Score(1), -1.5);
  EXPECT_EQ(vocabulary.Score(0), 0.0);
}

TEST(VocabularyTest, FindsEveryTokenOfALargeVocabulary) {
  std::vector<std::string> tokens;
  for (int i = 0; i < 50000; ++i) tokens.push_back(std::string(i % 23, 'a') + std::to_string(i));
  const Vocabulary vocabulary = MakeVocabulary(tokens);
  for (TokenId id = 0; id < tokens.size(); ++id) {
    ASSERT_EQ(vocabulary.Find(tokens[id]), id);
    ASSERT_EQ(vocabulary.Find(tokens[id] + "x"), kNoToken);
  }
}

TEST(VocabularyTest, CopyOutlivesTheOriginal) {
  Vocabulary copy;
  {
    const Vocabulary original = MakeVocabulary({"a", "bc"});
    copy = original;
  }
  EXPECT_EQ(copy.Bytes(copy.Find("bc")), "bc");
}

// Parts of a stored vocabulary that a test may spoil.
struct Storage {
  std::vector<uint32_t> offsets;
  std::string blob;
  std::vector<TokenKind> kinds;
  std::vector<double> scores;
  std::vector<TokenId> slots;

  explicit Storage(const Vocabulary& vocabulary)
      : offsets(vocabulary.offsets().begin(), vocabulary.offsets().end()),
        blob(vocabulary.blob()),
        kinds(vocabulary.kinds().begin(), vocabulary.kinds().end()),
        scores(vocabulary.scores().begin(), vocabulary.scores().end()),
        slots(vocabulary.hash_slots().begin(), vocabulary.hash_slots().end()) {}
  absl::StatusOr<Vocabulary> Open() const {
    return Vocabulary::FromStorage(offsets, blob, kinds, scores, slots, nullptr);
  }
};

TEST(VocabularyStorageTest, GoesThroughStorageUnchanged) {
  const Vocabulary vocabulary = MakeVocabulary({"a", "b", "ab", "\xFF"});
  const Storage storage(vocabulary);
  const Vocabulary again = storage.Open().value();
  EXPECT_EQ(again.hash_slots().data(), storage.slots.data()) << "good slots are borrowed, not rebuilt";
  for (TokenId id = 0; id < vocabulary.size(); ++id) EXPECT_EQ(again.Find(vocabulary.Bytes(id)), id);
}

TEST(VocabularyStorageTest, RebuildsSlotsThatAreMissingOrUnusable) {
  const Storage good(MakeVocabulary({"a", "b", "ab", "abc", "c"}));
  const std::vector<std::vector<TokenId>> replacements = {
      {},                                              // absent
      {0, 1, 2},                                       // not a power of two
      {0, 1, 2, 3},                                    // no empty slot: a search would not end
      std::vector<TokenId>(16, kNoToken),              // tokens missing
      {0, 1, 2, 3, 99, kNoToken, kNoToken, kNoToken},  // id out of range
  };
  for (const std::vector<TokenId>& slots : replacements) {
    Storage storage = good;
    storage.slots = slots;
    const Vocabulary vocabulary = storage.Open().value();
    EXPECT_EQ(vocabulary.Find("abc"), 3u);
    EXPECT_EQ(vocabulary.Find("nothing"), kNoToken);
  }
}

TEST(VocabularyStorageTest, RefusesInconsistentStorage) {
  const Storage good(MakeVocabulary({"a", "bb", "ccc"}));
  using Spoil = void (*)(Storage*);
  const std::pair<const char*, Spoil> cases[] = {
      {"no offsets", [](Storage* s) { s->offsets.clear(); }},
      {"missing offset", [](Storage* s) { s->offsets.pop_back(); }},
      {"offset beyond the blob", [](Storage* s) { s->offsets.back() = 1000; }},
      {"decreasing offsets", [](Storage* s) { s->offsets[1] = 5, s->offsets[2] = 1; }},
      {"first offset not zero", [](Storage* s) { s->offsets[0] = 1; }},
      {"unknown kind", [](Storage* s) { s->kinds[1] = static_cast<TokenKind>(77); }},
      {"bytes of an absent id", [](Storage* s) { s->kinds[1] = TokenKind::kAbsent; }},
      {"scores of another size", [](Storage* s) { s->scores = {1.0}; }},
      {"score not finite",
       [](Storage* s) {
         s->scores = {1.0, std::numeric_limits<double>::infinity(), 0.0};
       }},
      {"equal tokens without slots",
       [](Storage* s) {
         s->blob = "aaaccc", s->offsets = {0, 1, 2, 6}, s->slots = {};
       }},
  };
  for (const auto& [name, spoil] : cases) {
    Storage storage = good;
    spoil(&storage);
    EXPECT_EQ(ErrorCodeOf(storage.Open().status()), ErrorCode::kBadVocabulary) << name;
  }
}

}  // namespace
}  // namespace tok
