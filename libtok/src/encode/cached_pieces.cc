#include "src/encode/cached_pieces.h"

#include <cstdint>
#include <cstring>

namespace tok {
namespace {

// How many unknown pieces are worked out together.
constexpr size_t kMaxTogether = 32;

// Pieces, or parts of pieces, side by side in a text.
struct Segments {
  size_t begin = 0;
  size_t n = 0;
  size_t ends[kMaxBatchPieces];
  uint8_t is_part[kMaxBatchPieces];  // cut out of a piece
};

class SegmentEncoder {
 public:
  SegmentEncoder(const PieceEncoder& encoder, std::string_view text, PieceCache* cache, PieceScratch* scratch,
                 std::vector<TokenId>* ids)
      : encoder_(encoder),
        text_(text),
        cache_(*cache),
        scratch_(scratch),
        ids_(*ids),
        worked_out_(cache->worked_out()) {}

  // `is_part(i)`: whether segment i was cut out of a piece.
  template <typename IsPart>
  void Encode(size_t begin, std::span<const size_t> ends, IsPart is_part) {
    MakeKeys(begin, ends, is_part);
    size_t n_resolved = 0;  // segments whose ids were worked out if the cache did not know them
    for (size_t i = 0; i < ends.size(); begin = ends[i++]) {
      const std::string_view piece(text_.data() + begin, ends[i] - begin);
      if (piece.size() > MediumPieces::kMaxPiece) {
        EmitLong({piece, is_part(i)});
      } else if (!EmitKnown(i, piece.size())) [[unlikely]] {
        if (i >= n_resolved) n_resolved = Resolve(i, begin, ends, is_part);
        // What was remembered may have given way to another piece.
        if (!EmitKnown(i, piece.size())) Emit(WorkOut({piece, is_part(i)}));
      }
    }
    Flush();
  }

 private:
  using Piece = PieceEncoder::Piece;

  // Keys first, so that the cache lines of a whole batch are on their way before the first one is needed.
  template <typename IsPart>
  void MakeKeys(size_t begin, std::span<const size_t> ends, IsPart is_part) {
    for (size_t i = 0, at = begin; i < ends.size(); at = ends[i++]) {
      const std::string_view piece(text_.data() + at, ends[i] - at);
      const size_t readable = text_.size() - at;
      if (piece.size() <= ShortPieces::kMaxPiece) [[likely]] {
        keys_[i].of_short = ShortPieces::Key::Of(piece, readable, is_part(i));
        hashes_[i] = keys_[i].of_short.Hash();
        cache_.short_pieces().Prefetch(hashes_[i]);
      } else if (piece.size() <= MediumPieces::kMaxPiece) {
        keys_[i].of_medium = MediumPieces::Key::Of(piece, readable, is_part(i));
        hashes_[i] = keys_[i].of_medium.Hash();
        cache_.medium_pieces().Prefetch(hashes_[i]);
      }
    }
  }

  // Segments of at most MediumPieces::kMaxPiece bytes.
  template <typename Use>
  bool WithEntry(size_t i, size_t n_bytes, Use use) const {
    if (n_bytes <= ShortPieces::kMaxPiece) [[likely]] {
      const auto* entry = cache_.short_pieces().Find(keys_[i].of_short, hashes_[i]);
      return entry != nullptr && (use(*entry), true);
    }
    const auto* entry = cache_.medium_pieces().Find(keys_[i].of_medium, hashes_[i]);
    return entry != nullptr && (use(*entry), true);
  }
  bool IsKnown(size_t i, size_t n_bytes) const {
    return WithEntry(i, n_bytes, [](const auto&) {});
  }
  bool EmitKnown(size_t i, size_t n_bytes) {
    return WithEntry(i, n_bytes, [this](const auto& entry) {
      if (entry.n_ids == ShortPieces::kInArena) [[unlikely]]
        return Emit(cache_.IdsOf(entry));
      std::memcpy(buffer_ + n_buffered_, entry.ids, sizeof(entry.ids));
      n_buffered_ += entry.n_ids;
    });
  }

  // Works out segment `i`, which begins at `begin`, and the next ones that the cache does not know either, and remembers
  // them. Returns the first segment that it did not get to.
  template <typename IsPart>
  size_t Resolve(size_t i, size_t begin, std::span<const size_t> ends, IsPart is_part) {
    Piece pieces[kMaxTogether];
    size_t segments[kMaxTogether];
    size_t n = 0;
    for (; i < ends.size() && n < kMaxTogether; begin = ends[i++]) {
      const std::string_view piece(text_.data() + begin, ends[i] - begin);
      if (piece.size() > MediumPieces::kMaxPiece || IsKnown(i, piece.size())) continue;
      pieces[n] = {piece, is_part(i)};
      segments[n++] = i;
    }
    uint32_t id_ends[kMaxTogether];
    worked_out_.clear();
    encoder_.EncodeTogether({pieces, n}, scratch_, &worked_out_, id_ends);
    for (size_t k = 0, at = 0; k < n; at = id_ends[k++]) {
      const size_t segment = segments[k], n_bytes = pieces[k].bytes.size();
      if (IsKnown(segment, n_bytes)) continue;  // twice among the unknown
      const auto ids = std::span(worked_out_).subspan(at, id_ends[k] - at);
      if (n_bytes <= ShortPieces::kMaxPiece) {
        cache_.Insert(keys_[segment].of_short, hashes_[segment], ids);
      } else {
        cache_.Insert(keys_[segment].of_medium, hashes_[segment], ids);
      }
    }
    return i;
  }

  void EmitLong(const Piece& piece) {
    if (piece.bytes.size() > PieceCache::kMaxLongPiece) return Emit(WorkOut(piece));
    std::span<const TokenId> found;
    if (cache_.FindLong(piece.bytes, piece.is_part, &found)) return Emit(found);
    const std::span<const TokenId> ids = WorkOut(piece);
    Emit(ids);
    cache_.InsertLong(piece.bytes, piece.is_part, ids);
  }

  std::span<const TokenId> WorkOut(const Piece& piece) {
    uint32_t end;
    worked_out_.clear();
    encoder_.EncodeTogether({&piece, 1}, scratch_, &worked_out_, {&end, 1});
    return worked_out_;
  }

  void Emit(std::span<const TokenId> piece_ids) {
    Flush();
    ids_.insert(ids_.end(), piece_ids.begin(), piece_ids.end());
  }
  void Flush() {
    ids_.insert(ids_.end(), buffer_, buffer_ + n_buffered_);
    n_buffered_ = 0;
  }

  const PieceEncoder& encoder_;
  const std::string_view text_;
  PieceCache& cache_;
  PieceScratch* scratch_;
  std::vector<TokenId>& ids_;
  std::vector<TokenId>& worked_out_;
  size_t n_buffered_ = 0;
  TokenId buffer_[(kMaxBatchPieces + 1) * MediumPieces::kMaxInlineIds];
  union {
    ShortPieces::Key of_short;
    MediumPieces::Key of_medium;
  } keys_[kMaxBatchPieces];
  uint32_t hashes_[kMaxBatchPieces];
};

}  // namespace

void EncodeCachedPieces(const PieceEncoder& encoder, std::string_view text, size_t begin,
                        std::span<const size_t> ends, bool all_ascii, PieceCache* cache,
                        PieceScratch* scratch, std::vector<TokenId>* ids) {
  SegmentEncoder segment_encoder(encoder, text, cache, scratch, ids);
  if (all_ascii) return segment_encoder.Encode(begin, ends, [](size_t) { return false; });
  Segments segments;
  segments.begin = begin;
  const auto encode = [&] {
    if (segments.n == 0) return;
    const std::span<const size_t> parts(segments.ends, segments.n);
    const auto is_part = [&](size_t i) { return segments.is_part[i] != 0; };
    segment_encoder.Encode(segments.begin, parts, is_part);
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
      for (size_t next; (next = encoder.NextCut(piece, cut)) < piece.size(); cut = next) {
        add(begin + next, /*is_part=*/true);
      }
    }
    add(end, /*is_part=*/cut > 0);
    begin = end;
  }
  encode();
}

}  // namespace tok
