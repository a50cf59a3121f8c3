#include "src/train/bpe/pair_census.h"

#include <algorithm>
#include <utility>

#include "src/base/parallel.h"
#include "src/train/bpe/neighbour_pairs.h"
#include "src/train/bpe/pair_key.h"

namespace tok {
namespace {

constexpr uint64_t kHashFactor = 0x9E3779B97F4A7C15u;

// Open addressing over pairs; the slot of a pair is found by the upper bits of a product.
class PairTable {
 public:
  struct Entry {
    uint64_t pair;
    uint64_t count = 0;  // 0: empty
    uint32_t n_places = 0;
    uint32_t index = 0;  // of what becomes of the pair
  };
  static constexpr uint32_t kUnwanted = UINT32_MAX;

  // Tables whose pairs go into one another in the order of their slots need different salts: else they would pile up in
  // the few slots that a growing table has for the hashes that come first.
  explicit PairTable(ScratchMemory* scratch, uint64_t salt = 0)
      : entries_(size_t{1} << kFirstLog, scratch), shift_(64 - kFirstLog), salt_(salt) {}

  // The entry of a pair, new if need be: valid until the next call.
  Entry& Touch(uint64_t pair) {
    Entry* entry = &FindOrEmpty(pair);
    if (entry->count == 0) {
      if (++n_entries_ * 4 > entries_.size() * 3) {
        Grow();
        entry = &FindOrEmpty(pair);
      }
      entry->pair = pair;
    }
    return *entry;
  }
  Entry& FindOrEmpty(uint64_t pair) {
    size_t i = Hash(pair) >> shift_;
    while (entries_[i].count != 0 && entries_[i].pair != pair) i = (i + 1) & (entries_.size() - 1);
    return entries_[i];
  }
  std::span<Entry> entries() { return entries_; }

 private:
  static constexpr unsigned kFirstLog = 12;

  uint64_t Hash(uint64_t pair) const {
    pair ^= salt_;
    return (pair ^ pair >> 29) * kHashFactor;
  }
  void Grow() {
    ScratchVector<Entry> old(entries_.size() * 2, entries_.get_allocator());
    std::swap(old, entries_);
    --shift_;
    for (const Entry& entry : old) {
      if (entry.count != 0) FindOrEmpty(entry.pair) = entry;
    }
  }

  ScratchVector<Entry> entries_;
  unsigned shift_;
  uint64_t salt_;
  size_t n_entries_ = 0;
};

// What one range has of each pair into `total`; n_places of the range becomes where its places begin in the list of all.
void AddTo(PairTable* total, PairTable* part) {
  for (PairTable::Entry& entry : part->entries()) {
    if (entry.count == 0) continue;
    PairTable::Entry& sum = total->Touch(entry.pair);
    sum.count += entry.count;
    sum.n_places += std::exchange(entry.n_places, sum.n_places);
  }
}

}  // namespace

ScratchVector<CountedPair> CountPairs(const SymbolText& text, std::span<const uint32_t> lengths,
                                      const PairSieve& sieve, uint64_t min_count,
                                      const std::function<bool(uint32_t, uint32_t)>& is_wanted,
                                      unsigned n_threads, ScratchMemory* scratch, ScratchHeap* lists) {
  const std::vector<PlaceRange> ranges = CutText(text, n_threads);
  std::vector<PairTable> tables(ranges.size(), PairTable(scratch));
  const auto for_each_range = [&](const auto& run) {
    ParallelFor(ranges.size(), n_threads, [&](size_t r) { run(ranges[r], &tables[r]); });
  };
  for_each_range([&](PlaceRange range, PairTable* table) {
    ForEachPair(text, range, lengths, [&](uint32_t, uint64_t pair, uint64_t weight) {
      if (sieve.IsBelow(pair, min_count)) return;
      PairTable::Entry& entry = table->Touch(pair);
      entry.count += weight;
      ++entry.n_places;
    });
  });
  PairTable total(scratch, /*salt=*/0xD6E8FEB86659FD93u);
  for (PairTable& table : tables) AddTo(&total, &table);

  ScratchVector<CountedPair> pairs(scratch);
  for (PairTable::Entry& entry : total.entries()) {
    if (entry.count == 0) continue;
    const uint32_t left = LeftOfPair(entry.pair), right = RightOfPair(entry.pair);
    entry.index = PairTable::kUnwanted;
    if (entry.count < min_count || (is_wanted && !is_wanted(left, right))) continue;
    entry.index = static_cast<uint32_t>(pairs.size());
    pairs.push_back({left, right, entry.count, PlaceList(entry.n_places, lists)});
  }
  for_each_range([&](PlaceRange range, PairTable* table) {
    for (PairTable::Entry& entry : table->entries()) {
      if (entry.count != 0) entry.index = total.FindOrEmpty(entry.pair).index;
    }
    ForEachPair(text, range, lengths, [&](uint32_t place, uint64_t pair, uint64_t) {
      if (sieve.IsBelow(pair, min_count)) return;
      PairTable::Entry& entry = table->FindOrEmpty(pair);
      if (entry.index != PairTable::kUnwanted) pairs[entry.index].places.data()[entry.n_places++] = place;
    });
  });
  return pairs;
}

}  // namespace tok
