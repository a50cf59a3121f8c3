// cuda/tables/pair_table.h: pair of tokens -> what they merge to, and when, for lookup by every lane at once.
//
// Model: slots of 16 bytes; a pair lies in its first home, or in one of those behind it before the first empty slot.
#ifndef TOK_CUDA_TABLES_PAIR_TABLE_H_
#define TOK_CUDA_TABLES_PAIR_TABLE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "cuda/base/device_code.h"

namespace tok::cuda {

inline constexpr uint32_t kNothing = 0xFFFFFFFFu;
// Beside the merged token: its pair may merge with a neighbour before the pair's next occurrence does, so that not all
// occurrences may be merged at once. True of rules that merge after one that has what they make as a part.
inline constexpr uint32_t kOneAtATime = 1u << 31;

struct alignas(16) PairSlot {
  uint32_t left = kNothing, right = kNothing;  // both kNothing: empty
  uint32_t rank = kNothing;                    // lower merges first
  uint32_t merged = kNothing;                  // and perhaps kOneAtATime
};

// Of memory of the host or of the device.
struct PairTableView {
  const PairSlot* slots;
  unsigned log_slots;

  TOK_DEVICE_METHOD uint32_t Home(uint32_t left, uint32_t right) const {
    const uint32_t sum = left * 0x9E3779B1u + right * 0x85EBCA77u;
    return ((sum ^ sum >> 15) * 0x2C1B3C6Du) >> (32 - log_slots);
  }
};

class PairTable {
 public:
  // For n_pairs, of which no two are the same.
  explicit PairTable(size_t n_pairs) {
    while (size_t{1} << log_slots_ < 2 * n_pairs) ++log_slots_;
    slots_.resize(size_t{1} << log_slots_);
  }
  void Insert(const PairSlot& pair) {
    uint32_t home = view().Home(pair.left, pair.right);
    while (slots_[home].merged != kNothing) home = (home + 1) & static_cast<uint32_t>(slots_.size() - 1);
    slots_[home] = pair;
  }
  PairTableView view() const { return {slots_.data(), log_slots_}; }
  std::span<const PairSlot> slots() const { return slots_; }

 private:
  unsigned log_slots_ = 4;
  std::vector<PairSlot> slots_;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_TABLES_PAIR_TABLE_H_
