// cuda/tables/piece_table.h: short pieces -> ids, for lookup by every lane at once.
//
// Model: slots of 32 bytes, one sector of the device's memory: the piece itself, zero-padded, with its length, and up to three
// ids. A piece lies in its first home, or in its second: a lookup that finds nothing has read both. Keys are compared in
// full, so that a hit is never a guess.
// Cost: 105 G lookups a second on an H100 while the table fits its L2 (16 MiB), a third of that at 256 MiB (docs/gpu.md).
#ifndef TOK_CUDA_TABLES_PIECE_TABLE_H_
#define TOK_CUDA_TABLES_PIECE_TABLE_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "cuda/base/device_code.h"

namespace tok::cuda {

inline constexpr unsigned kMaxTablePiece = 15;  // bytes
inline constexpr unsigned kMaxSlotIds = 3;

struct PieceKey {
  uint32_t words[4];  // the length in the top byte
};

struct alignas(32) PieceSlot {
  PieceKey key;
  uint32_t ids[kMaxSlotIds];
  uint32_t n_ids;  // 0: empty
};

// Of memory of the host or of the device.
struct PieceTableView {
  const PieceSlot* slots;
  unsigned log_slots;

  TOK_DEVICE_METHOD static uint32_t Hash(const PieceKey& key) {
    const uint32_t* w = key.words;
    const uint32_t sum = w[0] * 0x9E3779B1u + w[1] * 0x85EBCA77u + w[2] * 0xC2B2AE3Du + w[3] * 0x27D4EB2Fu;
    return (sum ^ sum >> 15) * 0x2C1B3C6Du;
  }
  TOK_DEVICE_METHOD uint32_t FirstHome(uint32_t hash) const { return hash >> (32 - log_slots); }
  TOK_DEVICE_METHOD uint32_t SecondHome(uint32_t hash) const {
    return (hash * 0x297A2D39u ^ 0x5BD1E995u) >> (32 - log_slots);
  }
};

class PieceTable {
 public:
  // 2^log_slots slots.
  explicit PieceTable(unsigned log_slots) : log_slots_(log_slots), slots_(size_t{1} << log_slots) {}

  // False if the piece is too long or has too many ids for a slot, or there is no room. The first ones are found fastest.
  bool Insert(std::string_view piece, std::span<const uint32_t> ids);

  PieceTableView view() const { return {slots_.data(), log_slots_}; }
  std::span<const PieceSlot> slots() const { return slots_; }
  size_t n_pieces() const { return n_pieces_; }

 private:
  unsigned log_slots_;
  std::vector<PieceSlot> slots_;
  size_t n_pieces_ = 0;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_TABLES_PIECE_TABLE_H_
