// split/pre_tokenizer_steps.h: makes the steps of a PreTokenizer, each as Hugging Face `tokenizers` defines it.
//
// Steps that only cut (class_steps.cc, split_step.cc) leave the text alone; Metaspace and ByteLevel rewrite it, and
// whatever they insert takes the origin of the character it is put before, as Hugging Face's alignments have it.
#ifndef TOK_SRC_SPLIT_PRE_TOKENIZER_STEPS_H_
#define TOK_SRC_SPLIT_PRE_TOKENIZER_STEPS_H_

#include <memory>

#include "src/split/pattern_matcher.h"
#include "src/split/pre_tokenizer.h"
#include "tok/tokenizer_spec.h"

namespace tok {

using PreTokenizerStepPtr = std::shared_ptr<const PreTokenizerStep>;

PreTokenizerStepPtr MakeSplitStep(std::shared_ptr<const PatternMatcher> matcher,
                                  pretokenizer::Behavior behavior, bool invert);
// `literal`: spell the bytes in the GPT-2 alphabet; else leave them raw. Errors: those of MakeScannerSplitter.
absl::StatusOr<PreTokenizerStepPtr> MakeByteLevelStep(const pretokenizer::ByteLevel& spec, bool literal);
PreTokenizerStepPtr MakeMetaspaceStep(const pretokenizer::Metaspace& spec);

PreTokenizerStepPtr MakeStep(const pretokenizer::Whitespace& spec);
PreTokenizerStepPtr MakeStep(const pretokenizer::WhitespaceSplit& spec);
PreTokenizerStepPtr MakeStep(const pretokenizer::Bert& spec);
PreTokenizerStepPtr MakeStep(const pretokenizer::Punctuation& spec);
PreTokenizerStepPtr MakeStep(const pretokenizer::Digits& spec);
PreTokenizerStepPtr MakeStep(const pretokenizer::CharDelimiter& spec);
PreTokenizerStepPtr MakeStep(const pretokenizer::UnicodeScripts& spec);
PreTokenizerStepPtr MakeStep(const pretokenizer::FixedLength& spec);

}  // namespace tok

#endif  // TOK_SRC_SPLIT_PRE_TOKENIZER_STEPS_H_
