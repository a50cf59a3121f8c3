#include "src/train/pieces/piece_list.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include "src/base/status_macros.h"

namespace tok {
namespace {

constexpr uint64_t kMaxTextBytes = INT64_MAX;
constexpr size_t kShownBytes = 80;  // of a piece, in messages

// A piece to sort: most comparisons end at the first bytes, without a look at the piece itself.
struct SortKey {
  uint64_t first_bytes;  // as a number that orders as they do
  uint64_t index;
};

uint64_t FirstBytes(std::string_view bytes) {
  uint64_t word = 0;
  if (!bytes.empty()) std::memcpy(&word, bytes.data(), std::min(bytes.size(), sizeof(word)));
  return __builtin_bswap64(word);
}

// None empty, each once.
bool IsSorted(const PieceCounts& counts) {
  std::string_view last;  // empty: below every piece
  for (size_t i = 0; i < counts.n_unique(); ++i) {
    const std::string_view bytes = counts[i].bytes;
    if (bytes <= last) return false;
    last = bytes;
  }
  return true;
}

}  // namespace

bool TextSize::Add(const CountedPiece& piece) {
  uint64_t n_bytes = 0;
  if (__builtin_mul_overflow(piece.count, uint64_t{piece.bytes.size()}, &n_bytes) ||
      n_bytes > kMaxTextBytes - n_bytes_) {
    return false;
  }
  n_bytes_ += n_bytes;
  return true;
}

absl::Status TextSize::Check(const CountedPiece& piece) {
  if (Add(piece)) return absl::OkStatus();
  return MakeError(ErrorCode::kLimit, "piece '" + EscapePiece(piece.bytes.substr(0, kShownBytes)) + "'",
                   "the counts are of a text of 2^63 bytes or more", "count less text");
}

PieceCounts CountsIn(std::shared_ptr<const PieceStorage> storage, PieceCounts::Origin origin) {
  const std::string_view blob(storage->blob.data(), storage->blob.size());
  const std::span<const uint64_t> ends = storage->ends, counts = storage->counts;
  return PieceCounts(std::move(origin), blob, ends, counts, std::move(storage));
}

void PieceList::Reserve(size_t n_pieces, size_t n_bytes) {
  storage_->blob.reserve(n_bytes);
  storage_->ends.reserve(n_pieces);
  storage_->counts.reserve(n_pieces);
}

absl::Status PieceList::Append(const CountedPiece& piece) {
  TOK_RETURN_IF_ERROR(text_size_.Check(piece));
  ScratchVector<char>& blob = storage_->blob;
  ScratchVector<uint64_t>& ends = storage_->ends;
  if (!ends.empty()) {
    const uint64_t last_begin = ends.size() == 1 ? 0 : ends[ends.size() - 2];
    if (std::string_view(blob.data(), blob.size()).substr(last_begin) == piece.bytes) {
      storage_->counts.back() += piece.count;  // no more than the size of the text
      return absl::OkStatus();
    }
  }
  blob.insert(blob.end(), piece.bytes.begin(), piece.bytes.end());
  ends.push_back(blob.size());
  storage_->counts.push_back(piece.count);
  return absl::OkStatus();
}

PieceCounts PieceList::Finish(PieceCounts::Origin origin) && {
  return CountsIn(std::move(storage_), std::move(origin));
}

absl::StatusOr<PieceCounts> Sorted(const PieceCounts& counts, const std::shared_ptr<ScratchMemory>& scratch) {
  if (IsSorted(counts)) {
    TextSize text_size;
    for (size_t i = 0; i < counts.n_unique(); ++i) TOK_RETURN_IF_ERROR(text_size.Check(counts[i]));
    return counts;
  }
  ScratchVector<SortKey> keys(counts.n_unique(), scratch.get());
  for (size_t i = 0; i < keys.size(); ++i) keys[i] = {FirstBytes(counts[i].bytes), i};
  std::sort(keys.begin(), keys.end(), [&](const SortKey& a, const SortKey& b) {
    if (a.first_bytes != b.first_bytes) return a.first_bytes < b.first_bytes;
    return counts[a.index].bytes < counts[b.index].bytes;
  });
  PieceList list(scratch);
  for (const SortKey& key : keys) TOK_RETURN_IF_ERROR(list.Append(counts[key.index]));
  return std::move(list).Finish(counts.origin());
}

}  // namespace tok
