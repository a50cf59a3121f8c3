// cuda/tables/whole_tokens.h: tokens that whole pieces are though merging does not reach them, and parts of pieces are not.
//
// Only those that the tables of pieces cannot have, which do not tell a piece from a part: few, or none.
#ifndef TOK_CUDA_TABLES_WHOLE_TOKENS_H_
#define TOK_CUDA_TABLES_WHOLE_TOKENS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cuda/base/device_code.h"

namespace tok::cuda {

struct WholeToken {
  uint32_t begin = 0;    // in the bytes of all
  uint32_t n_bytes = 0;  // 0: empty
  uint32_t id = 0;
  uint32_t hash = 0;
};

// Of memory of the host or of the device. A token lies in its home, or in one of the slots behind it before the first empty one.
struct WholeTokensView {
  const WholeToken* slots;
  const unsigned char* bytes;
  unsigned log_slots;
  bool is_empty;

  TOK_DEVICE_METHOD static uint32_t HashOf(const unsigned char* bytes, uint32_t n_bytes) {
    uint32_t hash = n_bytes;
    for (uint32_t i = 0; i < n_bytes; ++i) hash = (hash ^ bytes[i]) * 0x01000193u;
    return hash * 0x9E3779B1u;
  }
  // Null if it is not there.
  TOK_DEVICE_METHOD const WholeToken* Find(const unsigned char* piece, uint32_t n_bytes) const {
    if (is_empty) return nullptr;
    const uint32_t hash = HashOf(piece, n_bytes), mask = (1u << log_slots) - 1;
    for (uint32_t home = hash >> (32 - log_slots); slots[home].n_bytes != 0; home = (home + 1) & mask) {
      const WholeToken& slot = slots[home];
      if (slot.hash != hash || slot.n_bytes != n_bytes) continue;
      uint32_t n_same = 0;
      while (n_same < n_bytes && bytes[slot.begin + n_same] == piece[n_same]) ++n_same;
      if (n_same == n_bytes) return &slot;
    }
    return nullptr;
  }
};

class WholeTokens {
 public:
  // For n_tokens, of which no two are the same.
  explicit WholeTokens(size_t n_tokens) {
    while (size_t{1} << log_slots_ < 2 * n_tokens) ++log_slots_;
    slots_.resize(size_t{1} << log_slots_);
  }
  void Insert(std::string_view token, uint32_t id) {
    const auto n_bytes = static_cast<uint32_t>(token.size());
    const uint32_t hash =
        WholeTokensView::HashOf(reinterpret_cast<const unsigned char*>(token.data()), n_bytes);
    uint32_t home = hash >> (32 - log_slots_);
    while (slots_[home].n_bytes != 0) home = (home + 1) & static_cast<uint32_t>(slots_.size() - 1);
    slots_[home] = {static_cast<uint32_t>(bytes_.size()), n_bytes, id, hash};
    bytes_.insert(bytes_.end(), token.begin(), token.end());
  }
  WholeTokensView view() const { return {slots_.data(), bytes_.data(), log_slots_, bytes_.empty()}; }
  const std::vector<WholeToken>& slots() const { return slots_; }
  const std::vector<unsigned char>& bytes() const { return bytes_; }

 private:
  unsigned log_slots_ = 2;
  std::vector<WholeToken> slots_;
  std::vector<unsigned char> bytes_;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_TABLES_WHOLE_TOKENS_H_
