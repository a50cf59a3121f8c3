#include "src/encode/cached_pieces.h"

#include <cstdint>

namespace tok {
namespace {

// How many unknown pieces are worked out together.
constexpr size_t kMaxTogether = 32;

// Pieces, or parts of pieces, side by side in a text.
struct Segments {
  size_t begin = 0;
  size_t n = 0;
  size_t ends[kMaxBatchPieces];
  uint8_t is_part[kMaxBatchPieces];  // cut out of a piece, which matters
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

  // At most kMaxBatchPieces segments that tile [begin, ends.back()). `is_part(i)`: whether segment i was cut out of a
  // piece.
  template <typename IsPart>
  void Encode(size_t begin, std::span<const size_t> ends, IsPart is_part) {
    begin_ = begin;
    ends_ = ends;
    n_resolved_ = 0;
    const size_t readable = text_.size() - ends.back();
    if (readable >= MediumPieces::kMaxPiece) {
      MakeKeys<true>(is_part);
    } else {
      MakeKeys<false>(is_part);
    }
    const size_t n = ends.size();
    TokenId* out = buffer_;
    ShortPieces::View view = cache_.short_pieces().view();
    MediumPieces::View medium_view = cache_.medium_pieces().view();
    for (size_t i = 0; i < n; ++i) {
      // What is frequent came early, and lies at home.
      const ShortPieces::Entry& entry = view.Home(hashes_[i]);
      if (entry.key == keys_[i] && entry.n_ids <= ShortPieces::kMaxInlineIds) [[likely]] {
        out = entry.Write(out);
        continue;
      }
      if (keys_[i].IsOfNothing()) {
        const MediumPieces::Entry& medium = medium_view.Home(medium_hashes_[i]);
        if (medium.key == medium_keys_[i] && medium.n_ids <= MediumPieces::kMaxInlineIds) {
          out = medium.Write(out);
          continue;
        }
      }
      n_buffered_ = static_cast<size_t>(out - buffer_);
      EmitOther(i, is_part);
      out = buffer_ + n_buffered_;
      view = cache_.short_pieces().view();
      medium_view = cache_.medium_pieces().view();
    }
    n_buffered_ = static_cast<size_t>(out - buffer_);
    Flush();
  }

 private:
  using Piece = PieceEncoder::Piece;

  std::string_view SegmentAt(size_t i) const {
    const size_t begin = i == 0 ? begin_ : ends_[i - 1];
    return std::string_view(text_.data() + begin, ends_[i] - begin);
  }

  // Keys first, so that the cache lines of a whole batch are on their way before the first one is needed. `kReadable`:
  // there is enough text behind the batch to load keys from without looking.
  template <bool kReadable, typename IsPart>
  void MakeKeys(IsPart is_part) {
    const ShortPieces::View view = cache_.short_pieces().view();
    const size_t n = ends_.size();
    for (size_t i = 0, at = begin_; i < n; ++i) {
      const std::string_view piece(text_.data() + at, ends_[i] - at);
      const size_t readable = kReadable ? SIZE_MAX : text_.size() - at;
      at = ends_[i];
      if (piece.size() > ShortPieces::kMaxPiece) [[unlikely]] {
        MakeLongerKey(i, piece, readable, is_part(i));
        continue;
      }
      const ShortPieces::Key key = ShortPieces::Key::Of(piece, readable, is_part(i));
      keys_[i] = key;
      hashes_[i] = key.Hash();
      view.Prefetch(hashes_[i]);
    }
  }
  void MakeLongerKey(size_t i, std::string_view piece, size_t readable, bool is_part) {
    keys_[i] = ShortPieces::Key::OfNothing();
    hashes_[i] = 0;  // one home for all, so that looking there waits for no memory
    medium_hashes_[i] = 0;
    medium_keys_[i] = MediumPieces::Key::OfNothing();
    if (piece.size() > MediumPieces::kMaxPiece) return;
    medium_keys_[i] = MediumPieces::Key::Of(piece, readable, is_part);
    medium_hashes_[i] = medium_keys_[i].Hash();
    cache_.medium_pieces().view().Prefetch(medium_hashes_[i]);
  }

  // Segments that no short piece at home is.
  template <typename IsPart>
  [[gnu::noinline]] void EmitOther(size_t i, IsPart is_part) {
    const std::string_view piece = SegmentAt(i);
    if (piece.size() > MediumPieces::kMaxPiece) return EmitLong({piece, is_part(i)});
    if (EmitKnown(i, piece.size())) return;
    if (i >= n_resolved_) n_resolved_ = Resolve(i, is_part);
    // What was remembered may have given way to another piece.
    if (!EmitKnown(i, piece.size())) Emit(WorkOut({piece, is_part(i)}));
  }

  // Segments of at most MediumPieces::kMaxPiece bytes.
  template <typename Use>
  bool WithEntry(size_t i, size_t n_bytes, Use use) const {
    if (n_bytes <= ShortPieces::kMaxPiece) {
      const auto* entry = cache_.short_pieces().Find(keys_[i], hashes_[i]);
      return entry != nullptr && (use(*entry), true);
    }
    const auto* entry = cache_.medium_pieces().Find(medium_keys_[i], medium_hashes_[i]);
    return entry != nullptr && (use(*entry), true);
  }
  bool IsKnown(size_t i, size_t n_bytes) const {
    return WithEntry(i, n_bytes, [](const auto&) {});
  }
  bool EmitKnown(size_t i, size_t n_bytes) {
    return WithEntry(i, n_bytes, [this](const auto& entry) {
      if (entry.n_ids == ShortPieces::kInArena) return Emit(cache_.IdsOf(entry));
      Buffer(entry);
    });
  }

  // Works out segment `i` and the next ones that the cache does not know either, and remembers them. Returns the first
  // segment that it did not get to.
  template <typename IsPart>
  size_t Resolve(size_t i, IsPart is_part) {
    Piece pieces[kMaxTogether];
    size_t segments[kMaxTogether];
    size_t n = 0;
    const ShortPieces::View view = cache_.short_pieces().view();
    for (; i < ends_.size() && n < kMaxTogether; ++i) {
      if (view.Home(hashes_[i]).key == keys_[i]) continue;  // as nearly always
      const std::string_view piece = SegmentAt(i);
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
        cache_.Insert(keys_[segment], hashes_[segment], ids);
      } else {
        cache_.Insert(medium_keys_[segment], medium_hashes_[segment], ids);
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

  template <typename Entry>
  void Buffer(const Entry& entry) {
    n_buffered_ = static_cast<size_t>(entry.Write(buffer_ + n_buffered_) - buffer_);
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

  size_t begin_ = 0;
  std::span<const size_t> ends_;
  size_t n_resolved_ = 0;  // segments whose ids were worked out if the cache did not know them
  ShortPieces::Key keys_[kMaxBatchPieces];
  MediumPieces::Key medium_keys_[kMaxBatchPieces];
  uint32_t hashes_[kMaxBatchPieces], medium_hashes_[kMaxBatchPieces];

  size_t n_buffered_ = 0;
  TokenId buffer_[kMaxBatchPieces * MediumPieces::kMaxInlineIds + MediumPieces::kIdsWritten];
};

}  // namespace

void EncodeCachedPieces(const PieceEncoder& encoder, std::string_view text, size_t begin,
                        std::span<const size_t> ends, bool all_ascii, PieceCache* cache,
                        PieceScratch* scratch, std::vector<TokenId>* ids) {
  if (ends.empty()) return;
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
  const bool parts_differ = encoder.PartsDiffer();
  const auto add = [&](size_t end, bool is_part) {
    if (segments.n == kMaxBatchPieces) encode();
    segments.ends[segments.n] = end;
    segments.is_part[segments.n++] = is_part && parts_differ;
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
