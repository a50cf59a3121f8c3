#include "src/model/bpe/byte_pairs.h"

#include <utility>
#include <vector>

namespace tok {
namespace {
constexpr size_t kPairs = size_t{1} << 16;
}  // namespace

BytePairs BytePairs::Build(const std::array<TokenId, 256>& byte_ids, const MergeTable& merges) {
  auto rules = std::make_shared<std::vector<Rule>>(kPairs);
  for (size_t pair = 0; pair < kPairs; ++pair) {
    const MergeRule& rule = merges.Find(byte_ids[pair >> 8], byte_ids[pair & 0xFF]);
    (*rules)[pair] = {rule.rank, rule.merged};
  }
  BytePairs pairs;
  pairs.rules_ = *rules;
  pairs.owner_ = std::move(rules);
  return pairs;
}

absl::StatusOr<BytePairs> BytePairs::FromStorage(std::span<const Rule> rules, size_t n_ids,
                                                 std::shared_ptr<const void> owner) {
  bool sound = rules.size() == kPairs;
  for (const Rule& rule : rules)
    sound &= rule.rank == kNoRank || (rule.rank < kRankLimit && rule.merged < n_ids);
  if (!sound) return MakeError(ErrorCode::kBadFormat, "byte pairs", "malformed");
  BytePairs pairs;
  pairs.rules_ = rules;
  pairs.owner_ = std::move(owner);
  return pairs;
}

}  // namespace tok
