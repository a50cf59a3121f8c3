// model/bpe/merge_table.h: pair of tokens -> priority and merged token, in one flat hash table.
//
// Model: lower rank merges first. Four slots are a bucket, one cache line; a pair lies in the bucket of its hash, or in the
// next one that was not full. The slots are plain data, so that a frozen image can lend them (mmap).
// Cost: Find is one cache line (nearly always) without a branch on where in it the pair lies; 16 bytes a slot, at most
// half of them used.
// Threads: immutable and shareable.
#ifndef TOK_SRC_MODEL_BPE_MERGE_TABLE_H_
#define TOK_SRC_MODEL_BPE_MERGE_TABLE_H_

#include <algorithm>
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
inline constexpr uint32_t kRankLimit = (uint32_t{1} << 27) - 1;  // every rank is below

struct MergeRule {
  TokenId left = kNoToken;  // kNoToken: an empty slot
  TokenId right = kNoToken;
  uint32_t rank = kNoRank;
  TokenId merged = kNoToken;
};
static_assert(sizeof(MergeRule) == 16, "the frozen image stores rules as they are");

class MergeTable {
 public:
  static constexpr size_t kBucket = 4;  // slots

  MergeTable();
  // Borrows slots that `owner` keeps alive. Errors: TOK-E020 if they are not a sound table over ids < n_ids.
  static absl::StatusOr<MergeTable> FromStorage(std::span<const MergeRule> slots, size_t n_ids,
                                                std::shared_ptr<const void> owner);

  // Its low bits choose the bucket where the search for a pair begins.
  static size_t Hash(TokenId left, TokenId right) { return HashOf(PairOf(left, right)); }

  // The rule for the pair; an empty one (rank kNoRank) if there is none.
  const MergeRule& Find(TokenId left, TokenId right) const { return Finish(Begin(left, right)); }

  // The same in two steps, with time between them for Prefetch to work.
  struct Search {
    const MergeRule* bucket;
    uint64_t pair;
  };
  Search Begin(TokenId left, TokenId right) const {
    const uint64_t pair = PairOf(left, right);
    return {&slots_[HashOf(pair) & bucket_mask_], pair};
  }
  static void Prefetch(const Search& search) { __builtin_prefetch(search.bucket); }
  const MergeRule& Finish(const Search& search) const {
    for (const MergeRule* bucket = search.bucket;; bucket = NextBucket(bucket)) {
      // Which slot it is, and whether there is a rule at all, is as good as random: nothing branches on it. Where a forged
      // image has the pair twice it is one of the two. Buckets are filled from the front: what is in none of the first
      // three is in the last, or nowhere if that is empty.
      const auto is_wanted = [&](size_t k) { return size_t{PairOf(bucket[k]) == search.pair}; };
      const MergeRule& slot =
          bucket[3 ^ (is_wanted(0) * 3 | is_wanted(1) * 2 | (is_wanted(2) & ~is_wanted(1)))];
      // The minimum, because compilers make two branches of "wanted or empty", and which of the two is random too.
      const uint64_t pair = PairOf(slot);
      if (std::min(pair ^ search.pair, pair ^ PairOf(kNoToken, kNoToken)) == 0) [[likely]]
        return slot;
    }
  }

  // A search that ends at once and finds nothing, always in one place.
  Search BeginNothing() const;

  std::span<const MergeRule> slots() const { return slots_; }
  size_t n_rules() const { return n_rules_; }

 private:
  friend class MergeTableBuilder;
  static uint64_t PairOf(TokenId left, TokenId right) { return left | uint64_t{right} << 32; }
  static size_t HashOf(uint64_t pair) { return static_cast<size_t>((pair * 0x9E3779B97F4A7C15u) >> 32); }
  static uint64_t PairOf(const MergeRule& slot) {
    uint64_t pair;
    std::memcpy(&pair, &slot, sizeof(pair));
    return pair;
  }

  const MergeRule* NextBucket(const MergeRule* bucket) const {
    return &slots_[(static_cast<size_t>(bucket - slots_.data()) + kBucket) & bucket_mask_];
  }

  // The number of slots is a power of two, a multiple of kBucket.
  MergeTable(std::span<const MergeRule> slots, size_t n_rules, std::shared_ptr<const void> owner)
      : slots_(slots),
        bucket_mask_((slots.size() - 1) & ~(kBucket - 1)),
        n_rules_(n_rules),
        owner_(std::move(owner)) {}

  std::span<const MergeRule> slots_;
  size_t bucket_mask_;  // of a hash: the first slot of its bucket
  size_t n_rules_;
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
  std::span<MergeRule> slots_;
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
