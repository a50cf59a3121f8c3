// format/sentencepiece_steps.h: SentencePiece's normalizer and decoder as steps of Hugging Face's, for both directions.
//
// The sentences say where the two read the same tokenizer differently, whichever of them it was made for.
// Threads: pure functions.
#ifndef TOK_SRC_FORMAT_SENTENCEPIECE_STEPS_H_
#define TOK_SRC_FORMAT_SENTENCEPIECE_STEPS_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/unicode/space_symbol.h"
#include "tok/tokenizer_spec.h"

namespace tok {

// What stands for `rules`, which escape white space. `symbols`: the user-defined ones that are matched behind the
// normalizer, in the order of their ids; none of them gets the dummy prefix.
std::vector<normalizer::Step> HuggingFaceNormalizers(const normalizer::SentencePiece& rules,
                                                     std::span<const std::string> symbols);

// `strip_dummy_prefix` as in decoder::SentencePiece.
std::vector<decoder::Step> HuggingFaceDecoders(bool byte_fallback, bool strip_dummy_prefix);

inline constexpr std::string_view kCharsmapsDiffer =
    "Hugging Face applies the character map to grapheme clusters and takes the shortest rule, SentencePiece "
    "takes the longest rule wherever it stands: text with combining marks, with other characters that the "
    "map "
    "or Unicode joins, or of which the map leaves nothing may get other ids";
inline constexpr std::string_view kScoresDiffer =
    "Hugging Face adds up scores in double precision, SentencePiece in single: long documents, and texts of "
    "which two segmentations are almost equally good, may get other ids";
inline constexpr std::string_view kSymbolsAreWeighed =
    "Hugging Face always takes user-defined symbols whole, SentencePiece weighs them against other pieces";
inline constexpr std::string_view kSymbolAloneHasNoPrefix =
    "a text that is nothing but a user-defined symbol gets no dummy prefix";

}  // namespace tok

#endif  // TOK_SRC_FORMAT_SENTENCEPIECE_STEPS_H_
