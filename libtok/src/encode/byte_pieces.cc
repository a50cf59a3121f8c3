#include "src/encode/byte_pieces.h"

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
    const ShortPieces& shorts = cache_.short_pieces();
    const MediumPieces& mediums = cache_.medium_pieces();
    for (size_t i = 0, at = begin; i < ends.size(); at = ends[i++]) {
      const std::string_view piece(text_.data() + at, ends[i] - at);
      const size_t readable = text_.size() - at;
      if (piece.size() <= ShortPieces::kMaxPiece) [[likely]] {
        keys_[i].of_short = ShortPieces::Key::Of(piece, readable, is_part(i));
        hashes_[i] = keys_[i].of_short.Hash();
        shorts.Prefetch(hashes_[i]);
      } else if (piece.size() <= MediumPieces::kMaxPiece) {
        keys_[i].of_medium = MediumPieces::Key::Of(piece, readable, is_part(i));
        hashes_[i] = keys_[i].of_medium.Hash();
        mediums.Prefetch(hashes_[i]);
      }
    }
    for (size_t i = 0; i < ends.size(); begin = ends[i++]) {
      const std::string_view piece(text_.data() + begin, ends[i] - begin);
      if (piece.size() <= ShortPieces::kMaxPiece) [[likely]] {
        EncodeOne(shorts, keys_[i].of_short, hashes_[i], piece, is_part(i));
      } else if (piece.size() <= MediumPieces::kMaxPiece) {
        EncodeOne(mediums, keys_[i].of_medium, hashes_[i], piece, is_part(i));
      } else {
        EncodeLong(piece, is_part(i));
      }
    }
    Flush();
  }

 private:
  template <typename Table>
  void EncodeOne(const Table& table, const typename Table::Key& key, uint32_t hash, std::string_view piece,
                 bool is_part) {
    const typename Table::Entry* entry = table.Find(key, hash);
    if (entry != nullptr && entry->n_ids != Table::kInArena) [[likely]] {
      std::memcpy(buffer_ + n_buffered_, entry->ids, sizeof(entry->ids));
      n_buffered_ += entry->n_ids;
      return;
    }
    if (entry != nullptr) return Emit(cache_.IdsOf(*entry));
    const std::vector<TokenId>& merged = bpe_.EncodeIds(piece, is_part, scratch_);
    Emit(merged);
    cache_.Insert(key, hash, merged);
  }

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
  TokenId buffer_[(kMaxBatchPieces + 1) * MediumPieces::kMaxInlineIds];
  union {
    ShortPieces::Key of_short;
    MediumPieces::Key of_medium;
  } keys_[kMaxBatchPieces];
  uint32_t hashes_[kMaxBatchPieces];
};

}  // namespace

void EncodeBytePieces(const ByteBpe& bpe, std::string_view text, size_t begin, std::span<const size_t> ends,
                      bool all_ascii, PieceCache* cache, ByteBpe::Scratch* scratch,
                      std::vector<TokenId>* ids) {
  SegmentEncoder encoder(bpe, text, cache, scratch, ids);
  const JoinFilter& joins = *bpe.joins();
  if (all_ascii) return encoder.Encode(begin, ends, [](size_t) { return false; });
  Segments segments;
  segments.begin = begin;
  const auto encode = [&] {
    if (segments.n == 0) return;
    const std::span<const size_t> parts(segments.ends, segments.n);
    const auto is_part = [&](size_t i) { return segments.is_part[i] != 0; };
    encoder.Encode(segments.begin, parts, is_part);
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
    if (piece.size() > ShortPieces::kMaxPiece) {  // others are looked up at once
      for (size_t next; (next = joins.NextCut(piece, cut)) < piece.size(); cut = next) {
        add(begin + next, /*is_part=*/true);
      }
    }
    add(end, /*is_part=*/cut > 0);
    begin = end;
  }
  encode();
}

}  // namespace tok
