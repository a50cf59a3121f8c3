// measure/mixture/merge_steps.h: the merges of a tokenizer as the steps of its training, and pieces as what they begin with.
//
// Model: a token comes from one merge, the one that merging its own symbols ends with (model/bpe/merge_derivation.h). The others
// of a list that make the same token, which converters of SentencePiece models write, and earlier ones of two that are alike,
// never apply: they are left out. Ranks are the list of their canonical merges.
// Merges of white space by hand: kHandAddedBlock and more in a row that make runs of one white space character. Trained merges
// of that kind stand among others, for their counts fall in step with those. Such merges are made, but say nothing.
// Threads: immutable once made.
#ifndef TOK_SRC_MEASURE_MIXTURE_MERGE_STEPS_H_
#define TOK_SRC_MEASURE_MIXTURE_MERGE_STEPS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/tokenizer_spec.h"
#include "tok/types.h"

namespace tok {

// TOK-E022 for what is no list of merges.
absl::Status CheckHasMerges(const TokenizerSpec& spec);

class MergeSteps {
 public:
  struct Step {
    TokenId left, right, token;
    bool is_hand_added = false;
  };
  static constexpr size_t kHandAddedBlock = 8;

  // `spec` outlives the result. At most max_steps of the merges that apply. Errors: those of CheckHasMerges and of merge tables.
  static absl::StatusOr<MergeSteps> Create(const TokenizerSpec& spec, uint32_t max_steps);

  const std::vector<Step>& steps() const { return steps_; }
  uint64_t n_redundant() const { return n_redundant_; }
  // "LEFT RIGHT", escaped.
  std::string Name(const Step& step) const;
  // Appends the symbols of a piece; SymbolText::kPieceEnd for one that is no token: no merge reaches across it. Any thread.
  void Spell(std::string_view piece, std::vector<TokenId>* tokens) const;

 private:
  explicit MergeSteps(const TokenizerSpec& spec) : spec_(&spec) {}
  void MarkHandAdded();

  const TokenizerSpec* spec_;
  std::vector<Step> steps_;
  uint64_t n_redundant_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_MEASURE_MIXTURE_MERGE_STEPS_H_
