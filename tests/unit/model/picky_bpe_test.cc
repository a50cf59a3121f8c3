#include "src/model/bpe/picky_bpe.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tok/vocabulary.h"

namespace tok {
namespace {

using Event = PickyBpeModelSpec::Event;
constexpr Event::Kind kMerge = Event::Kind::kMerge, kSplit = Event::Kind::kSplit;
constexpr TokenId kAbc = 256, kDeleted = 257;

// All bytes, by value, and "abc".
Vocabulary MakeVocabulary() {
  VocabularyBuilder builder;
  for (unsigned byte = 0; byte < 256; ++byte) {
    EXPECT_TRUE(builder.Add(byte, std::string(1, static_cast<char>(byte)), TokenKind::kNormal).ok());
  }
  EXPECT_TRUE(builder.Add(kAbc, "abc", TokenKind::kNormal).ok());
  return *std::move(builder).Build();
}

const std::vector<Event> kEvents = {
    {kMerge, kDeleted, 'a', 'b'}, {kMerge, kAbc, kDeleted, 'c'}, {kSplit, kDeleted, 'a', 'b'}};

TEST(PickyBpeTest, DeletedTokensAreStepsOnly) {
  const auto model = *PickyBpe::Create({kEvents}, MakeVocabulary());
  const auto scratch = model->MakeScratch();
  std::vector<PieceToken> tokens;
  ASSERT_TRUE(model->Encode("ababcb", scratch.get(), &tokens).ok());
  EXPECT_EQ(tokens, (std::vector<PieceToken>{{'a', 0, 1}, {'b', 1, 2}, {kAbc, 2, 5}, {'b', 5, 6}}));
}

TEST(PickyBpeTest, EventsThatContradictEachOtherAreRefused) {
  const auto code = [](const std::vector<Event>& events) {
    return ErrorCodeOf(PickyBpe::Create({events}, MakeVocabulary()).status());
  };
  EXPECT_EQ(code(kEvents), ErrorCode::kNone);
  EXPECT_EQ(code({kEvents[0], kEvents[1]}), ErrorCode::kBadMerges);  // "ab" stays
  EXPECT_EQ(code({kEvents[1]}), ErrorCode::kBadMerges);              // "ab" was never made
  EXPECT_EQ(code({kEvents[2]}), ErrorCode::kBadMerges);
  EXPECT_EQ(code({{kMerge, kAbc, 'a', 'b'}}), ErrorCode::kBadMerges);      // too long
  EXPECT_EQ(code({{kSplit, 'a', 'a', 'b'}}), ErrorCode::kBadMerges);       // too short
  EXPECT_EQ(code({{kMerge, kAbc, 'a', 1000}}), ErrorCode::kBadMerges);     // no such token
  EXPECT_EQ(code({{kMerge, kNoToken, 'a', 'b'}}), ErrorCode::kBadMerges);  // none either
  EXPECT_EQ(code({{kMerge, kDeleted, kAbc, 'a'}, {kSplit, kDeleted, kAbc, 'a'}}),
            ErrorCode::kBadMerges);  // longer than any token that is left
}

// A place is merged and split again as often as its token is split: that many times for each string, and not as often as
// somebody writes into a file.
TEST(PickyBpeTest, EndlessWorkIsRefused) {
  const auto code = [](const std::vector<Event>& events) {
    return ErrorCodeOf(PickyBpe::Create({events}, MakeVocabulary()).status());
  };
  std::vector<Event> events;
  const auto repeat = [&](TokenId token) {
    events.push_back({kMerge, token, 'a', 'b'});
    events.push_back({kSplit, token, 'a', 'b'});
  };
  for (uint32_t i = 0; i < kMaxPickySplits; ++i) repeat(kDeleted);
  EXPECT_EQ(code(events), ErrorCode::kNone);
  repeat(kDeleted);
  EXPECT_EQ(code(events), ErrorCode::kBadMerges);
  // By many names.
  events.clear();
  for (TokenId i = 0; i < 2; ++i) repeat(kDeleted + i);
  EXPECT_EQ(code(events), ErrorCode::kBadMerges);
  // The same bytes of other parts.
  EXPECT_EQ(code({{kMerge, 257, 'a', 'b'},
                  {kMerge, 258, 'b', 'c'},
                  {kMerge, kAbc, 257, 'c'},
                  {kMerge, kAbc, 'a', 258},
                  {kSplit, 257, 'a', 'b'},
                  {kSplit, 258, 'b', 'c'}}),
            ErrorCode::kNone);
  // A token that is not what its parts are.
  EXPECT_EQ(code({{kMerge, 257, 'a', 'c'}, {kMerge, kAbc, 257, 'c'}, {kSplit, 257, 'a', 'c'}}),
            ErrorCode::kBadMerges);
}

TEST(PickyBpeTest, AllBytesAreNeeded) {
  VocabularyBuilder builder;
  ASSERT_TRUE(builder.Add(0, "a", TokenKind::kNormal).ok());
  const Vocabulary vocabulary = *std::move(builder).Build();
  EXPECT_EQ(ErrorCodeOf(PickyBpe::Create({}, vocabulary).status()), ErrorCode::kBadVocabulary);
}

}  // namespace
}  // namespace tok
