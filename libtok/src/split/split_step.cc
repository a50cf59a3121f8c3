// The Split step: any pattern, any behaviour.
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/split/pre_tokenizer_steps.h"
#include "src/split/split_behavior.h"

namespace tok {
namespace {

class SplitStep final : public PreTokenizerStep {
 public:
  SplitStep(std::shared_ptr<const PatternMatcher> matcher, pretokenizer::Behavior behavior, bool invert)
      : matcher_(std::move(matcher)), behavior_(behavior), invert_(invert) {}

  absl::Status Apply(AlignedText* text, std::vector<PieceRange>* pieces) const override {
    std::vector<MatchRange> matches;
    std::vector<size_t> ends;
    TOK_RETURN_IF_ERROR(matcher_->FindInPieces(text->bytes, *pieces, &matches, &ends));
    std::vector<PieceRange> result;
    result.reserve(2 * matches.size() + pieces->size());
    BehaviorSplitter splitter(behavior_, invert_, &result);
    size_t first = 0;
    for (size_t i = 0; i < pieces->size(); first = ends[i++]) {
      SplitAtMatches((*pieces)[i], std::span<const MatchRange>(matches).subspan(first, ends[i] - first),
                     &splitter);
    }
    *pieces = std::move(result);
    return absl::OkStatus();
  }
  std::string Name() const override { return Concat("Split(", matcher_->Name(), ")"); }

 private:
  std::shared_ptr<const PatternMatcher> matcher_;
  pretokenizer::Behavior behavior_;
  bool invert_;
};

}  // namespace

void SplitAtMatches(const MatchRange& piece, std::span<const MatchRange> matches,
                    BehaviorSplitter* splitter) {
  size_t done = piece.begin;
  for (const MatchRange& match : matches) {
    if (done < match.begin) splitter->Add(done, match.begin, false);
    splitter->Add(match.begin, match.end, true);
    done = match.end;
  }
  if (done < piece.end) splitter->Add(done, piece.end, false);
  splitter->Finish();
}

PreTokenizerStepPtr MakeSplitStep(std::shared_ptr<const PatternMatcher> matcher,
                                  pretokenizer::Behavior behavior, bool invert) {
  return std::make_shared<SplitStep>(std::move(matcher), behavior, invert);
}

}  // namespace tok
