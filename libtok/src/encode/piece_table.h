// encode/piece_table.h: short byte strings -> ids, remembered: exact and bounded.
//
// Model: a hash table of cache lines. The key is the string itself, zero-padded, so a hit is never a guess; an entry holds
// a few ids, or where in an arena they are. A full bucket (one line) spills into a second one; when both are full the
// older entry of the first gives way.
//   PieceTable<16>: up to 15 bytes, two entries a line, three ids each
//   PieceTable<32>: up to 31 bytes, one entry a line, seven ids
// Cost: a hit is one cache line and about 20 instructions. Memory: starts at kFirstBuckets lines, grows with use to
// kMaxBuckets.
// Threads: one per thread.
#ifndef TOK_SRC_ENCODE_PIECE_TABLE_H_
#define TOK_SRC_ENCODE_PIECE_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

#include "src/base/hash.h"
#include "tok/types.h"

namespace tok {

// Zeroed memory of `n_lines` cache lines, in large pages where that pays.
std::unique_ptr<void, decltype(&std::free)> AllocateLines(size_t n_lines);

// Mask n keeps the bytes of an 8-byte word that belong to a piece of n bytes; the word starts at byte `first_byte`.
constexpr std::array<uint64_t, 17> MakeKeyMasks(size_t first_byte) {
  std::array<uint64_t, 17> masks{};
  for (size_t n = 0; n <= 16; ++n) {
    const size_t kept = n <= first_byte ? 0 : n - first_byte;
    masks[n] = kept >= 8 ? ~uint64_t{0} : (uint64_t{1} << (8 * kept)) - 1;
  }
  return masks;
}
inline constexpr std::array<uint64_t, 17> kLowKeyMask = MakeKeyMasks(0);
inline constexpr std::array<uint64_t, 17> kHighKeyMask = MakeKeyMasks(8);

template <size_t kKeyBytes>
class PieceTable {
 public:
  static_assert(kKeyBytes == 16 || kKeyBytes == 32);
  static constexpr size_t kMaxPiece = kKeyBytes - 1;
  static constexpr size_t kEntriesPerLine = 32 / kKeyBytes;
  static constexpr uint32_t kMaxInlineIds = kKeyBytes == 16 ? 3 : 7;
  static constexpr uint32_t kInArena = 0xFF;

  // The bytes of a piece, zero-padded, with the length in the top byte, whose top bit says that it is a part: equal keys
  // are equal pieces.
  struct Key {
    uint64_t words[kKeyBytes / 8];

    // Pieces of more than kKeyBytes - 17 and at most kMaxPiece bytes. `readable`: bytes that may be read from
    // piece.data() on (at least piece.size()); kKeyBytes make the load few instructions. `is_part`: cut out of a piece,
    // which may have other ids than a piece of the same bytes.
    static Key Of(std::string_view piece, size_t readable, bool is_part) {
      constexpr size_t kLast = kKeyBytes / 8 - 1, kWhole = kKeyBytes - 16;
      Key key{};
      if (readable >= kKeyBytes) {
        std::memcpy(&key, piece.data(), kKeyBytes);
        key.words[kLast - 1] &= kLowKeyMask[piece.size() - kWhole];
        key.words[kLast] &= kHighKeyMask[piece.size() - kWhole];
      } else {
        std::memcpy(&key, piece.data(), piece.size());
      }
      key.words[kLast] |= uint64_t{piece.size()} << 56 | uint64_t{is_part} << 63;
      return key;
    }
    uint32_t Hash() const {
      uint64_t hash = FoldedMultiply(words[0] ^ 0x9E3779B97F4A7C15u, words[1] ^ 0xD6E8FEB86659FD93u);
      if constexpr (kKeyBytes == 32) hash = FoldedMultiply(hash ^ words[2], words[3] ^ 0xD6E8FEB86659FD93u);
      return static_cast<uint32_t>(hash);
    }
    friend bool operator==(const Key& a, const Key& b) {
      uint64_t different = 0;  // one branch
      for (size_t i = 0; i < kKeyBytes / 8; ++i) different |= a.words[i] ^ b.words[i];
      return different == 0;
    }
  };
  struct Entry {
    Key key;
    TokenId ids[kMaxInlineIds];  // or {offset into the arena, count} when n_ids is kInArena
    uint32_t n_ids;              // 0: empty
  };

  PieceTable() { Allocate(kFirstBuckets); }

  void Prefetch(uint32_t hash) const { __builtin_prefetch(Bucket(hash)); }
  // The entry of a piece; null if it is not there.
  const Entry* Find(const Key& key, uint32_t hash) const {
    const Entry* entry = FindIn(Bucket(hash), key);
    return entry->key == key ? entry : FindInSecond(key, hash);
  }
  // `entry.n_ids` is not 0.
  void Insert(const Entry& entry, uint32_t hash) {
    // A quarter full at most: few buckets overflow.
    if (n_entries_ > kEntriesPerLine * (mask_ + 1) / 4 && mask_ + 1 < kMaxBuckets) Grow();
    Place(entry, hash);
  }
  void Clear() { Allocate(mask_ + 1); }

 private:
  static constexpr size_t kFirstBuckets = 1 << 10;
  static constexpr size_t kMaxBuckets = 1 << 18;
  static_assert(kEntriesPerLine * sizeof(Entry) == 64);

  const Entry* Bucket(uint32_t hash) const { return entries_ + kEntriesPerLine * (hash & mask_); }
  // A second bucket, unrelated to the first, takes what that could not hold.
  const Entry* SecondBucket(uint32_t hash) const {
    return entries_ + kEntriesPerLine * (((hash * 0x9E3779B1u) >> 7) & mask_);
  }
  // The entry of the bucket that may hold the key. Which of two places holds it is not predictable: select, then compare
  // once.
  static const Entry* FindIn(const Entry* bucket, const Key& key) {
    return kEntriesPerLine == 1 ? bucket : bucket + !(bucket->key == key);
  }
  const Entry* FindInSecond(const Key& key, uint32_t hash) const {
    const Entry* entry = FindIn(SecondBucket(hash), key);
    return entry->key == key ? entry : nullptr;
  }

  void Allocate(size_t n_buckets) {
    lines_ = AllocateLines(n_buckets);
    entries_ = static_cast<Entry*>(lines_.get());
    mask_ = n_buckets - 1;
    n_entries_ = 0;
  }
  void Place(const Entry& entry, uint32_t hash) {
    auto* own = const_cast<Entry*>(Bucket(hash));
    for (auto* bucket : {own, const_cast<Entry*>(SecondBucket(hash))}) {
      for (Entry* place = bucket; place < bucket + kEntriesPerLine; ++place) {
        if (place->n_ids != 0) continue;
        *place = entry;
        ++n_entries_;
        return;
      }
    }
    if constexpr (kEntriesPerLine == 2) own[1] = own[0];
    own[0] = entry;
  }
  void Grow() {
    const auto old_lines = std::move(lines_);
    const Entry* old_entries = entries_;
    const size_t n_old = kEntriesPerLine * (mask_ + 1);
    Allocate(4 * (mask_ + 1));
    for (size_t i = n_old; i-- > 0;) {
      if (old_entries[i].n_ids != 0) Place(old_entries[i], old_entries[i].key.Hash());
    }
  }

  std::unique_ptr<void, decltype(&std::free)> lines_{nullptr, &std::free};
  Entry* entries_ = nullptr;  // kEntriesPerLine * (mask_ + 1)
  size_t mask_ = 0;
  size_t n_entries_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_PIECE_TABLE_H_
