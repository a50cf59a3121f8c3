// normalize/aligned_text.h: text on its way through normalizers and pre-tokenizers, with the way back.
//
// Model: `bytes` is the current text; when tracked, origin[i] is the span of the ORIGINAL document that byte i stands
// for. Bytes of one character share a span; inserted text takes the span of a neighbour, as in Hugging Face's per-byte
// alignments (see Take), or an empty one at the front.
// Source: the alignment rules of Hugging Face `tokenizers` NormalizedString (offsets must equal theirs after
// widening to characters).
#ifndef TOK_SRC_NORMALIZE_ALIGNED_TEXT_H_
#define TOK_SRC_NORMALIZE_ALIGNED_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "tok/types.h"

namespace tok {

struct AlignedText {
  std::string bytes;
  std::vector<Span> origin;  // bytes.size() entries when tracked, else empty
  bool tracked = false;
  uint64_t front = 0;  // begin of the original span of the first byte, kept even when not tracked
                       // (what "first piece of the document" means for Metaspace)
  uint64_t max_bytes = UINT64_MAX;  // a normalizer step that would make more of this text fails

  // A copy of `text`, which starts at byte `begin` of the document.
  static AlignedText From(std::string_view text, uint64_t begin, bool tracked);
  // The original span of bytes [begin, end); for an empty range, the empty span at its place.
  Span OriginOf(size_t begin, size_t end) const;
  // A copy of bytes [begin, end) with their origins.
  AlignedText Slice(size_t begin, size_t end) const;
};

// `text` with each maximal invalid part of its UTF-8 replaced by U+FFFD.
AlignedText RepairUtf8(const AlignedText& text);

// Rewrites an AlignedText front to back in one pass, keeping origins. Every source byte must be kept, dropped or
// replaced exactly once, in order; Finish() keeps what is left and returns the result.
class TextRewriter {
 public:
  explicit TextRewriter(const AlignedText& source);
  void Keep(size_t n_bytes);
  void Drop(size_t n_bytes);
  // n_bytes of source become `text`; each new byte's origin is the union of theirs. n_bytes > 0.
  void Replace(size_t n_bytes, std::string_view text);
  // n_bytes of source (0 allowed) become `text`; each new byte's origin is that of the source byte `model`, the first of
  // its character (kNoModel: an empty span at the front). What Hugging Face's alignments need, where a character may
  // take the origin of only one of those that it replaces.
  static constexpr size_t kNoModel = static_cast<size_t>(-1);
  void Take(size_t n_bytes, std::string_view text, size_t model);
  size_t position() const { return position_; }
  AlignedText Finish();

 private:
  const AlignedText& source_;
  AlignedText result_;
  size_t position_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_NORMALIZE_ALIGNED_TEXT_H_
