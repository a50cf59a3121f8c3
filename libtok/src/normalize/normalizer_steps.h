// normalize/normalizer_steps.h: the compiled steps behind Normalizer::Create, one factory per Hugging Face normalizer.
//
// All follow Hugging Face tokenizers 0.23.3 in text and origins (tests/differential/normalizers_test.py): a character
// that becomes several lends its origin to all of them; of several that become one, the first lends its own.
// The steps of SentencePiece character maps are in sentencepiece_normalizer.h.
// Cost: one scan of the text each, and one copy if anything changes.
#ifndef TOK_SRC_NORMALIZE_NORMALIZER_STEPS_H_
#define TOK_SRC_NORMALIZE_NORMALIZER_STEPS_H_

#include <memory>

#include "src/normalize/normalizer.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

using NormalizerStepPtr = std::shared_ptr<const NormalizerStep>;

// TOK-E030: a step would make more than that.
absl::Status TooMuchText(uint64_t max_bytes);

// NFC, NFD, NFKC, NFKD of Unicode 9.0.
NormalizerStepPtr MakeUnicodeFormStep(normalizer::Form form);

// Control characters dropped, separators and invisible characters to spaces.
NormalizerStepPtr MakeNmtStep();

// Rust's char::to_lowercase, character by character.
NormalizerStepPtr MakeLowercaseStep();

// Marks (M of Unicode 9.0) dropped; decompose first to strip accents.
NormalizerStepPtr MakeStripAccentsStep();

// White space dropped at the ends.
NormalizerStepPtr MakeStripStep(const normalizer::Strip& spec);

// The first half of BertNormalizer: clean_text and handle_chinese_chars. Null if neither is asked for.
NormalizerStepPtr MakeBertCleanStep(const normalizer::Bert& spec);
// Its second half: accents dropped from NFD text (the caller puts an NFD step before), then lower case. Null if neither
// is asked for.
NormalizerStepPtr MakeBertFoldStep(bool strip_accents, bool lowercase);

// Matches replaced by `content`, which is not expanded ("$1" stays as it is).
// Errors: TOK-E024 for a bad pattern; TOK-E030 and TOK-E031 at run time.
absl::StatusOr<NormalizerStepPtr> MakeReplaceStep(const normalizer::Replace& spec,
                                                  UnicodeProfileName profile);

// Text before anything but the empty text.
NormalizerStepPtr MakePrependStep(const normalizer::Prepend& spec);

// Bytes spelled in the GPT-2 byte alphabet.
NormalizerStepPtr MakeByteLevelStep();

}  // namespace tok

#endif  // TOK_SRC_NORMALIZE_NORMALIZER_STEPS_H_
