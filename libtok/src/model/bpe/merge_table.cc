#include "src/model/bpe/merge_table.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/model/bpe/bpe_reference.h"
#include "src/model/bpe/merge_symbols.h"

namespace tok {
namespace {
// No honest table has so many used slots in a row; rules made to collide would, and make every search slow.
constexpr size_t kMaxRun = 512;
constexpr size_t kBucket = MergeTable::kBucket;

// A cache line.
struct alignas(64) Bucket {
  MergeRule slots[kBucket];
};
static_assert(sizeof(Bucket) == kBucket * sizeof(MergeRule) && kMaxRun % kBucket == 0);

struct SlotCheck {
  size_t n_rules = 0;
  bool too_full = false, half_empty = false, outside = false;
};

// Runs whenever an image loads: a slot is one vector of four lanes, and nothing branches on whether it is used, which
// is as good as random.
SlotCheck CheckSlots(std::span<const MergeRule> slots, uint32_t n_ids) {
  using Lanes = uint32_t __attribute__((vector_size(16)));
  constexpr Lanes kEmpty = {kNoToken, kNoToken, kNoRank, kNoToken};
  const Lanes limits = {n_ids, n_ids, kRankLimit, n_ids};
  SlotCheck check;
  Lanes mixed = {}, outside = {};
  for (size_t begin = 0; begin < slots.size(); begin += kMaxRun) {
    const std::span<const MergeRule> block = slots.subspan(begin, std::min(kMaxRun, slots.size() - begin));
    Lanes n_used = {}, n_last_used = {};
    for (size_t i = 0; i < block.size(); i += kBucket) {
      Lanes used = {};
      for (const MergeRule& slot : block.subspan(i, kBucket)) {
        Lanes lanes;
        std::memcpy(&lanes, &slot, sizeof(lanes));
        used = static_cast<Lanes>(lanes != kEmpty);  // all bits of a lane or none
        n_used -= used;
        mixed |= used ^ __builtin_shufflevector(used, used, 0, 0, 0, 0);
        outside |= static_cast<Lanes>(lanes + 1 > limits);  // an empty lane + 1 is 0
      }
      n_last_used -= used;
    }
    check.too_full |= n_last_used[0] * kBucket == block.size();  // no search would end here
    check.n_rules += n_used[0];
  }
  const auto any = [](const Lanes& lanes) { return (lanes[0] | lanes[1] | lanes[2] | lanes[3]) != 0; };
  check.half_empty = any(mixed);
  check.outside = any(outside);
  return check;
}

}  // namespace

MergeTable::Search MergeTable::BeginNothing() const {
  const MergeRule* bucket = slots_.data();
  while (bucket[kBucket - 1].left != kNoToken) bucket += kBucket;
  return {bucket, PairOf(0, kNoToken)};
}

MergeTable::MergeTable() : MergeTable(MergeTableBuilder(0).table()) {}

MergeTableBuilder::MergeTableBuilder(size_t max_rules) : table_({}, 0, nullptr) {
  const size_t n_slots = std::bit_ceil(std::max(kBucket, max_rules * 2));
  auto buckets = std::make_shared<std::vector<Bucket>>(n_slots / kBucket);
  slots_ = {buckets->data()->slots, n_slots};
  table_ = MergeTable(slots_, 0, std::move(buckets));
}

void MergeTableBuilder::Add(const MergeRule& rule) {
  auto i = static_cast<size_t>(table_.Begin(rule.left, rule.right).bucket - slots_.data());
  MergeRule* slot = &slots_[i];
  for (size_t run = 0; slot->left != kNoToken && (slot->left != rule.left || slot->right != rule.right);) {
    if (++run > kMaxRun) {
      crowded_ = true;
      return;
    }
    i = (i + 1) & (slots_.size() - 1);
    slot = &slots_[i];
  }
  table_.n_rules_ += slot->left == kNoToken;
  *slot = rule;
}

absl::StatusOr<MergeTable> MergeTableBuilder::Build() && {
  if (crowded_) {
    return MakeError(ErrorCode::kLimit, "merges", "too many merges with one hash",
                     "the tokenizer was made to load slowly: do not use it");
  }
  return std::move(table_);
}

absl::StatusOr<MergeTable> MergeTable::FromStorage(std::span<const MergeRule> slots, size_t n_ids,
                                                   std::shared_ptr<const void> owner) {
  if (slots.size() < kBucket || !std::has_single_bit(slots.size())) {
    return MakeError(ErrorCode::kBadFormat, "merge table", "its size is not a power of two of four or more");
  }
  const SlotCheck check = CheckSlots(slots, static_cast<uint32_t>(n_ids));
  if (check.too_full) {
    return MakeError(ErrorCode::kBadFormat, "merge table", "too full to be searched fast");
  }
  if (check.half_empty) {
    return MakeError(ErrorCode::kBadFormat, "merge table", "a slot is neither a rule nor empty");
  }
  if (check.outside) {
    return MakeError(ErrorCode::kBadFormat, "merge table",
                     "a merge names an id outside the vocabulary, or a rank too high");
  }
  return MergeTable(slots, check.n_rules, std::move(owner));
}

absl::StatusOr<MergeTable> BuildMergeListTable(const BpeModelSpec& spec, const Vocabulary& vocabulary) {
  if (spec.merges.size() > kRankLimit) {
    return MakeError(ErrorCode::kLimit, "merges", Concat(spec.merges.size(), " merges"),
                     Concat("at most ", kRankLimit, " are supported"));
  }
  MergeTableBuilder builder(spec.merges.size());
  const size_t n_prefix = spec.continuing_subword_prefix.size();
  std::string merged;
  for (size_t rank = 0; rank < spec.merges.size(); ++rank) {
    const Merge& merge = spec.merges[rank];
    if (!vocabulary.Contains(merge.left) || !vocabulary.Contains(merge.right)) {
      return MakeError(ErrorCode::kBadMerges, Concat("merge ", rank),
                       "names a token that is not in the vocabulary");
    }
    const std::string_view left = vocabulary.Bytes(merge.left), right = vocabulary.Bytes(merge.right);
    TokenId id = kNoToken;
    if (right.size() >= n_prefix) {
      merged.assign(left);
      merged += right.substr(n_prefix);
      id = vocabulary.Find(merged);
    }
    if (id == kNoToken) {
      return MakeError(ErrorCode::kBadMerges, Concat("merge ", rank),
                       Concat("'", left, "' + '", right, "' gives no token of the vocabulary"),
                       "add the merged token or remove the merge");
    }
    builder.Add({merge.left, merge.right, static_cast<uint32_t>(rank), id});
  }
  return std::move(builder).Build();
}

namespace {

// Rules in order of rank. The merges of a token's bytes by the rules found so far (all of lower rank) nearly always
// leave two symbols: its pair. The ids of the others are appended to `undecided`.
absl::StatusOr<MergeTable> RulesByRank(const Vocabulary& vocabulary, std::span<const TokenId, 256> byte_ids,
                                       std::vector<TokenId>* undecided) {
  MergeTableBuilder builder(vocabulary.n_tokens());
  std::vector<TokenId> symbols;
  MergeScratch scratch;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    const std::string_view bytes = vocabulary.Bytes(id);
    if (vocabulary.Kind(id) != TokenKind::kNormal || bytes.size() < 2) continue;
    symbols.clear();
    for (const char byte : bytes) symbols.push_back(byte_ids[static_cast<unsigned char>(byte)]);
    MergeSymbols(builder.table(), &symbols, &scratch);
    if (symbols.size() == 2) {
      builder.Add({symbols[0], symbols[1], id, id});
    } else {
      undecided->push_back(id);
    }
  }
  return std::move(builder).Build();
}

}  // namespace

absl::StatusOr<MergeTable> BuildRankTable(const Vocabulary& vocabulary,
                                          std::span<const TokenId, 256> byte_ids) {
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (vocabulary.Kind(id) == TokenKind::kNormal && vocabulary.Bytes(id).size() > kMaxRankTokenBytes) {
      return MakeError(ErrorCode::kLimit, Concat("id ", id),
                       Concat("a token of ", vocabulary.Bytes(id).size(), " bytes; at most ",
                              kMaxRankTokenBytes, " are supported in a rank vocabulary"));
    }
  }
  std::vector<TokenId> undecided;
  TOK_ASSIGN_OR_RETURN(MergeTable table, RulesByRank(vocabulary, byte_ids, &undecided));
  // An undecided token that merging cannot reach needs no rule, and that is what they nearly always are. One that
  // needs a merge of HIGHER rank on its way may also have misled the tokens behind it: then the definition decides
  // for all.
  Merge pair;
  const bool misled = std::any_of(undecided.begin(), undecided.end(), [&](TokenId id) {
    return LastMergeByRank(vocabulary, byte_ids, vocabulary.Bytes(id), &pair);
  });
  if (!misled) return table;
  MergeTableBuilder builder(vocabulary.n_tokens());
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    const std::string_view bytes = vocabulary.Bytes(id);
    if (vocabulary.Kind(id) != TokenKind::kNormal || bytes.size() < 2) continue;
    if (LastMergeByRank(vocabulary, byte_ids, bytes, &pair)) builder.Add({pair.left, pair.right, id, id});
  }
  return std::move(builder).Build();
}

}  // namespace tok
