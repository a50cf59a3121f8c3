#include "cuda/tables/piece_table.h"

#include <algorithm>
#include <cstring>

namespace tok::cuda {

bool PieceTable::Insert(std::string_view piece, std::span<const uint32_t> ids) {
  if (piece.empty() || piece.size() > kMaxTablePiece || ids.empty() || ids.size() > kMaxSlotIds) return false;
  PieceSlot slot = {};
  std::memcpy(&slot.key, piece.data(), piece.size());
  slot.key.words[3] |= static_cast<uint32_t>(piece.size()) << 24;
  std::copy(ids.begin(), ids.end(), slot.ids);
  slot.n_ids = static_cast<uint32_t>(ids.size());
  const uint32_t hash = PieceTableView::Hash(slot.key);
  for (const uint32_t home : {view().FirstHome(hash), view().SecondHome(hash)}) {
    PieceSlot& place = slots_[home];
    if (place.n_ids == 0) {
      place = slot;
      ++n_pieces_;
      return true;
    }
    if (std::memcmp(&place.key, &slot.key, sizeof(PieceKey)) == 0) return true;
  }
  return false;
}

}  // namespace tok::cuda
