#include "cuda/tables/piece_table.h"

#include <algorithm>
#include <cstring>

namespace tok::cuda {

template <unsigned kKeyBytes>
PieceKey<kKeyBytes> PieceTable<kKeyBytes>::KeyOf(std::string_view piece) {
  PieceKey<kKeyBytes> key = {};
  std::memcpy(&key, piece.data(), piece.size());
  key.words[key.kWords - 1] |= static_cast<uint32_t>(piece.size()) << 24;
  return key;
}

template <unsigned kKeyBytes>
bool PieceTable<kKeyBytes>::Insert(std::string_view piece, std::span<const uint32_t> ids) {
  if (piece.empty() || piece.size() > PieceKey<kKeyBytes>::kMaxPiece) return false;
  if (ids.empty() || ids.size() > Slot::kMaxIds) return false;
  if (Find(piece) != nullptr) return true;
  Slot slot = {.key = KeyOf(piece), .ids = {}, .n_ids = static_cast<uint32_t>(ids.size())};
  std::copy(ids.begin(), ids.end(), slot.ids);
  const uint32_t hash = slot.key.Hash();
  for (const uint32_t home : {view().FirstHome(hash), view().SecondHome(hash)}) {
    if (slots_[home].n_ids > 0) continue;
    slots_[home] = slot;
    ++n_pieces_;
    return true;
  }
  return false;
}

template <unsigned kKeyBytes>
const PieceSlot<kKeyBytes>* PieceTable<kKeyBytes>::Find(std::string_view piece) const {
  if (piece.empty() || piece.size() > PieceKey<kKeyBytes>::kMaxPiece) return nullptr;
  const PieceKey<kKeyBytes> key = KeyOf(piece);
  const uint32_t hash = key.Hash();
  for (const uint32_t home : {view().FirstHome(hash), view().SecondHome(hash)}) {
    const Slot& slot = slots_[home];
    if (slot.n_ids > 0 && std::memcmp(&slot.key, &key, sizeof(key)) == 0) return &slot;
  }
  return nullptr;
}

template class PieceTable<16>;
template class PieceTable<32>;

}  // namespace tok::cuda
