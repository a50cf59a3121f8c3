// train/pieces/rules_decoder.h: the decoder that undoes what piece rules do to text.
#ifndef TOK_SRC_TRAIN_PIECES_RULES_DECODER_H_
#define TOK_SRC_TRAIN_PIECES_RULES_DECODER_H_

#include "tok/piece_counts.h"
#include "tok/tokenizer_spec.h"

namespace tok {

// Steps that rewrite text have a decoder of the same name; where pieces are all of the text, tokens are put end to end, and
// where they leave out the white space between them, joined by spaces.
DecoderSpec DecoderOf(const PieceRules& rules);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_PIECES_RULES_DECODER_H_
