// normalize/sentencepiece_normalizer.h: the two steps that carry a SentencePiece character map.
//
// SentencePiece's own step: at each place the longest user-defined symbol passes as it is, else the longest rule of
// the charsmap applies, else one character passes (U+FFFD for a byte that starts no character, whatever the caller's
// policy); then the white space rules. Its charsmap may be empty. The origin of an output byte reaches to where the
// next one begins, which gives the offsets of SentencePiece: dropped white space belongs to what stands before it.
// Hugging Face's `Precompiled`: grapheme clusters below 6 bytes are looked up whole, everything else character by
// character; the shortest rule that the cluster begins with replaces all of it. Its alignments are kept as they are,
// odd ones included.
// Source: SentencePiece 0.2.3; tokenizers 0.23.3 with spm_precompiled 0.1.4 (behaviour measured, see
// tests/differential/sentencepiece_test.py).
// Errors: TOK-E020 for a broken charsmap when made; TOK-E030 when applied, for a rule of more than
// Charsmap::kMaxRuleBytes.
// Cost: O(n) times the length of the longest rule or symbol that matches in part.
#ifndef TOK_SRC_NORMALIZE_SENTENCEPIECE_NORMALIZER_H_
#define TOK_SRC_NORMALIZE_SENTENCEPIECE_NORMALIZER_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "src/normalize/normalizer.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

// SentencePiece looks at no more than this many user-defined symbols that begin at one place, shortest first.
inline constexpr size_t kMaxUserDefinedMatches = 64;

absl::StatusOr<std::shared_ptr<const NormalizerStep>> MakeSentencePieceStep(
    const normalizer::SentencePiece& step, std::span<const std::string> user_defined);

absl::StatusOr<std::shared_ptr<const NormalizerStep>> MakePrecompiledStep(std::string_view charsmap);

}  // namespace tok

#endif  // TOK_SRC_NORMALIZE_SENTENCEPIECE_NORMALIZER_H_
