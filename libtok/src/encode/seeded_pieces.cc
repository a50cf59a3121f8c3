#include "src/encode/seeded_pieces.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>
#include <vector>

#include "src/base/hash.h"

namespace tok {
namespace {

constexpr unsigned kMinLogEntries = 4, kMaxLogEntries = 24;
constexpr uint32_t kCountBits = 8;  // the number of ids; the rest of n_ids is the check

// The entry's number of ids with the check above it.
template <typename Entry>
uint32_t Checked(Entry entry) {
  entry.n_ids &= (1u << kCountBits) - 1;
  const std::string_view bytes(reinterpret_cast<const char*>(&entry), sizeof(entry));
  return entry.n_ids | static_cast<uint32_t>(HashBytes(bytes)) << kCountBits;
}

template <typename Table>
std::string TableOf(const Table& pieces) {
  std::vector<typename Table::Entry> entries;
  pieces.ForEach([&](const auto& entry) {
    if (entry.n_ids <= Table::kMaxInlineIds) entries.push_back(entry);
  });
  // At most three quarters full.
  const unsigned log_entries =
      std::max<unsigned>(kMinLogEntries, static_cast<unsigned>(std::bit_width(entries.size() * 4 / 3)));
  std::vector<typename Table::Entry> places(size_t{1} << log_entries);
  const typename Table::View view{places.data(), 32 - log_entries};
  for (typename Table::Entry& entry : entries) {
    const auto* place = view.FindEmpty(entry.key.Hash());
    if (place == nullptr) continue;
    // Nothing undefined may be checked, or written to a file.
    std::fill(entry.ids + entry.n_ids, entry.ids + Table::kMaxInlineIds, 0u);
    entry.n_ids = Checked(entry);
    places[static_cast<size_t>(place - places.data())] = entry;
  }
  return std::string(reinterpret_cast<const char*>(places.data()), places.size() * sizeof(places[0]));
}

}  // namespace

SeededPieces::Tables SeededPieces::Build(const ShortPieces& shorts, const MediumPieces& mediums) {
  return {TableOf(shorts), TableOf(mediums)};
}

template <typename Table>
typename Table::View SeededPieces::NoPieces() {
  static const std::vector<typename Table::Entry> places(size_t{1} << kMinLogEntries);
  return {places.data(), 32 - kMinLogEntries};
}
template ShortPieces::View SeededPieces::NoPieces<ShortPieces>();
template MediumPieces::View SeededPieces::NoPieces<MediumPieces>();

template <typename Table>
typename Table::View SeededPieces::ViewOf(std::string_view bytes) {
  const size_t n = bytes.size() / sizeof(typename Table::Entry);
  const bool is_table = std::has_single_bit(n) && bytes.size() % sizeof(typename Table::Entry) == 0 &&
                        n >= size_t{1} << kMinLogEntries && n <= size_t{1} << kMaxLogEntries;
  if (!is_table) return NoPieces<Table>();
  return {reinterpret_cast<const typename Table::Entry*>(bytes.data()),
          32 - static_cast<unsigned>(std::countr_zero(n))};
}

SeededPieces::SeededPieces(std::string_view shorts, std::string_view mediums, size_t n_ids,
                           std::shared_ptr<const void> owner)
    : shorts_(ViewOf<ShortPieces>(shorts)),
      mediums_(ViewOf<MediumPieces>(mediums)),
      n_ids_(n_ids),
      owner_(std::move(owner)) {}

template <typename Table>
bool SeededPieces::FindIn(const typename Table::View& view, const typename Table::Key& key, uint32_t hash,
                          typename Table::Entry* found) const {
  const auto* entry = view.Find(key, hash);
  if (entry == nullptr || entry->n_ids != Checked(*entry)) return false;
  *found = *entry;
  found->n_ids &= (1u << kCountBits) - 1;
  if (found->n_ids == 0 || found->n_ids > Table::kMaxInlineIds) return false;
  return std::all_of(found->ids, found->ids + found->n_ids, [&](TokenId id) { return id < n_ids_; });
}
template bool SeededPieces::FindIn<ShortPieces>(const ShortPieces::View&, const ShortPieces::Key&, uint32_t,
                                                ShortPieces::Entry*) const;
template bool SeededPieces::FindIn<MediumPieces>(const MediumPieces::View&, const MediumPieces::Key&,
                                                 uint32_t, MediumPieces::Entry*) const;

}  // namespace tok
