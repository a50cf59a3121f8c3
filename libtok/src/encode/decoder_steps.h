// encode/decoder_steps.h: what one decoder step does to one token, and the stage that does it to a list.
//
// Model: tokens travel through a pipeline of sinks as fragments: any number of Text, then EndToken. Most tokens
// are one fragment; a fused text is one token in many. Fragments consist of whole characters.
// A step that is a function of the token alone (and of whether it is the first of the list) is per-token: the
// decoder folds it into its table and the stage serves only where an earlier step made the list unpredictable.
// Source of semantics: tokenizers 0.23 (decoders/*.rs), measured where the source is silent.
// Threads: steps are immutable and shareable; sinks belong to one thread and borrow their step.
#ifndef TOK_SRC_ENCODE_DECODER_STEPS_H_
#define TOK_SRC_ENCODE_DECODER_STEPS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

// Where fragments go.
class TokenSink {
 public:
  virtual ~TokenSink() = default;
  virtual absl::Status Text(std::string_view fragment) = 0;
  virtual absl::Status EndToken() = 0;
  // The end of the list, after the last EndToken.
  virtual absl::Status Finish() = 0;
};

class DecoderStep {
 public:
  virtual ~DecoderStep() = default;
  virtual bool IsPerToken() const { return false; }
  // Requires IsPerToken().
  virtual absl::Status Apply(bool is_first, std::string* token) const;
  // By default collects a token and applies the step to it. `next` must outlive the stage.
  virtual std::unique_ptr<TokenSink> MakeStage(TokenSink* next) const;
  // For a per-token step: whether `is_first` matters.
  virtual bool IsPositional() const { return false; }
  // How the decoder recognises the steps that it runs without a stage.
  enum class Shape : uint8_t { kOther, kByteMap, kFuse, kByteFallback };
  virtual Shape shape() const { return Shape::kOther; }
};

using DecoderSteps = std::vector<std::shared_ptr<const DecoderStep>>;

// The chain of `spec`; SentencePiece's step is not one of them (TOK-E022). A ByteLevel step becomes two:
// bytes of each token, then one fused token, made valid UTF-8 if further steps read it. No steps and
// join_with_spaces: one step that joins. Errors: TOK-E024.
absl::StatusOr<DecoderSteps> MakeDecoderSteps(const DecoderSpec& spec, UnicodeProfileName profile);

// The byte that "<0x0A>" stands for, -1 for anything else. As lax as the peer: "<0x+A>" is one too.
int ParseByteToken(std::string_view token);

}  // namespace tok

#endif  // TOK_SRC_ENCODE_DECODER_STEPS_H_
