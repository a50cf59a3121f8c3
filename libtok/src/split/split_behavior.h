// split/split_behavior.h: turns the matches of a delimiter in a piece into smaller pieces.
//
// Model: the caller feeds the stretches of one piece from left to right, each either a delimiter or not; Finish() ends
// the piece. Empty pieces are dropped, but an empty delimiter still separates.
// Source: the five SplitDelimiterBehavior of Hugging Face `tokenizers`.
#ifndef TOK_SRC_SPLIT_SPLIT_BEHAVIOR_H_
#define TOK_SRC_SPLIT_SPLIT_BEHAVIOR_H_

#include <cstddef>
#include <span>
#include <vector>

#include "src/split/pattern_matcher.h"
#include "tok/tokenizer_spec.h"

namespace tok {

class BehaviorSplitter {
 public:
  // Appends to *pieces. `invert`: delimiters are what was not matched.
  BehaviorSplitter(pretokenizer::Behavior behavior, bool invert, std::vector<MatchRange>* pieces)
      : behavior_(behavior), invert_(invert), pieces_(pieces) {}

  // A stretch [begin, end), matched or not.
  void Add(size_t begin, size_t end, bool matched) {
    const bool delimiter = matched != invert_;
    switch (behavior_) {
      case pretokenizer::Behavior::kRemoved:
        if (!delimiter) Emit(begin, end);
        return;
      case pretokenizer::Behavior::kIsolated: Emit(begin, end); return;
      case pretokenizer::Behavior::kContiguous:
        Hold(begin, end, delimiter, delimiter == held_delimiter_);
        return;
      case pretokenizer::Behavior::kMergedWithPrevious:
        Hold(begin, end, delimiter, delimiter && !held_delimiter_);
        return;
      case pretokenizer::Behavior::kMergedWithNext:
        Hold(begin, end, delimiter, !delimiter && held_delimiter_);
        return;
    }
  }
  void Finish() {
    if (holding_) Emit(held_.begin, held_.end);
    holding_ = held_delimiter_ = false;
  }

 private:
  // Joins the stretch to the one held back, or lets that one go and holds this.
  void Hold(size_t begin, size_t end, bool delimiter, bool join) {
    if (holding_ && join) {
      held_.end = end;
    } else {
      if (holding_) Emit(held_.begin, held_.end);
      held_ = {begin, end};
      holding_ = true;
    }
    held_delimiter_ = delimiter;
  }
  void Emit(size_t begin, size_t end) {
    if (begin < end) pieces_->push_back({begin, end});
  }

  pretokenizer::Behavior behavior_;
  bool invert_;
  std::vector<MatchRange>* pieces_;
  MatchRange held_{0, 0};
  bool holding_ = false;
  bool held_delimiter_ = false;  // of the last stretch
};

// Cuts `piece` at `matches`, which lie in it, in order.
void SplitAtMatches(const MatchRange& piece, std::span<const MatchRange> matches, BehaviorSplitter* splitter);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_SPLIT_BEHAVIOR_H_
