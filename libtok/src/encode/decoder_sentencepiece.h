// encode/decoder_sentencepiece.h: SentencePiece's own decoder, as SentencePieceProcessor::Decode (0.2.3).
//
// Model, piece by piece: control pieces are nothing; unknown pieces are unk_surface; a run of byte pieces is
// its bytes, each byte that begins no valid character as U+FFFD; in other pieces U+2581 is a space. As long
// as there is no output, a piece that begins with U+2581 loses it: only one such piece, or all of them under
// strip_leading_spaces. A control or unknown piece after the first stripped piece ends the stripping too.
// The denormalizer, if any, rewrites the whole text at its end: streams then hold everything back.
// Added tokens outside the model are their content.
// Errors, cost, threads: as Decoder.
#ifndef TOK_SRC_ENCODE_DECODER_SENTENCEPIECE_H_
#define TOK_SRC_ENCODE_DECODER_SENTENCEPIECE_H_

#include <memory>

#include "src/encode/decoder.h"

namespace tok {

absl::StatusOr<std::unique_ptr<const Decoder>> MakeSentencePieceDecoder(const decoder::SentencePiece& options,
                                                                        const TokenizerSpec& spec);

}  // namespace tok

#endif  // TOK_SRC_ENCODE_DECODER_SENTENCEPIECE_H_
