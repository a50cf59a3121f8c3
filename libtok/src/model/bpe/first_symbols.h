// model/bpe/first_symbols.h: what BPE starts from and what it may merge, for those who merge otherwise than its models do.
#ifndef TOK_SRC_MODEL_BPE_FIRST_SYMBOLS_H_
#define TOK_SRC_MODEL_BPE_FIRST_SYMBOLS_H_

#include <string_view>
#include <vector>

#include "src/model/bpe/merge_table.h"
#include "src/model/piece_model.h"
#include "tok/status.h"

namespace tok {

class FirstSymbols {
 public:
  virtual ~FirstSymbols() = default;
  virtual const MergeTable& merges() const = 0;
  // The symbols of `piece` before any merge, in place of those in `*symbols`. `scratch` is one of the model. Errors: those
  // of PieceModel::Encode.
  virtual absl::Status FindFirstSymbols(std::string_view piece, PieceScratch* scratch,
                                        std::vector<PieceToken>* symbols) const = 0;
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_FIRST_SYMBOLS_H_
