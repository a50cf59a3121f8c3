#include "src/train/pieces/spilling_table.h"

#include <algorithm>

namespace tok {
namespace {

constexpr size_t kAtOnce = 256;

}  // namespace

void SpillingTable::Add(std::string_view text, std::span<const PieceRange> pieces) {
  while (!pieces.empty() && status_.ok()) {
    const size_t n = AddSome(text, pieces);
    pieces = pieces.subspan(n);
  }
}

void SpillingTable::Add(const CountedPiece& piece) {
  if (!status_.ok()) return;
  if (IsLarge(piece.bytes.size())) {
    status_ = runs_.Add(piece);
    return;
  }
  MakeRoom(1, CountingTable::LongBytes(piece.bytes.size()));
  table_.Add(piece.bytes, piece.count);
}

absl::Status SpillingTable::Finish() {
  status_.Update(runs_.Add(&table_));
  return status_;
}

void SpillingTable::MakeRoom(size_t n_pieces, size_t n_long_bytes) {
  if (table_.MemoryToTake(n_pieces, n_long_bytes) > n_bytes_) status_ = runs_.Add(&table_);
}

size_t SpillingTable::AddSome(std::string_view text, std::span<const PieceRange> pieces) {
  const auto size = [&](size_t i) { return pieces[i].end - pieces[i].begin; };
  size_t n = 0, n_long = 0;
  while (n < std::min(pieces.size(), kAtOnce) && !IsLarge(n_long) && !IsLarge(size(n))) {
    n_long += CountingTable::LongBytes(size(n++));
  }
  if (n == 0) {
    status_ = runs_.Add(CountedPiece{text.substr(pieces[0].begin, size(0)), 1});
    return 1;
  }
  MakeRoom(n, n_long);
  table_.Add(text, pieces.first(n));
  return n;
}

}  // namespace tok
