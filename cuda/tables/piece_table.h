// cuda/tables/piece_table.h: pieces -> ids, for lookup by every lane at once.
//
// Model: a slot is the piece itself, zero-padded, with its length, and ids. A piece lies in its first home, or in its second: a lookup
// that finds nothing has read both. Keys are compared in full, so that a hit is never a guess.
//   PieceTable<16>: up to 15 bytes and 3 ids; 32 bytes, one sector of the device's memory
//   PieceTable<32>: up to 31 bytes and 7 ids; two sectors
// Cost: 105 G lookups of a sector a second on an H100 while the table fits its L2 (16 MiB), a third of that at 256 MiB
// (docs/gpu.md).
#ifndef TOK_CUDA_TABLES_PIECE_TABLE_H_
#define TOK_CUDA_TABLES_PIECE_TABLE_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "cuda/base/device_code.h"

namespace tok::cuda {

template <unsigned kKeyBytes>
struct PieceKey {
  static constexpr unsigned kMaxPiece = kKeyBytes - 1;  // bytes
  static constexpr unsigned kWords = kKeyBytes / 4;

  uint32_t words[kWords];  // the length in the top byte

  TOK_DEVICE_METHOD uint32_t Hash() const {
    uint32_t sum = 0, factor = 0x9E3779B1u;
    for (unsigned w = 0; w < kWords; ++w, factor *= 0x85EBCA6Bu) sum += words[w] * factor;
    return (sum ^ sum >> 15) * 0x2C1B3C6Du;
  }
};

template <unsigned kKeyBytes>
struct alignas(32) PieceSlot {
  static constexpr unsigned kMaxIds = kKeyBytes / 4 - 1;

  PieceKey<kKeyBytes> key;
  uint32_t ids[kMaxIds];
  uint32_t n_ids;  // 0: empty
};

// Of memory of the host or of the device.
template <unsigned kKeyBytes>
struct PieceTableView {
  const PieceSlot<kKeyBytes>* slots;
  unsigned log_slots;

  TOK_DEVICE_METHOD uint32_t FirstHome(uint32_t hash) const { return hash >> (32 - log_slots); }
  TOK_DEVICE_METHOD uint32_t SecondHome(uint32_t hash) const {
    return (hash * 0x297A2D39u ^ 0x5BD1E995u) >> (32 - log_slots);
  }
};

template <unsigned kKeyBytes>
class PieceTable {
 public:
  using Slot = PieceSlot<kKeyBytes>;

  // 2^log_slots slots.
  explicit PieceTable(unsigned log_slots) : log_slots_(log_slots), slots_(size_t{1} << log_slots) {}

  // False if the piece is too long or has too many ids for a slot, or there is no room. The first ones are found fastest.
  bool Insert(std::string_view piece, std::span<const uint32_t> ids);
  // Null if it is not there.
  const Slot* Find(std::string_view piece) const;

  PieceTableView<kKeyBytes> view() const { return {slots_.data(), log_slots_}; }
  std::span<const Slot> slots() const { return slots_; }
  size_t n_pieces() const { return n_pieces_; }

 private:
  static PieceKey<kKeyBytes> KeyOf(std::string_view piece);

  unsigned log_slots_;
  std::vector<Slot> slots_;
  size_t n_pieces_ = 0;
};

extern template class PieceTable<16>;
extern template class PieceTable<32>;

}  // namespace tok::cuda

#endif  // TOK_CUDA_TABLES_PIECE_TABLE_H_
