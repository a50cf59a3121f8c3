// split/pre_tokenizer.h: the pre-tokenizer stage in full generality: any chain of Hugging Face steps.
//
// Model: a chain maps (text, pieces) to (text, pieces); pieces are increasing, disjoint byte ranges of the text that
// need not tile it (Removed behaviours drop text), and steps may rewrite the text (Metaspace, prefix spaces).
// A chain that only cuts and equals one regular expression is served by the Splitter interface instead: see tiling().
// The profile decides what a pattern means. With kTiktoken text that no match covers is dropped, as tiktoken does; with
// kHuggingFace an Isolated split keeps it as pieces.
// Errors: at creation those of PatternMatcher::Create, TOK-E020 for a FixedLength of 0.
// Cost: linear in the text for every step but Split with a pattern that needs backtracking (limited: TOK-E031).
// Threads: immutable and shareable.
#ifndef TOK_SRC_SPLIT_PRE_TOKENIZER_H_
#define TOK_SRC_SPLIT_PRE_TOKENIZER_H_

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "src/normalize/aligned_text.h"
#include "src/split/pattern_matcher.h"
#include "src/split/splitter.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

using PieceRange = MatchRange;

// One compiled step. Immutable. Never leaves empty pieces.
class PreTokenizerStep {
 public:
  virtual ~PreTokenizerStep() = default;
  // Errors: TOK-E031 when a regular expression runs into its limit.
  virtual absl::Status Apply(AlignedText* text, std::vector<PieceRange>* pieces) const = 0;
  virtual std::string Name() const = 0;
};

class PreTokenizer {
 public:
  PreTokenizer() = default;
  // `alphabet`: with kBytes the final ByteLevel step leaves the text in raw bytes (the vocabulary is in raw bytes
  // too); with kText it maps to the GPT-2 byte alphabet literally.
  static absl::StatusOr<PreTokenizer> Create(std::span<const pretokenizer::Step> steps,
                                             UnicodeProfileName profile, VocabularyAlphabet alphabet);

  // Non-null if the whole chain is one splitter that tiles the text unchanged. Where tiling()->NeedsValidUtf8(), text
  // with invalid bytes takes Apply().
  const Splitter* tiling() const { return tiling_.get(); }
  bool IsIdentity() const { return steps_.empty() && tiling_ == nullptr; }
  // Apply() wants tracked origins even if the caller has no use for them: a Metaspace(first) behind another step asks
  // where each piece was in the document. (Untracked, only a piece at the very front of the text is taken for first.)
  bool NeedsOrigins() const { return needs_origins_; }
  // General path: starts from one piece holding the whole text. Empty text has no pieces.
  absl::Status Apply(AlignedText* text, std::vector<PieceRange>* pieces) const;
  // "o200k mask scanner (avx2)", or the steps: "Split(icu), ByteLevel".
  std::string Describe() const;

 private:
  std::shared_ptr<const Splitter> tiling_;
  std::vector<std::shared_ptr<const PreTokenizerStep>> steps_;
  bool needs_origins_ = false;
};

}  // namespace tok

#endif  // TOK_SRC_SPLIT_PRE_TOKENIZER_H_
