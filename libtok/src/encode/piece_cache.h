// encode/piece_cache.h: piece -> ids, remembered: bounded, exact, one per thread.
//
// Model: pieces of up to 15 bytes live in buckets of two 32-byte entries (one cache line) keyed by the bytes
// themselves, so a hit is never a guess; an entry holds up to three ids and points into an arena for more. A full
// bucket spills into a second one; when both are full the older entry of the first gives way. Pieces of up to
// kMaxLongPiece bytes live in a second table, of buckets of four, that is emptied when its arena is full; longer ones
// are not kept. What is cached never changes what is encoded.
// Cost: a hit is one cache line and about 20 instructions. Memory: starts at 64 KiB, grows with use to
// kMaxBuckets x 64 bytes plus two arenas.
// Threads: one per thread.
#ifndef TOK_SRC_ENCODE_PIECE_CACHE_H_
#define TOK_SRC_ENCODE_PIECE_CACHE_H_

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/hash.h"
#include "tok/types.h"

namespace tok {

// The bytes of a short piece, zero-padded, with the length in the top byte, whose top bit says that it is a part: equal
// keys are equal pieces.
struct PieceKey {
  uint64_t low, high;
  friend bool operator==(const PieceKey& a, const PieceKey& b) {
    return ((a.low ^ b.low) | (a.high ^ b.high)) == 0;  // one branch
  }
};

// Mask n keeps the bytes of an 8-byte word that belong to a piece of n bytes; the word starts at byte `first_byte`.
constexpr std::array<uint64_t, 16> MakeKeyMasks(size_t first_byte) {
  std::array<uint64_t, 16> masks{};
  for (size_t n = 0; n < 16; ++n) {
    const size_t kept = n <= first_byte ? 0 : n - first_byte;
    masks[n] = kept >= 8 ? ~uint64_t{0} : (uint64_t{1} << (8 * kept)) - 1;
  }
  return masks;
}
inline constexpr std::array<uint64_t, 16> kLowKeyMask = MakeKeyMasks(0);
inline constexpr std::array<uint64_t, 16> kHighKeyMask = MakeKeyMasks(8);

class PieceCache {
 public:
  static constexpr size_t kMaxShortPiece = 15;
  static constexpr size_t kMaxLongPiece = 256;
  static constexpr uint32_t kMaxInlineIds = 3;

  struct Entry {
    PieceKey key;
    TokenId ids[kMaxInlineIds];  // or {offset into the arena, count} when n_ids is kInArena
    uint32_t n_ids;
  };
  static constexpr uint32_t kInArena = 0xFF;

  PieceCache();

  // `readable`: bytes that may be read from piece.data() on (at least piece.size()); 16 make the load one instruction.
  // `is_part`: cut out of a piece, which may have other ids than a piece of the same bytes.
  static PieceKey MakeKey(std::string_view piece, size_t readable, bool is_part = false) {
    PieceKey key{0, 0};
    if (readable >= 16) {
      std::memcpy(&key, piece.data(), 16);
      key.low &= kLowKeyMask[piece.size()];
      key.high &= kHighKeyMask[piece.size()];
    } else {
      std::memcpy(&key, piece.data(), piece.size());
    }
    key.high |= uint64_t{piece.size()} << 56 | uint64_t{is_part} << 63;
    return key;
  }

  static uint32_t Hash(const PieceKey& key) {
    return static_cast<uint32_t>(
        FoldedMultiply(key.low ^ 0x9E3779B97F4A7C15u, key.high ^ 0xD6E8FEB86659FD93u));
  }
  void Prefetch(uint32_t hash) const { __builtin_prefetch(entries_ + 2 * (hash & mask_)); }
  // The entry of a piece of at most kMaxShortPiece bytes; null if it is not there.
  const Entry* Find(const PieceKey& key, uint32_t hash) const {
    const Entry* entry = entries_ + 2 * (hash & mask_);
    // Which of the two places holds a piece is not predictable: select, then compare once.
    entry += !(entry->key == key);
    return entry->key == key ? entry : FindInSecond(key, hash);
  }
  std::span<const TokenId> IdsOf(const Entry& entry) const {
    if (entry.n_ids != kInArena) return {entry.ids, entry.n_ids};
    return std::span<const TokenId>(arena_).subspan(entry.ids[0], entry.ids[1]);
  }
  void Insert(const PieceKey& key, uint32_t hash, std::span<const TokenId> ids);

  // Pieces of kMaxShortPiece+1 .. kMaxLongPiece bytes. False if it is not there.
  bool FindLong(std::string_view piece, bool is_part, std::span<const TokenId>* ids);
  void InsertLong(std::string_view piece, bool is_part, std::span<const TokenId> ids);

 private:
  static constexpr size_t kFirstBuckets = 1 << 10;
  static constexpr size_t kMaxBuckets = 1 << 18;
  static constexpr size_t kMaxArenaIds = 1 << 20;
  static constexpr size_t kMaxLongBytes = 8 << 20;
  static constexpr size_t kLongWays = 4;
  static constexpr size_t kFirstLongEntries = 1 << 8;

  struct LongEntry {
    uint64_t hash = 0;  // 0: empty
    uint32_t bytes_begin = 0;
    uint16_t n_bytes = 0;
    bool is_part = false;
    uint32_t ids_begin = 0, n_ids = 0;
  };

  // A second bucket, unrelated to the first, takes what that could not hold.
  size_t SecondBucket(uint32_t hash) const { return ((hash * 0x9E3779B1u) >> 7) & mask_; }
  const Entry* FindInSecond(const PieceKey& key, uint32_t hash) const {
    const Entry* entry = entries_ + 2 * SecondBucket(hash);
    entry += !(entry->key == key);
    return entry->key == key ? entry : nullptr;
  }
  void AllocateBuckets(size_t n_buckets);
  void Grow();
  void Clear();
  void Place(const Entry& entry, uint32_t hash);
  LongEntry* LongBucket(uint64_t hash);
  void PlaceLong(const LongEntry& entry);

  Entry* entries_ = nullptr;  // 2 * (mask_ + 1), aligned to a cache line
  size_t mask_ = 0;
  size_t n_entries_ = 0;
  std::unique_ptr<void, decltype(&std::free)> storage_{nullptr, &std::free};
  std::vector<TokenId> arena_;

  std::vector<LongEntry> long_entries_;
  size_t n_long_ = 0;
  std::string long_bytes_;
  std::vector<TokenId> long_ids_;
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_PIECE_CACHE_H_
