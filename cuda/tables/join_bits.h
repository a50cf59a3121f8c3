// cuda/tables/join_bits.h: where no token reaches across, for lookup by every lane: the library's JoinFilter (its words).
//
// Model: src/model/bpe/join_filter.h and join_layout.h, whose answer may be a false yes, never a false no.
#ifndef TOK_CUDA_TABLES_JOIN_BITS_H_
#define TOK_CUDA_TABLES_JOIN_BITS_H_

#include <cstdint>

#include "cuda/base/device_code.h"
#include "src/model/bpe/join_layout.h"

namespace tok::cuda {

struct JoinBitsView {
  const uint64_t* words;  // of the filter; memory of the host or of the device

  static constexpr uint32_t kOther = JoinLayout::kOther;
  TOK_DEVICE_METHOD static bool IsCharacter(uint32_t bytes) { return JoinLayout::IsCharacter(bytes); }

  // Whether a token may reach across the place between a and b, of text that goes on as x a b y.
  TOK_DEVICE_METHOD bool MayJoin(uint32_t x, uint32_t a, uint32_t b, uint32_t y) const {
    const uint64_t xab = String(x, a, b), aby = String(a, b, y);
    const bool of_part = Bits(JoinLayout::PartBit(a, b)) & 1;
    return JoinLayout::IsJoined(String(JoinLayout::kNothing, a, b), xab, aby) || of_part;
  }

 private:
  TOK_DEVICE_METHOD uint64_t Bits(uint32_t bit) const { return words[bit / 64] >> (bit % 64); }
  TOK_DEVICE_METHOD uint64_t String(uint32_t first, uint32_t second, uint32_t third) const {
    return Bits(JoinLayout::StringBit(first, second, third));
  }
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_TABLES_JOIN_BITS_H_
