// normalize/normalizer.h: the normalizer stage: a list of steps compiled once.
#ifndef TOK_SRC_NORMALIZE_NORMALIZER_H_
#define TOK_SRC_NORMALIZE_NORMALIZER_H_

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/normalize/aligned_text.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

// One compiled step. Immutable.
class NormalizerStep {
 public:
  virtual ~NormalizerStep() = default;
  // True only if Apply would leave `text` as it is; may say false without need. Cheap (one scan at most).
  virtual bool Unchanged(std::string_view text) const = 0;
  // Input is valid UTF-8, except that under Utf8Policy::kBytes single invalid bytes may occur anywhere: they pass
  // through unchanged and no rule matches across them. A step that may grow a text without bound heeds max_bytes.
  virtual absl::Status Apply(AlignedText* text) const = 0;
};

class Normalizer {
 public:
  Normalizer() = default;
  // `user_defined`: symbols that the SentencePiece step must pass through unchanged.
  static absl::StatusOr<Normalizer> Create(std::span<const normalizer::Step> steps,
                                           UnicodeProfileName profile,
                                           std::span<const std::string> user_defined = {});

  bool IsIdentity() const { return steps_.empty(); }
  bool Unchanged(std::string_view text) const;
  // Errors: TOK-E030 if the text grows beyond kMaxGrowth times its size and kMaxAddedBytes: a tokenizer file must not
  // turn a small text into one that exhausts memory. TOK-E031 from a regular expression.
  absl::Status Apply(AlignedText* text) const;
  static constexpr uint64_t kMaxGrowth = 64;
  static constexpr uint64_t kMaxAddedBytes = uint64_t{64} << 20;

 private:
  std::vector<std::shared_ptr<const NormalizerStep>> steps_;
};

}  // namespace tok

#endif  // TOK_SRC_NORMALIZE_NORMALIZER_H_
