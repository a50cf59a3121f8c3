// encode/piece_table.h: short byte strings -> ids, remembered: exact and bounded.
//
// Model: a hash table of cache lines. The key is the string itself, zero-padded, so a hit is never a guess; an entry holds
// a few ids, or where in an arena they are. An entry has a home and a second home in another line; when both lines are
// full the older entry of the first gives way. Of two entries of a line the one that was asked for last is at home.
//   PieceTable<16>: up to 15 bytes, two entries a line, three ids each
//   PieceTable<32>: up to 31 bytes, one entry a line, seven ids
// Cost: a hit is one cache line and about 20 instructions. Memory: starts at 64 KiB, grows with use to 32 MiB (16 MiB for
// the longer pieces).
// Threads: one per thread.
#ifndef TOK_SRC_ENCODE_PIECE_TABLE_H_
#define TOK_SRC_ENCODE_PIECE_TABLE_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

#include "src/base/zeroed_pages.h"
#include "tok/types.h"

namespace tok {

// What makes a key of 16 bytes of text of which the first n are the piece.
struct alignas(32) KeyMask {
  uint64_t low, high;  // of the piece
  uint64_t length;     // n in the top byte
};
constexpr std::array<KeyMask, 16> MakeKeyMasks() {
  const auto first_bytes = [](size_t n) { return n >= 8 ? ~uint64_t{0} : (uint64_t{1} << (8 * n)) - 1; };
  std::array<KeyMask, 16> masks{};
  for (size_t n = 0; n < 16; ++n) masks[n] = {first_bytes(n), first_bytes(n <= 8 ? 0 : n - 8), n << 56};
  return masks;
}
inline constexpr std::array<KeyMask, 16> kKeyMasks = MakeKeyMasks();

template <size_t kKeyBytes>
class PieceTable {
 public:
  static_assert(kKeyBytes == 16 || kKeyBytes == 32);
  static constexpr size_t kMaxPiece = kKeyBytes - 1;
  static constexpr size_t kEntriesPerLine = 32 / kKeyBytes;
  static constexpr uint32_t kMaxInlineIds = kKeyBytes == 16 ? 3 : 7;

  // The bytes of a piece, zero-padded, with the length in the top byte, whose top bit says that it is a part: equal keys
  // are equal pieces.
  struct Key {
    uint64_t words[kKeyBytes / 8];

    // Pieces of kKeyBytes - 16 to kMaxPiece bytes. `readable`: bytes that may be read from piece.data() on (at least
    // piece.size()); kKeyBytes make the load few instructions. `is_part`: cut out of a piece, which may have other ids
    // than a piece of the same bytes.
    static Key Of(std::string_view piece, size_t readable, bool is_part) {
      constexpr size_t kWhole = kKeyBytes - 16;
      const KeyMask& mask = kKeyMasks[piece.size() - kWhole];
      Key key{};
      if (readable >= kKeyBytes) {
        std::memcpy(&key, piece.data(), kKeyBytes);
        key.words[kLast - 1] &= mask.low;
        key.words[kLast] &= mask.high;
      } else {
        std::memcpy(&key, piece.data(), piece.size());
      }
      key.words[kLast] |= mask.length | uint64_t{kWhole} << 56 | uint64_t{is_part} << 63;
      return key;
    }
    // The key of no piece.
    static Key OfNothing() {
      Key key;
      std::memset(&key, 0xFF, sizeof(key));
      return key;
    }
    bool IsOfNothing() const { return words[0] == ~uint64_t{0} && words[kLast] == ~uint64_t{0}; }
    // Of products the upper bits are good.
    uint64_t Hash() const {
      uint64_t hash = words[0];
      for (size_t i = 1; i <= kLast; ++i) hash ^= std::rotr(words[i] * 0x9E3779B97F4A7C15u, 5 * i);
      return hash * 0xD6E8FEB86659FD93u;
    }
    friend bool operator==(const Key& a, const Key& b) {
      uint64_t different = 0;  // one branch
      for (size_t i = 0; i <= kLast; ++i) different |= a.words[i] ^ b.words[i];
      return different == 0;
    }
  };
  // The key of an entry whose ids are in the arena is marked, so that it equals no piece's: who looks for ids in the entry
  // need not ask where they are.
  struct Entry {
    Key key;
    TokenId ids[kMaxInlineIds];  // or {offset into the arena}
    uint32_t n_ids;              // 0: empty

    static Entry InArena(const Key& key, uint32_t offset, size_t n_ids) {
      Entry entry{key, {offset}, static_cast<uint32_t>(n_ids)};
      entry.key.words[kLast] |= kArenaMark;
      return entry;
    }
    bool IsInArena() const { return (key.words[kLast] & kArenaMark) != 0; }
    Key PieceKey() const {
      Key piece_key = key;
      piece_key.words[kLast] &= ~kArenaMark;
      return piece_key;
    }
    // Writes the ids, and what lies behind them: kIdsWritten numbers in all. Returns the end of the ids.
    TokenId* Write(TokenId* out) const {
      std::memcpy(out, reinterpret_cast<const char*>(this) + sizeof(Key), sizeof(Entry) - sizeof(Key));
      return out + n_ids;
    }
  };
  static constexpr size_t kIdsWritten = (sizeof(Entry) - sizeof(Key)) / sizeof(TokenId);

  // The table as it is until the next insertion. An entry lies at the home that its hash gives, or beside it in the same
  // cache line, or at or beside a second home, unrelated to the first.
  struct View {
    const Entry* entries;
    unsigned shift;

    const Entry& Home(uint64_t hash) const { return entries[hash >> shift]; }
    const Entry& SecondHome(uint64_t hash) const { return Home(hash * 0x9E3779B97F4A7C15u); }
    // The other entry of the line, if it has two.
    const Entry& Beside(const Entry& entry) const {
      return entries[static_cast<size_t>(&entry - entries) ^ (kEntriesPerLine - 1)];
    }

    // The entry of a piece; null if it is not there.
    const Entry* Find(const Key& key, uint64_t hash) const {
      const Entry* entry = FindOrEmpty(key, hash);
      return entry != nullptr && entry->n_ids > 0 ? entry : nullptr;
    }
    // The same, or the empty entry where it belongs; null if it is not there and there is none. Entries are never emptied:
    // while the first line has room nobody lives in the second, which nothing has prefetched.
    const Entry* FindOrEmpty(const Key& key, uint64_t hash) const {
      for (const Entry* home : {&Home(hash), &SecondHome(hash)}) {
        if (home->PieceKey() == key || home->n_ids == 0) return home;
        if (kEntriesPerLine == 1) continue;
        const Entry& beside = Beside(*home);
        if (beside.PieceKey() == key || beside.n_ids == 0) return &beside;
      }
      return nullptr;
    }
    friend bool operator==(const View&, const View&) = default;
  };
  View view() const { return {entries_, shift_}; }

  // 2^n_halvings times smaller than it may grow otherwise.
  explicit PieceTable(unsigned n_halvings = 0)
      : PieceTable(std::min(kFirstLogEntries, kMaxLogEntries - n_halvings), kMaxLogEntries - n_halvings) {}

  const Entry* Find(const Key& key, uint64_t hash) const { return view().Find(key, hash); }
  // The same; what is found beside its home moves there, because it may be asked for again.
  const Entry* FindAndBringHome(const Key& key, uint64_t hash) {
    const Entry* found = Find(key, hash);
    const Entry& home = view().Home(hash);
    if (kEntriesPerLine == 1 || found != &view().Beside(home)) return found;
    std::swap(const_cast<Entry&>(home), const_cast<Entry&>(*found));
    return &home;
  }
  // `entry.n_ids` is not 0. The piece is not there yet.
  void Insert(const Entry& entry, uint64_t hash) {
    // A quarter full at most: few pieces are not at home.
    if (n_entries_ > n_places() / 4 && n_places() < size_t{1} << max_log_entries_) Grow();
    Place(entry, hash);
  }
  void Clear() { *this = PieceTable(kLogHashes - shift_, max_log_entries_); }

 private:
  static constexpr size_t kLast = kKeyBytes / 8 - 1;  // word of a key
  static constexpr uint64_t kArenaMark = uint64_t{1} << 62;
  static constexpr unsigned kLogHashes = 64;
  static constexpr unsigned kFirstLogEntries = kEntriesPerLine == 1 ? 10 : 11;
  static constexpr unsigned kMaxLogEntries = kEntriesPerLine == 1 ? 18 : 20;
  static_assert(kEntriesPerLine * sizeof(Entry) == 64);

  size_t n_places() const { return size_t{1} << (kLogHashes - shift_); }

  PieceTable(unsigned log_entries, unsigned max_log_entries)
      : memory_(sizeof(Entry) << log_entries),
        entries_(static_cast<Entry*>(memory_.data())),
        shift_(kLogHashes - log_entries),
        max_log_entries_(max_log_entries) {}
  void Place(const Entry& entry, uint64_t hash) {
    if (const Entry* place = view().FindOrEmpty(entry.PieceKey(), hash)) {
      *const_cast<Entry*>(place) = entry;
      ++n_entries_;
      return;
    }
    // What is at home moves over, and what was beside it gives way; in a line of one, what is at home gives way.
    auto& home = const_cast<Entry&>(view().Home(hash));
    const_cast<Entry&>(view().Beside(home)) = home;
    home = entry;
  }
  void Grow() {
    PieceTable larger(std::min(kLogHashes - shift_ + 2, max_log_entries_), max_log_entries_);
    std::swap(*this, larger);
    const std::span<const Entry> old_entries(larger.entries_, larger.n_places());
    for (const Entry& entry : old_entries) {
      if (entry.n_ids != 0) Place(entry, entry.PieceKey().Hash());
    }
  }

  ZeroedPages memory_;
  Entry* entries_ = nullptr;
  unsigned shift_ = 0;  // entries_ has 2^(kLogHashes - shift_) places
  unsigned max_log_entries_ = kMaxLogEntries;
  size_t n_entries_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_PIECE_TABLE_H_
