#include "src/encode/direct_pieces.h"

#include <algorithm>
#include <span>

namespace tok {

bool DirectPieces::FindCuts() {
  state_.position = std::max(state_.position, end_);
  next_cut_ = 0;
  n_cuts_ = direct_.splitter().Fill(text_, &state_, cuts_, kMaxBatchPieces);
  only_short_characters_ = only_short_characters_ && (n_cuts_ == 0 || state_.only_short_characters);
  return n_cuts_ > 0;
}

bool DirectPieces::AddText(size_t end) {
  do {
    size_t n = n_, next = next_cut_;  // in registers: stores to ends_ might change members
    while (next < n_cuts_ && cuts_[next] <= end_) ++next;
    while (next < n_cuts_ && cuts_[next] < end && n < kMaxBatchPieces) ends_[n++] = cuts_[next++];
    if (n > n_) end_ = ends_[n - 1];
    n_ = n;
    next_cut_ = next;
    if (n_ == kMaxBatchPieces) {
      Flush();
      return false;
    }
  } while (next_cut_ == n_cuts_ && FindCuts());
  Add(end);
  return true;
}

void DirectPieces::AddPiece(size_t end) {
  if (n_ == kMaxBatchPieces) Flush();
  Add(end);
}

void DirectPieces::Flush() {
  if (n_ > 0) {
    EncodeCachedPieces(direct_.encoder(), text_, begin_, std::span(ends_, n_), only_short_characters_,
                       &cache_, &scratch_, &ids_);
  }
  n_ = 0;
  begin_ = end_;
  only_short_characters_ = n_cuts_ == 0 || state_.only_short_characters;  // some cuts may be left
}

void DirectPieces::Restart(size_t begin) {
  Flush();
  begin_ = end_ = state_.position = begin;
  n_cuts_ = next_cut_ = 0;
  only_short_characters_ = true;
}

}  // namespace tok
