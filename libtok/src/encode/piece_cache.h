// encode/piece_cache.h: piece -> ids, remembered: bounded, exact, one per thread.
//
// Model: pieces of up to 15 bytes and of up to 31 bytes live in a table each (piece_table.h), whose hits are one cache line;
// those of up to 256 bytes in a third (long_pieces.h); longer ones are not kept. What is cached never changes what is
// encoded.
// Memory: starts at 128 KiB, grows with use to 48 MiB of tables, and with text made for it to 14 MiB more for long pieces
// and those of many ids; or to what it is given.
// Threads: one per thread.
#ifndef TOK_SRC_ENCODE_PIECE_CACHE_H_
#define TOK_SRC_ENCODE_PIECE_CACHE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "src/encode/long_pieces.h"
#include "src/encode/piece_table.h"
#include "tok/types.h"

namespace tok {

using ShortPieces = PieceTable<16>;
using MediumPieces = PieceTable<32>;

class PieceCache {
 public:
  // Of at most about n_bytes, but not less than 1 MiB.
  explicit PieceCache(size_t n_bytes = kMaxBytes) : PieceCache(Halvings{HalvingsOf(n_bytes)}) {}

  ShortPieces& short_pieces() { return short_; }
  MediumPieces& medium_pieces() { return medium_; }
  LongPieces& long_pieces() { return long_; }
  // Working memory for whoever fills the cache.
  std::vector<TokenId>& worked_out() { return worked_out_; }

  template <typename Entry>
  std::span<const TokenId> IdsOf(const Entry& entry) const {
    if (!entry.IsInArena()) return {entry.ids, entry.n_ids};
    return std::span<const TokenId>(arena_).subspan(entry.ids[0], entry.n_ids);
  }
  void Insert(const ShortPieces::Key& key, std::span<const TokenId> ids) { InsertInto(&short_, key, ids); }
  void Insert(const MediumPieces::Key& key, std::span<const TokenId> ids) { InsertInto(&medium_, key, ids); }

 private:
  static constexpr size_t kMaxArenaIds = 1 << 19;
  static constexpr size_t kMaxBytes = size_t{62} << 20;
  static constexpr unsigned kMaxHalvings = 6;

  struct Halvings {
    unsigned n;
  };
  // A table that grows is there twice, for a moment.
  static unsigned HalvingsOf(size_t n_bytes) {
    unsigned n = 0;
    while (n < kMaxHalvings && n_bytes < kMaxBytes && (kMaxBytes + kMaxBytes / 2) >> n > n_bytes) ++n;
    return n;
  }
  explicit PieceCache(Halvings halvings)
      : short_(halvings.n),
        medium_(halvings.n),
        long_(halvings.n),
        max_arena_ids_(kMaxArenaIds >> halvings.n) {}

  template <typename Table>
  void InsertInto(Table* table, const typename Table::Key& key, std::span<const TokenId> ids);

  ShortPieces short_;
  MediumPieces medium_;
  LongPieces long_;
  size_t max_arena_ids_;
  std::vector<TokenId> arena_;
  std::vector<TokenId> worked_out_;
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_PIECE_CACHE_H_
