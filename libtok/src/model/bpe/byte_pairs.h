// model/bpe/byte_pairs.h: the rules of pairs of single bytes, as an array: where every merge of a piece begins.
//
// Cost: Of() is one load; 512 KiB, of which text needs the few rows of its bytes in the cache. Build: 65,536 look-ups.
// Threads: immutable and shareable.
#ifndef TOK_SRC_MODEL_BPE_BYTE_PAIRS_H_
#define TOK_SRC_MODEL_BPE_BYTE_PAIRS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "src/model/bpe/merge_table.h"
#include "tok/status.h"
#include "tok/types.h"

namespace tok {

class BytePairs {
 public:
  struct Rule {
    uint32_t rank = kNoRank;
    TokenId merged = kNoToken;
  };

  static BytePairs Build(const std::array<TokenId, 256>& byte_ids, const MergeTable& merges);
  // Borrows rules that `owner` keeps alive. Errors: TOK-E020 if they are not 65,536, or name an
  // id >= n_ids or a rank >= kRankLimit.
  static absl::StatusOr<BytePairs> FromStorage(std::span<const Rule> rules, size_t n_ids,
                                               std::shared_ptr<const void> owner);

  const Rule& Of(unsigned char left, unsigned char right) const { return rules_[size_t{left} << 8 | right]; }
  std::span<const Rule> rules() const { return rules_; }

 private:
  std::span<const Rule> rules_;
  std::shared_ptr<const void> owner_;
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_BYTE_PAIRS_H_
