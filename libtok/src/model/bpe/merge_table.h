// model/bpe/merge_table.h: pair of tokens -> priority and merged token, in one flat hash table.
//
// Model: lower rank merges first. The slots are plain data, so that a frozen image can lend them (mmap).
// Cost: Find is one or two cache lines; 16 bytes a slot, at most half of them used.
// Threads: immutable and shareable.
#ifndef TOK_SRC_MODEL_BPE_MERGE_TABLE_H_
#define TOK_SRC_MODEL_BPE_MERGE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "tok/status.h"
#include "tok/tokenizer_spec.h"
#include "tok/types.h"
#include "tok/vocabulary.h"

namespace tok {

inline constexpr uint32_t kNoRank = 0xFFFFFFFFu;
inline constexpr uint32_t kRankLimit = (uint32_t{1} << 28) - 1;  // every rank is below

struct MergeRule {
  TokenId left = kNoToken;  // kNoToken: an empty slot
  TokenId right = kNoToken;
  uint32_t rank = kNoRank;
  TokenId merged = kNoToken;
};
static_assert(sizeof(MergeRule) == 16, "the frozen image stores rules as they are");

class MergeTable {
 public:
  MergeTable();
  // Borrows slots that `owner` keeps alive. Errors: TOK-E020 if they are not a sound table over ids < n_ids.
  static absl::StatusOr<MergeTable> FromStorage(std::span<const MergeRule> slots, size_t n_ids,
                                                std::shared_ptr<const void> owner);

  // Its low bits choose the slot where the search for a pair begins.
  static size_t Hash(TokenId left, TokenId right) {
    const uint64_t key = uint64_t{left} << 32 | right;
    return static_cast<size_t>((key * 0x9E3779B97F4A7C15u) >> 32);
  }

  // The rule for the pair; an empty one (rank kNoRank) if there is none.
  const MergeRule& Find(TokenId left, TokenId right) const {
    return FindFrom(Home(left, right), left, right);
  }

  // The same in two steps, with time between them for Prefetch to work: the slot where the search begins, and the search.
  size_t Home(TokenId left, TokenId right) const { return Hash(left, right) & mask_; }
  void Prefetch(size_t home) const { __builtin_prefetch(&slots_[home]); }
  const MergeRule& FindFrom(size_t home, TokenId left, TokenId right) const {
    constexpr uint64_t kEmpty = ~uint64_t{0};
    const uint64_t wanted = left | uint64_t{right} << 32;
    for (size_t i = home;; i = (i + 1) & mask_) {
      uint64_t pair;
      std::memcpy(&pair, &slots_[i], sizeof(pair));
      if ((pair == wanted) | (pair == kEmpty))
        return slots_[i];  // one branch: which of the two is unpredictable
    }
  }

  // A slot where every search ends at once and finds nothing.
  size_t EmptySlot() const;

  std::span<const MergeRule> slots() const { return slots_; }
  size_t n_rules() const { return n_rules_; }

 private:
  friend class MergeTableBuilder;
  explicit MergeTable(std::nullptr_t) {}  // no slots yet

  std::span<const MergeRule> slots_;
  size_t mask_ = 0;
  size_t n_rules_ = 0;
  std::shared_ptr<const void> owner_;
};

// Fills a table that can be read while it grows.
class MergeTableBuilder {
 public:
  explicit MergeTableBuilder(size_t max_rules);
  // Of rules with the same pair the last one counts (as in Hugging Face's map). At most max_rules calls.
  void Add(const MergeRule& rule);
  const MergeTable& table() const { return table_; }
  // Errors: TOK-E030 if hundreds of rules share a hash: then searching would not be fast.
  absl::StatusOr<MergeTable> Build() &&;

 private:
  std::shared_ptr<std::vector<MergeRule>> slots_;
  MergeTable table_;
  bool crowded_ = false;
};

// The table of a merge list: position in the list is the rank, and the merged token is the one spelled left + right
// (without the continuing prefix of right). Errors: TOK-E023 if that token is missing, TOK-E030 for kRankLimit merges and
// more and as in MergeTableBuilder::Build.
absl::StatusOr<MergeTable> BuildMergeListTable(const BpeModelSpec& spec, const Vocabulary& vocabulary);

// The table of a rank vocabulary (tiktoken): any two neighbours merge whose concatenation is a token, lowest id
// first. Every token that merging reaches at all is reached from exactly one pair, the one that the merges of its
// own bytes end with: so one rule a token is enough, and the table is a merge list with ids as ranks.
// `byte_ids[b]` is the token of byte b. Errors: TOK-E030 for tokens above kMaxRankTokenBytes.
absl::StatusOr<MergeTable> BuildRankTable(const Vocabulary& vocabulary,
                                          std::span<const TokenId, 256> byte_ids);
inline constexpr size_t kMaxRankTokenBytes = 1024;

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_MERGE_TABLE_H_
