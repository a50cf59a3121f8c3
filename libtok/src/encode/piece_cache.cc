#include "src/encode/piece_cache.h"

#include <algorithm>

namespace tok {

template <typename Table>
void PieceCache::InsertInto(Table* table, const typename Table::Key& key, std::span<const TokenId> ids) {
  if (ids.empty()) return;  // nothing to emit: rare enough to work out again
  if (arena_.size() + ids.size() > max_arena_ids_) {
    short_.Clear();
    medium_.Clear();
    arena_.clear();
  }
  typename Table::Entry entry{key, {}, static_cast<uint32_t>(ids.size())};
  if (ids.size() <= Table::kMaxInlineIds) {
    std::copy(ids.begin(), ids.end(), entry.ids);
  } else {
    entry = Table::Entry::InArena(key, static_cast<uint32_t>(arena_.size()), ids.size());
    arena_.insert(arena_.end(), ids.begin(), ids.end());
  }
  table->Insert(entry, key.Hash());
}
template void PieceCache::InsertInto(ShortPieces*, const ShortPieces::Key&, std::span<const TokenId>);
template void PieceCache::InsertInto(MediumPieces*, const MediumPieces::Key&, std::span<const TokenId>);

}  // namespace tok
