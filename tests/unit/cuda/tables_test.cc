// Tables of the device, made on the host: each finds what it should, and what it says is what the exact encoder does.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cuda/tables/host_tables.h"
#include "cuda/tables/join_bits.h"
#include "tests/unit/cuda/split_check.h"

namespace tok::cuda {
namespace {

Tokenizer Load(const char* name) {
  auto tokenizer = Tokenizer::Load(name);
  EXPECT_TRUE(tokenizer.ok()) << tokenizer.status();
  return *tokenizer;
}

std::vector<std::string> DrawTokens(std::mt19937* random, size_t n) {
  std::vector<std::string> tokens(n);
  for (std::string& token : tokens) {
    for (size_t length = 1 + (*random)() % 4; length > 0; --length)
      token.push_back(static_cast<char>('a' + (*random)() % 5));
  }
  return tokens;
}

// By the definition: whether two tokens can have a byte in common anywhere in some text.
bool CanMeet(std::string_view a, std::string_view b, bool is_same) {
  for (size_t shift = is_same ? 1 : 0; shift < a.size(); ++shift) {
    const size_t n = std::min(a.size() - shift, b.size());
    if (a.substr(shift, n) == b.substr(0, n)) return true;
  }
  return false;
}

TEST(TokenTrieTest, SimpleSetsAreThoseWhoseTokensCannotMeet) {
  std::mt19937 random(1);
  size_t n_simple = 0;
  for (int round = 0; round < 3000; ++round) {
    const std::vector<std::string> tokens = DrawTokens(&random, 1 + random() % 3);
    bool can_meet = false;
    for (size_t i = 0; i < tokens.size(); ++i) {
      for (size_t k = 0; k < tokens.size(); ++k) can_meet = can_meet || CanMeet(tokens[i], tokens[k], i == k);
    }
    const std::vector<std::string_view> views(tokens.begin(), tokens.end());
    ASSERT_EQ(TokenTrie::IsSimple(views), !can_meet) << tokens[0] << " " << tokens.back();
    n_simple += can_meet ? 0 : 1;
  }
  EXPECT_GT(n_simple, 300u);
}

TEST(TokenTrieTest, FindsTheShortestTokenThatBegins) {
  std::mt19937 random(2);
  for (int round = 0; round < 500; ++round) {
    const std::vector<std::string> tokens = DrawTokens(&random, 1 + random() % 20);
    const std::vector<std::string_view> views(tokens.begin(), tokens.end());
    const TokenTrie trie(views);
    std::string text;
    for (int i = 0; i < 40; ++i) text.push_back(static_cast<char>('a' + random() % 5));
    for (size_t at = 0; at < text.size(); ++at) {
      std::string_view shortest;
      for (const std::string_view token : views) {
        if (text.compare(at, token.size(), token) == 0 &&
            (shortest.empty() || token.size() < shortest.size()))
          shortest = token;
      }
      const TrieMatch found = trie.view().Find([&](uint32_t i) -> uint32_t {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0x100u;
      });
      ASSERT_EQ(found.token == kNoTrieToken, shortest.empty());
      if (shortest.empty()) continue;
      EXPECT_EQ(views[found.token], shortest);
      EXPECT_EQ(found.n_bytes, shortest.size());
    }
  }
}

TEST(WholeTokensTest, FindsThemAndNothingElse) {
  WholeTokens tokens(300);
  for (uint32_t i = 0; i < 300; ++i) tokens.Insert("token " + std::to_string(i * i), i);
  const auto find = [&](const std::string& bytes) {
    return tokens.view().Find(reinterpret_cast<const unsigned char*>(bytes.data()),
                              static_cast<uint32_t>(bytes.size()));
  };
  for (uint32_t i = 0; i < 300; ++i) {
    const WholeToken* const found = find("token " + std::to_string(i * i));
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(found->id, i);
  }
  EXPECT_EQ(find("token 2"), nullptr);
  EXPECT_EQ(find("token"), nullptr);
  const WholeTokens none(0);
  EXPECT_EQ(none.view().Find(reinterpret_cast<const unsigned char*>("a"), 1), nullptr);
}

TEST(HostTablesTest, PiecesHaveTheIdsOfTheEncoder) {
  for (const char* name : {"gpt2", "o200k_base"}) {
    const Tokenizer tokenizer = Load(name);
    const auto tables = MakeHostTables(tokenizer);
    ASSERT_TRUE(tables.ok()) << tables.status();
    size_t n_checked = 0, n_in_table = 0;
    for (TokenId id = 0; id < tokenizer.vocabulary().size(); id += 37) {
      const std::string bytes(tokenizer.vocabulary().Bytes(id));
      const auto* const slot = tables->pieces.Find(bytes);
      n_in_table += slot != nullptr ? 1 : 0;
      // Where it is a piece of its own, the whole tokenizer says what its ids are.
      const std::vector<bool> starts = ReferenceStarts(tables->family, bytes);
      if (slot == nullptr || std::ranges::count(starts, true) != 1) continue;
      const auto wanted = tokenizer.Encode(bytes, {.special = SpecialPolicy::Text()});
      if (!wanted.ok()) continue;  // a part of a character
      ++n_checked;
      EXPECT_EQ(std::vector<uint32_t>(slot->ids, slot->ids + slot->n_ids), *wanted) << bytes;
    }
    EXPECT_GT(n_checked, 1000u) << name;
    EXPECT_GT(n_in_table, n_checked);
    for (int byte = 0; byte < 256; ++byte)
      EXPECT_NE(tables->pieces.Find(std::string(1, static_cast<char>(byte))), nullptr) << byte;
  }
}

// Rules that are marked; of all, whether they are those that make a token which an earlier rule has as a part.
size_t CountMarked(const Tokenizer& tokenizer) {
  const auto tables = MakeHostTables(tokenizer);
  EXPECT_TRUE(tables.ok()) << tables.status();
  std::vector<uint32_t> first_use(tokenizer.vocabulary().size(), kNothing);
  for (const PairSlot& slot : tables->pairs.slots()) {
    if (slot.merged == kNothing) continue;
    for (const uint32_t part : {slot.left, slot.right})
      first_use[part] = std::min(first_use[part], slot.rank);
  }
  size_t n_marked = 0;
  for (const PairSlot& slot : tables->pairs.slots()) {
    if (slot.merged == kNothing) continue;
    const bool is_marked = (slot.merged & kOneAtATime) != 0;
    EXPECT_EQ(is_marked, first_use[slot.merged & ~kOneAtATime] < slot.rank);
    n_marked += is_marked ? 1 : 0;
  }
  return n_marked;
}

TEST(HostTablesTest, RulesWhoseProductMergesEarlierAreMarked) {
  const Tokenizer tiny = Load(TOK_SOURCE_DIR "/tests/cli/data/tiny.json");
  EXPECT_EQ(CountMarked(tiny), 0u);
  TokenizerSpec spec = tiny.spec();
  std::vector<Merge>& merges = std::get<BpeModelSpec>(spec.model).merges;
  std::ranges::reverse(merges);
  const auto reversed = Tokenizer::Create(std::move(spec));
  ASSERT_TRUE(reversed.ok()) << reversed.status();
  EXPECT_GT(CountMarked(*reversed), 0u);
}

TEST(JoinBitsTest, WhereItCutsPartsHaveTheIdsOfTheWhole) {
  const Tokenizer tokenizer = Load("o200k_base");
  const auto tables = MakeHostTables(tokenizer);
  ASSERT_TRUE(tables.ok()) << tables.status();
  const JoinBitsView joins{tables->joins.data()};
  const std::string text =
      "这些属于布尔运算按优先级升序排列如果为真值则返回其值否则求值操作仅在条件成立时执行";
  const auto three_at = [&](size_t i) {
    if (i >= text.size()) return JoinBitsView::kOther;
    uint32_t three = 0;
    for (size_t k = 0; k < 3; ++k) three |= uint32_t{static_cast<unsigned char>(text[i + k])} << (8 * k);
    return three;
  };
  const auto encode = [&](std::string_view part) { return *tokenizer.Encode(part); };
  const std::vector<TokenId> whole = encode(text);
  size_t n_cuts = 0;
  for (size_t i = 3; i < text.size(); i += 3) {
    const uint32_t before = i >= 6 ? three_at(i - 6) : JoinBitsView::kOther;
    if (joins.MayJoin(before, three_at(i - 3), three_at(i), three_at(i + 3))) continue;
    ++n_cuts;
    std::vector<TokenId> ids = encode(std::string_view(text).substr(0, i));
    const std::vector<TokenId> rest = encode(std::string_view(text).substr(i));
    ids.insert(ids.end(), rest.begin(), rest.end());
    EXPECT_EQ(ids, whole) << i;
  }
  EXPECT_GT(n_cuts, 10u);
}

}  // namespace
}  // namespace tok::cuda
