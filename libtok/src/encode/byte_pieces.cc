#include "src/encode/byte_pieces.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace tok {
namespace {

// Pieces, or parts of pieces, side by side in a text.
struct Segments {
  size_t begin = 0;
  size_t n = 0;
  size_t ends[kMaxBatchPieces];
  uint8_t is_part[kMaxBatchPieces];  // cut out of a piece
};

class SegmentEncoder {
 public:
  SegmentEncoder(const ByteBpe& bpe, std::string_view text, PieceCache* cache, ByteBpe::Scratch* scratch,
                 std::vector<TokenId>* ids)
      : bpe_(bpe), text_(text), cache_(*cache), scratch_(scratch), ids_(*ids) {}

  // `is_part(i)`: whether segment i was cut out of a piece.
  template <typename IsPart>
  void Encode(size_t begin, std::span<const size_t> ends, IsPart is_part) {
    // Keys first, so that the cache lines of a whole batch are on their way before the first one is needed.
    PieceKey keys[kMaxBatchPieces];
    uint32_t hashes[kMaxBatchPieces];
    for (size_t i = 0, at = begin; i < ends.size(); at = ends[i++]) {
      const size_t n_bytes = ends[i] - at;
      if (n_bytes > PieceCache::kMaxShortPiece) continue;
      keys[i] =
          PieceCache::MakeKey(std::string_view(text_.data() + at, n_bytes), text_.size() - at, is_part(i));
      hashes[i] = PieceCache::Hash(keys[i]);
      cache_.Prefetch(hashes[i]);
    }
    for (size_t i = 0; i < ends.size(); begin = ends[i++]) {
      const std::string_view piece(text_.data() + begin, ends[i] - begin);
      if (piece.size() <= PieceCache::kMaxShortPiece) [[likely]] {
        const PieceCache::Entry* entry = cache_.Find(keys[i], hashes[i]);
        if (entry != nullptr && entry->n_ids != PieceCache::kInArena) [[likely]] {
          std::memcpy(buffer_ + n_buffered_, entry->ids, sizeof(entry->ids));
          n_buffered_ += entry->n_ids;
          continue;
        }
        if (entry != nullptr) {
          Emit(cache_.IdsOf(*entry));
          continue;
        }
        const std::vector<TokenId>& merged = bpe_.EncodeIds(piece, is_part(i), scratch_);
        Emit(merged);
        cache_.Insert(keys[i], hashes[i], merged);
        continue;
      }
      EncodeLong(piece, is_part(i));
    }
    Flush();
  }

 private:
  void EncodeLong(std::string_view piece, bool is_part) {
    std::span<const TokenId> found;
    if (piece.size() > PieceCache::kMaxLongPiece) {
      Emit(bpe_.EncodeIds(piece, is_part, scratch_));
    } else if (cache_.FindLong(piece, is_part, &found)) {
      Emit(found);
    } else {
      const std::vector<TokenId>& merged = bpe_.EncodeIds(piece, is_part, scratch_);
      Emit(merged);
      cache_.InsertLong(piece, is_part, merged);
    }
  }

  void Emit(std::span<const TokenId> piece_ids) {
    Flush();
    ids_.insert(ids_.end(), piece_ids.begin(), piece_ids.end());
  }
  void Flush() {
    ids_.insert(ids_.end(), buffer_, buffer_ + n_buffered_);
    n_buffered_ = 0;
  }

  const ByteBpe& bpe_;
  const std::string_view text_;
  PieceCache& cache_;
  ByteBpe::Scratch* scratch_;
  std::vector<TokenId>& ids_;
  size_t n_buffered_ = 0;
  TokenId buffer_[(kMaxBatchPieces + 1) * PieceCache::kMaxInlineIds];
};

}  // namespace

void EncodeBytePieces(const ByteBpe& bpe, std::string_view text, size_t begin, std::span<const size_t> ends,
                      PieceCache* cache, ByteBpe::Scratch* scratch, std::vector<TokenId>* ids) {
  SegmentEncoder encoder(bpe, text, cache, scratch, ids);
  size_t longest = 0;
  for (size_t i = 0, at = begin; i < ends.size(); at = ends[i++]) longest = std::max(longest, ends[i] - at);
  if (longest <= PieceCache::kMaxShortPiece) {
    encoder.Encode(begin, ends, [](size_t) { return false; });
    return;
  }
  Segments segments;
  segments.begin = begin;
  const auto encode = [&] {
    if (segments.n == 0) return;
    encoder.Encode(segments.begin, std::span(segments.ends, segments.n),
                   [&](size_t i) { return segments.is_part[i] != 0; });
    segments.begin = segments.ends[segments.n - 1];
    segments.n = 0;
  };
  const auto add = [&](size_t end, bool is_part) {
    if (segments.n == kMaxBatchPieces) encode();
    segments.ends[segments.n] = end;
    segments.is_part[segments.n++] = is_part;
  };
  for (const size_t end : ends) {
    const std::string_view piece(text.data() + begin, end - begin);
    size_t cut = 0;
    if (piece.size() > PieceCache::kMaxShortPiece) {
      for (size_t next; (next = bpe.joins()->NextCut(piece, cut)) < piece.size(); cut = next) {
        add(begin + next, /*is_part=*/true);
      }
    }
    add(end, /*is_part=*/cut > 0);
    begin = end;
  }
  encode();
}

}  // namespace tok
