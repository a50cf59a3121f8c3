// train/pieces/counting_table.h: piece -> count, for as many pieces as there are.
//
// Model: open addressing. Pieces of up to 23 bytes lie in the entries themselves (32 bytes, two a cache line); longer ones have
// a table of their own, with their bytes in blocks beside it. Pieces come in batches: keys and hashes of all first, so that the
// memory that one waits for is fetched while others are worked on. Hashes are seeded once a process: no text can be made that
// is slow to count; their order is never visible.
// Memory: 43 to 86 bytes a different short piece.
// Threads: one table per thread; Combine (piece_sums.h) adds them up.
#ifndef TOK_SRC_TRAIN_PIECES_COUNTING_TABLE_H_
#define TOK_SRC_TRAIN_PIECES_COUNTING_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "src/base/hash.h"
#include "src/base/zeroed_pages.h"
#include "src/split/pre_tokenizer.h"
#include "tok/piece_counts.h"

namespace tok {

class CountingTable {
 public:
  // Pieces go from table to table in the order of their hashes: one that is filled from others needs another salt, else they
  // would pile up in the few places that it has for those that come first.
  explicit CountingTable(uint64_t salt = 0);

  // Each piece of `text` once more.
  void Add(std::string_view text, std::span<const PieceRange> pieces);
  void Add(std::string_view piece, uint64_t count);

  // Of one that holds some thousand pieces, those of long ones included.
  static constexpr size_t kLeastMemory = size_t{1} << 18;

  size_t n_unique() const { return short_.n_entries + long_.n_entries; }
  size_t n_unique_bytes() const { return n_unique_bytes_; }
  // Of what it holds.
  size_t memory() const;
  // At most, while it takes so many more pieces of at most so many bytes, those of long pieces: growing tables are there twice.
  size_t MemoryToTake(size_t n_pieces, size_t n_long_bytes) const;
  // The bytes of a long piece; 0 for others, which take no room of their own.
  static size_t LongBytes(size_t n_bytes) { return n_bytes > kMaxShort ? n_bytes : 0; }

  // Calls use(CountedPiece) for the pieces of one of 2^kLogParts parts, which are the same in every table.
  static constexpr unsigned kLogParts = 6;
  template <typename Use>
  void ForEach(size_t part, const Use& use) const;
  template <typename Use>
  void ForEach(const Use& use) const {
    for (size_t part = 0; part < size_t{1} << kLogParts; ++part) ForEach(part, use);
  }
  // Calls use(CountedPiece) for all pieces in byte order, and is empty then. Takes no memory.
  template <typename Use>
  void Drain(const Use& use);

 private:
  static constexpr size_t kMaxShort = 23;
  static constexpr size_t kBatch = 64;

  // The bytes, zero-padded, with the length in the top byte.
  struct ShortKey {
    uint64_t words[3];
    friend bool operator==(const ShortKey&, const ShortKey&) = default;
  };
  struct ShortEntry {
    ShortKey key;
    uint64_t count;  // 0: empty

    CountedPiece Piece() const {
      return {std::string_view(reinterpret_cast<const char*>(key.words), key.words[2] >> 56), count};
    }
    bool operator<(const ShortEntry& other) const;
  };
  struct LongEntry {
    uint64_t hash, count;
    const char* bytes;
    uint64_t n_bytes;

    CountedPiece Piece() const { return {std::string_view(bytes, n_bytes), count}; }
    bool operator<(const LongEntry& other) const { return Piece().bytes < other.Piece().bytes; }
  };
  template <typename Entry>
  struct Table {
    explicit Table(unsigned log_entries)
        : memory(sizeof(Entry) << log_entries),
          entries(static_cast<Entry*>(memory.data())),
          shift(64 - log_entries) {}
    size_t size() const { return size_t{1} << (64 - shift); }
    bool HasRoomFor(size_t n) const { return (n_entries + n) * 4 <= size() * 3; }
    // The entries that are not empty, in byte order, at the front: they cannot be found any more.
    std::span<Entry> Sort();
    void Clear();
    Entry& Home(uint64_t hash) const { return entries[hash >> shift]; }
    // The entry for which matches() is true, or the empty one where it belongs.
    template <typename Matches>
    Entry& Find(uint64_t hash, const Matches& matches) const {
      size_t i = hash >> shift;
      while (entries[i].count != 0 && !matches(entries[i])) i = (i + 1) & (size() - 1);
      return entries[i];
    }
    // Room for one more. True if entries have moved.
    template <typename Hasher>
    bool MakeRoom(const Hasher& hash_of);
    ZeroedPages memory;
    Entry* entries;
    unsigned shift;
    size_t n_entries = 0;
  };

  uint64_t HashOf(const ShortKey& key) const {
    constexpr uint64_t kFactor = 0x9E3779B97F4A7C15u;
    return FoldedMultiply(key.words[0] ^ seed_, key.words[1] ^ kFactor) * kFactor ^
           (key.words[2] ^ seed_) * 0xD6E8FEB86659FD93u;
  }
  // Of the first n_bytes of sizeof(ShortKey) bytes that may be read.
  static ShortKey KeyOf(const char* bytes, size_t n_bytes);
  void Clear();
  void AddShort(const ShortKey& key, uint64_t hash, uint64_t count);
  void AddLong(std::string_view piece, uint64_t count);
  const char* Keep(std::string_view bytes);
  // Blocks grow with what is in them, so that a small table stays small.
  static size_t NextBlock(size_t n_block_bytes);
  uint64_t HashOf(const ShortEntry& entry) const { return HashOf(entry.key); }
  static uint64_t HashOf(const LongEntry& entry) { return entry.hash; }
  template <typename Entry, typename Use>
  void ForEachIn(const Table<Entry>& table, size_t part, const Use& use) const;

  const uint64_t seed_;

  Table<ShortEntry> short_;
  Table<LongEntry> long_;
  size_t n_unique_bytes_ = 0;
  std::vector<std::unique_ptr<char[]>> blocks_;  // bytes of long pieces
  size_t block_left_ = 0, n_block_bytes_ = 0;
  char* block_next_ = nullptr;
};

template <typename Use>
void CountingTable::Drain(const Use& use) {
  const std::span<ShortEntry> shorts = short_.Sort();
  const std::span<LongEntry> longs = long_.Sort();
  auto l = longs.begin();
  for (const ShortEntry& entry : shorts) {
    for (; l != longs.end() && l->Piece().bytes < entry.Piece().bytes; ++l) use(l->Piece());
    use(entry.Piece());
  }
  for (; l != longs.end(); ++l) use(l->Piece());
  Clear();
}

template <typename Entry, typename Use>
void CountingTable::ForEachIn(const Table<Entry>& table, size_t part, const Use& use) const {
  const size_t n_homes = table.size() >> kLogParts;
  // Entries that found their home taken lie behind it, up to the next empty one. There is one outside of the part: a quarter
  // of all entries is empty.
  for (size_t i = part * n_homes;; ++i) {
    const Entry& entry = table.entries[i & (table.size() - 1)];
    if (entry.count == 0) {
      if (i >= (part + 1) * n_homes) return;
      continue;
    }
    if (HashOf(entry) >> (64 - kLogParts) == part) use(entry.Piece());
  }
}

template <typename Use>
void CountingTable::ForEach(size_t part, const Use& use) const {
  ForEachIn(short_, part, use);
  ForEachIn(long_, part, use);
}

}  // namespace tok

#endif  // TOK_SRC_TRAIN_PIECES_COUNTING_TABLE_H_
