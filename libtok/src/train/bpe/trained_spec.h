// train/bpe/trained_spec.h: trained tokens and merges as a tokenizer.
#ifndef TOK_SRC_TRAIN_BPE_TRAINED_SPEC_H_
#define TOK_SRC_TRAIN_BPE_TRAINED_SPEC_H_

#include <string>
#include <vector>

#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"
#include "tok/train_bpe.h"

namespace tok {

// tokens[id]: what the model matches; the first are special_tokens, as they were asked for. A pair that was merged twice keeps its last place.
absl::StatusOr<TokenizerSpec> MakeTrainedSpec(const PieceRules& rules, const BpeTrainerOptions& options,
                                              const std::vector<std::string>& tokens,
                                              const std::vector<std::string>& special_tokens,
                                              const std::vector<Merge>& merges);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_TRAINED_SPEC_H_
