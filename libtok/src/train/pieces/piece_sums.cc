#include "src/train/pieces/piece_sums.h"

#include <utility>

#include "src/base/parallel.h"
#include "src/train/pieces/piece_list.h"

namespace tok {
namespace {

constexpr size_t kParts = size_t{1} << CountingTable::kLogParts;

}  // namespace

PieceCounts SumTables(std::vector<std::unique_ptr<CountingTable>> tables, PieceCounts::Origin origin,
                      unsigned n_threads) {
  std::vector<CountingTable> sums;
  struct Place {
    size_t piece = 0, byte = 0;
  };
  std::vector<Place> begins(kParts + 1);
  if (tables.size() != 1) {
    for (size_t part = 0; part < kParts; ++part) sums.emplace_back(/*salt=*/0xA0761D6478BD642Fu);
    ParallelFor(kParts, n_threads, [&](size_t part) {
      for (const auto& table : tables) {
        table->ForEach(part, [&](CountedPiece piece) { sums[part].Add(piece.bytes, piece.count); });
      }
    });
    tables.clear();
  }
  const auto for_each = [&](size_t part, const auto& use) {
    if (sums.empty()) {
      tables[0]->ForEach(part, use);
    } else {
      sums[part].ForEach(use);
    }
  };
  ParallelFor(kParts, n_threads, [&](size_t part) {
    for_each(part, [&](CountedPiece piece) {
      ++begins[part + 1].piece;
      begins[part + 1].byte += piece.bytes.size();
    });
  });
  for (size_t part = 0; part < kParts; ++part) {
    begins[part + 1].piece += begins[part].piece;
    begins[part + 1].byte += begins[part].byte;
  }
  auto storage = std::make_shared<PieceStorage>();
  storage->blob.resize(begins[kParts].byte);
  storage->ends.resize(begins[kParts].piece);
  storage->counts.resize(begins[kParts].piece);
  ParallelFor(kParts, n_threads, [&](size_t part) {
    Place place = begins[part];
    for_each(part, [&](CountedPiece piece) {
      piece.bytes.copy(storage->blob.data() + place.byte, piece.bytes.size());
      place.byte += piece.bytes.size();
      storage->ends[place.piece] = place.byte;
      storage->counts[place.piece++] = piece.count;
    });
  });
  return CountsIn(std::move(storage), std::move(origin));
}

}  // namespace tok
