// encode/direct_pieces.h: the pieces of a text that is encoded without being normalized, in batches that go on beyond
// added tokens.
//
// Model: the caller says, from the left to the right, where text ends and where added tokens stand. One that the model itself
// would make of its content (DirectText::IsPiece) is a piece like others, only that it is cut on both sides. Gemma has a
// token for every run of line ends: batches would hold one line each.
// Threads: lives in one call.
#ifndef TOK_SRC_ENCODE_DIRECT_PIECES_H_
#define TOK_SRC_ENCODE_DIRECT_PIECES_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "src/encode/cached_pieces.h"
#include "src/encode/direct_text.h"
#include "src/encode/piece_cache.h"
#include "src/model/piece_model.h"
#include "tok/types.h"

namespace tok {

class DirectPieces {
 public:
  // `text` has less than 4 GiB. The ids of its pieces are appended to `*ids`.
  DirectPieces(const DirectText& direct, std::string_view text, PieceCache* cache, PieceScratch* scratch,
               std::vector<TokenId>* ids)
      : direct_(direct), text_(text), cache_(*cache), scratch_(*scratch), ids_(*ids) {}

  // The pieces of the text up to `end`, which is behind all that was added. False if it got to a full batch only: then
  // its ids are written, and the same call goes on.
  bool AddText(size_t end);
  // One piece up to `end`.
  void AddPiece(size_t end);
  // Writes the ids of what was added.
  void Flush();
  // The same; what is added next begins at `begin`.
  void Restart(size_t begin);

 private:
  // The next cuts behind end_, when those before are used up. False at the end of the text.
  bool FindCuts();
  void Add(size_t end) { ends_[n_++] = end_ = end; }

  const DirectText& direct_;
  const std::string_view text_;
  PieceCache& cache_;
  PieceScratch& scratch_;
  std::vector<TokenId>& ids_;

  size_t begin_ = 0, end_ = 0;  // of the batch
  size_t n_ = 0;                // its pieces
  size_t ends_[kMaxBatchPieces];
  bool only_short_characters_ = true;
  SplitState state_;
  size_t n_cuts_ = 0, next_cut_ = 0;
  size_t cuts_[kMaxBatchPieces];
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_DIRECT_PIECES_H_
