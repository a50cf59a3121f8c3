#include "src/encode/cached_pieces.h"

#include <algorithm>
#include <cstdint>

#include "src/unicode/utf8.h"

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
  uint8_t is_last[kMaxBatchPieces];  // of its piece
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
  // piece. `kNotesEnds`: id_ends() is wanted.
  template <bool kNotesEnds, typename IsPart>
  void Encode(size_t begin, std::span<const size_t> ends, IsPart is_part) {
    begin_ = begin;
    ends_ = ends;
    n_resolved_ = 0;
    const size_t readable = text_.size() - ends.back();
    if (readable >= MediumPieces::kMaxPiece) {
      LookAhead<true>(is_part);
    } else {
      LookAhead<false>(is_part);
    }
    TokenId* out = buffer_;
    const ShortSegment* const end = short_ + ends.size();
    for (const ShortSegment* segment = short_; segment != end; ++segment) {
      const auto i = static_cast<size_t>(segment - short_);
      // What is frequent lies at home.
      if (segment->home->key == segment->key) [[likely]] {
        out = segment->home->Write(out);
      } else if (segment->key.IsOfNothing() && medium_[i].home->key == medium_[i].key) {
        out = medium_[i].home->Write(out);
      } else {
        n_buffered_ = static_cast<size_t>(out - buffer_);
        EmitOther(i, is_part);
        out = buffer_ + n_buffered_;
      }
      if constexpr (kNotesEnds) id_ends_[i] = ids_.size() + static_cast<size_t>(out - buffer_);
    }
    n_buffered_ = static_cast<size_t>(out - buffer_);
    Flush();
  }

  // How many ids there are once segment i is written.
  const size_t* id_ends() const { return id_ends_; }

 private:
  using Piece = PieceEncoder::Piece;

  // What is asked for, and the entry where it would lie at home.
  struct ShortSegment {
    ShortPieces::Key key;
    const ShortPieces::Entry* home;
  };
  struct MediumSegment {
    MediumPieces::Key key;
    const MediumPieces::Entry* home;
  };

  std::string_view SegmentAt(size_t i) const {
    const size_t begin = i == 0 ? begin_ : ends_[i - 1];
    return std::string_view(text_.data() + begin, ends_[i] - begin);
  }

  // Keys first, so that the cache lines of a whole batch are on their way before the first one is needed. `kReadable`:
  // there is enough text behind the batch to load keys from without looking.
  template <bool kReadable, typename IsPart>
  void LookAhead(IsPart is_part) {
    short_view_ = cache_.short_pieces().view();
    medium_view_ = cache_.medium_pieces().view();
    const ShortPieces::View view = short_view_;
    const char* const text_end = text_.data() + text_.size();
    const char* at = text_.data() + begin_;
    ShortSegment* segment = short_;
    for (const size_t& end : ends_) {
      const char* const piece_end = text_.data() + end;
      const std::string_view piece(at, static_cast<size_t>(piece_end - at));
      const size_t readable = kReadable ? SIZE_MAX : static_cast<size_t>(text_end - at);
      at = piece_end;
      const bool part = is_part(static_cast<size_t>(&end - ends_.data()));
      if (piece.size() <= ShortPieces::kMaxPiece) [[likely]] {
        segment->key = ShortPieces::Key::Of(piece, readable, part);
        segment->home = &view.Home(segment->key.Hash());
      } else {
        segment->key = ShortPieces::Key::OfNothing();
        segment->home = view.entries;  // one for all, so that looking there waits for no memory
        LookAheadForLonger(piece, readable, part, static_cast<size_t>(segment - short_));
      }
      __builtin_prefetch(segment->home);
      ++segment;
    }
  }
  void LookAheadForLonger(std::string_view piece, size_t readable, bool is_part, size_t i) {
    MediumSegment& segment = medium_[i];
    if (piece.size() <= MediumPieces::kMaxPiece) {
      segment.key = MediumPieces::Key::Of(piece, readable, is_part);
      segment.home = &medium_view_.Home(segment.key.Hash());
      __builtin_prefetch(segment.home);
      return;
    }
    segment.key = MediumPieces::Key::OfNothing();
    segment.home = medium_view_.entries;
    if (piece.size() > LongPieces::kMaxPiece) return;
    long_hashes_[i] = LongPieces::HashOf(piece);
    cache_.long_pieces().Prefetch(long_hashes_[i]);
  }
  // Segments from `i` on, where insertions may have moved the tables.
  void FindHomesAgain(size_t i) {
    const ShortPieces::View short_view = cache_.short_pieces().view();
    const MediumPieces::View medium_view = cache_.medium_pieces().view();
    if (short_view == short_view_ && medium_view == medium_view_) return;
    short_view_ = short_view;
    medium_view_ = medium_view;
    for (; i < ends_.size(); ++i) {
      short_[i].home = &short_view.Home(short_[i].key.Hash());
      if (short_[i].key.IsOfNothing()) medium_[i].home = &medium_view.Home(medium_[i].key.Hash());
    }
  }

  // Segments that do not lie at home.
  template <typename IsPart>
  [[gnu::noinline]] void EmitOther(size_t i, IsPart is_part) {
    const std::string_view piece = SegmentAt(i);
    if (piece.size() > MediumPieces::kMaxPiece) return EmitLong(i, {piece, is_part(i)});
    if (EmitKnown(i, piece.size())) return;
    if (i >= n_resolved_) n_resolved_ = Resolve(i, is_part);
    // What was remembered may have given way to another piece.
    if (!EmitKnown(i, piece.size())) Emit(WorkOut({piece, is_part(i)}));
    FindHomesAgain(i + 1);
  }

  // Segments of at most MediumPieces::kMaxPiece bytes.
  bool IsKnown(size_t i, size_t n_bytes) const {
    if (n_bytes <= ShortPieces::kMaxPiece) {
      return cache_.short_pieces().Find(short_[i].key, short_[i].key.Hash()) != nullptr;
    }
    return cache_.medium_pieces().Find(medium_[i].key, medium_[i].key.Hash()) != nullptr;
  }
  bool EmitKnown(size_t i, size_t n_bytes) {
    if (n_bytes <= ShortPieces::kMaxPiece) {
      return EmitEntry(cache_.short_pieces().FindAndBringHome(short_[i].key, short_[i].key.Hash()));
    }
    return EmitEntry(cache_.medium_pieces().FindAndBringHome(medium_[i].key, medium_[i].key.Hash()));
  }
  template <typename Entry>
  bool EmitEntry(const Entry* entry) {
    if (entry == nullptr) return false;
    if (entry->IsInArena()) {
      Emit(cache_.IdsOf(*entry));
    } else {
      n_buffered_ = static_cast<size_t>(entry->Write(buffer_ + n_buffered_) - buffer_);
    }
    return true;
  }

  // Works out segment `i` and the next ones that the cache does not know either, and remembers them. Returns the first
  // segment that it did not get to.
  template <typename IsPart>
  size_t Resolve(size_t i, IsPart is_part) {
    Piece pieces[kMaxTogether];
    size_t segments[kMaxTogether];
    size_t n = 0;
    for (; i < ends_.size() && n < kMaxTogether; ++i) {
      if (short_[i].home->key == short_[i].key) continue;  // as nearly always
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
        cache_.Insert(short_[segment].key, ids);
      } else {
        cache_.Insert(medium_[segment].key, ids);
      }
    }
    return i;
  }

  void EmitLong(size_t i, const Piece& piece) {
    if (piece.bytes.size() > LongPieces::kMaxPiece) return Emit(WorkOut(piece));
    LongPieces& pieces = cache_.long_pieces();
    std::span<const TokenId> found;
    if (pieces.Find(piece.bytes, piece.is_part, long_hashes_[i], &found)) return Emit(found);
    const std::span<const TokenId> ids = WorkOut(piece);
    Emit(ids);
    pieces.Insert(piece.bytes, piece.is_part, long_hashes_[i], ids);
  }

  std::span<const TokenId> WorkOut(const Piece& piece) {
    uint32_t end;
    worked_out_.clear();
    encoder_.EncodeTogether({&piece, 1}, scratch_, &worked_out_, {&end, 1});
    return worked_out_;
  }

  void Emit(std::span<const TokenId> piece_ids) {
    if (n_buffered_ + piece_ids.size() <= kMaxBatchPieces) {
      std::copy(piece_ids.begin(), piece_ids.end(), buffer_ + n_buffered_);
      n_buffered_ += piece_ids.size();
      return;
    }
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
  size_t n_resolved_ = 0;         // segments whose ids were worked out if the cache did not know them
  ShortPieces::View short_view_;  // the tables in which homes were found
  MediumPieces::View medium_view_;
  ShortSegment short_[kMaxBatchPieces];
  MediumSegment medium_[kMaxBatchPieces];  // of segments whose short key is that of nothing
  // Of segments whose medium key is that of nothing, up to LongPieces::kMaxPiece.
  uint64_t long_hashes_[kMaxBatchPieces];

  size_t id_ends_[kMaxBatchPieces];
  size_t n_buffered_ = 0;
  // Room for one Emit, which leaves at most kMaxBatchPieces ids here, and the entries of all other segments.
  TokenId buffer_[kMaxBatchPieces * (1 + MediumPieces::kMaxInlineIds) + MediumPieces::kIdsWritten];
};

// `id_ends`: one a piece, if kNotesEnds.
template <bool kNotesEnds>
void EncodePieces(const PieceEncoder& encoder, std::string_view text, size_t begin,
                  std::span<const size_t> ends, bool only_short_characters, PieceCache* cache,
                  PieceScratch* scratch, std::vector<TokenId>* ids, size_t* id_ends) {
  if (ends.empty()) return;
  SegmentEncoder segment_encoder(encoder, text, cache, scratch, ids);
  const auto is_no_part = [](size_t) { return false; };
  if (only_short_characters) {
    segment_encoder.Encode<kNotesEnds>(begin, ends, is_no_part);
    if (kNotesEnds) std::copy_n(segment_encoder.id_ends(), ends.size(), id_ends);
    return;
  }
  Segments segments;
  segments.begin = begin;
  const bool parts_differ = encoder.PartsDiffer();
  const auto encode = [&] {
    if (segments.n == 0) return;
    const std::span<const size_t> parts(segments.ends, segments.n);
    if (parts_differ) {
      segment_encoder.Encode<kNotesEnds>(segments.begin, parts,
                                         [&](size_t i) { return segments.is_part[i] != 0; });
    } else {
      segment_encoder.Encode<kNotesEnds>(segments.begin, parts, is_no_part);
    }
    for (size_t i = 0; kNotesEnds && i < segments.n; ++i) {
      if (segments.is_last[i]) *id_ends++ = segment_encoder.id_ends()[i];
    }
    segments.begin = segments.ends[segments.n - 1];
    segments.n = 0;
  };
  // The text from `begin` to `end`, cut between characters. Shorter ones are looked up at once. Asked once: a piece of
  // megabytes fills many batches.
  const auto add = [&](size_t end, bool is_part, bool is_last) {
    const std::string_view piece(text.data() + begin, end - begin);
    const bool may_be_cut = piece.size() > ShortPieces::kMaxPiece && HasLongCharacter(piece);
    for (size_t cut = 0; may_be_cut;) {
      const size_t room = kMaxBatchPieces - segments.n;
      const size_t n = encoder.NextCuts(piece, text.size() - begin, cut, begin,
                                        std::span(segments.ends + segments.n, room));
      std::fill_n(segments.is_part + segments.n, n, true);
      std::fill_n(segments.is_last + segments.n, n, false);
      segments.n += n;
      is_part = is_part || n > 0;
      if (n < room) break;
      cut = segments.ends[segments.n - 1] - begin;
      encode();
    }
    if (segments.n == kMaxBatchPieces) encode();
    segments.ends[segments.n] = end;
    segments.is_last[segments.n] = is_last;
    segments.is_part[segments.n++] = is_part;
    begin = end;
  };
  for (const size_t end : ends) {
    bool is_part = false;
    if (end - begin > MediumPieces::kMaxPiece) {
      size_t cuts[kMaxBatchPieces], n;
      const size_t piece_begin = begin;
      const std::string_view piece(text.data() + piece_begin, end - piece_begin);
      do {
        n = encoder.NextWordCuts(piece, begin - piece_begin, cuts);
        is_part = is_part || n > 0;
        for (const size_t cut : std::span(cuts, n)) add(piece_begin + cut, is_part, /*is_last=*/false);
      } while (n == kMaxBatchPieces);
    }
    add(end, is_part, /*is_last=*/true);
  }
  encode();
}

}  // namespace

void EncodeCachedPieces(const PieceEncoder& encoder, std::string_view text, size_t begin,
                        std::span<const size_t> ends, bool only_short_characters, PieceCache* cache,
                        PieceScratch* scratch, std::vector<TokenId>* ids) {
  EncodePieces<false>(encoder, text, begin, ends, only_short_characters, cache, scratch, ids, nullptr);
}

void EncodeCachedPieces(const PieceEncoder& encoder, std::string_view text, size_t begin,
                        std::span<const size_t> ends, bool only_short_characters, PieceCache* cache,
                        PieceScratch* scratch, std::vector<TokenId>* ids, size_t* id_ends) {
  EncodePieces<true>(encoder, text, begin, ends, only_short_characters, cache, scratch, ids, id_ends);
}

}  // namespace tok
