// encode/piece_cache.h: piece -> ids, remembered: bounded, exact, one per thread.
//
// Model: pieces of up to 15 bytes and of up to 31 bytes live in a table each (piece_table.h), whose hits are one cache line;
// those of up to kMaxLongPiece bytes in a third, of buckets of four, that is emptied when its arena is full; longer ones
// are not kept. What is cached never changes what is encoded.
// Memory: starts at 128 KiB, grows with use to 48 MiB of tables, and with text made for it to 16 MiB more for long pieces
// and those of many ids.
// Threads: one per thread.
#ifndef TOK_SRC_ENCODE_PIECE_CACHE_H_
#define TOK_SRC_ENCODE_PIECE_CACHE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/encode/piece_table.h"
#include "tok/types.h"

namespace tok {

using ShortPieces = PieceTable<16>;
using MediumPieces = PieceTable<32>;

class PieceCache {
 public:
  static constexpr size_t kMaxLongPiece = 256;

  ShortPieces& short_pieces() { return short_; }
  MediumPieces& medium_pieces() { return medium_; }
  // Working memory for whoever fills the cache.
  std::vector<TokenId>& worked_out() { return worked_out_; }

  template <typename Entry>
  std::span<const TokenId> IdsOf(const Entry& entry) const {
    if (!entry.IsInArena()) return {entry.ids, entry.n_ids};
    return std::span<const TokenId>(arena_).subspan(entry.ids[0], entry.n_ids);
  }
  void Insert(const ShortPieces::Key& key, std::span<const TokenId> ids) { InsertInto(&short_, key, ids); }
  void Insert(const MediumPieces::Key& key, std::span<const TokenId> ids) { InsertInto(&medium_, key, ids); }

  // Pieces of MediumPieces::kMaxPiece+1 .. kMaxLongPiece bytes. False if it is not there.
  bool FindLong(std::string_view piece, bool is_part, std::span<const TokenId>* ids);
  void InsertLong(std::string_view piece, bool is_part, std::span<const TokenId> ids);

 private:
  static constexpr size_t kMaxArenaIds = 1 << 19;
  static constexpr size_t kMaxLongBytes = 2 << 20;
  static constexpr size_t kLongWays = 4;
  static constexpr size_t kFirstLongEntries = 1 << 8;

  struct LongEntry {
    uint64_t hash = 0;  // 0: empty
    uint32_t bytes_begin = 0;
    uint16_t n_bytes = 0;
    bool is_part = false;
    uint32_t ids_begin = 0, n_ids = 0;
  };

  template <typename Table>
  void InsertInto(Table* table, const typename Table::Key& key, std::span<const TokenId> ids);
  LongEntry* LongBucket(uint64_t hash);
  void PlaceLong(const LongEntry& entry);

  ShortPieces short_;
  MediumPieces medium_;
  std::vector<TokenId> arena_;

  std::vector<LongEntry> long_entries_;
  size_t n_long_ = 0;
  std::string long_bytes_;
  std::vector<TokenId> long_ids_;

  std::vector<TokenId> worked_out_;
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_PIECE_CACHE_H_
