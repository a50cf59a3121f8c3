#include "src/normalize/normalizer.h"

#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/normalize/normalizer_steps.h"
#include "src/normalize/sentencepiece_normalizer.h"

namespace tok {
namespace {

// Compiles one step of a specification, which may take several steps here.
class Compiler {
 public:
  Compiler(UnicodeProfileName profile, std::span<const std::string> user_defined,
           std::vector<NormalizerStepPtr>* steps)
      : profile_(profile), user_defined_(user_defined), steps_(steps) {}

  absl::Status operator()(const normalizer::UnicodeForm& spec) { return Add(MakeUnicodeFormStep(spec.form)); }
  absl::Status operator()(const normalizer::Nmt&) { return Add(MakeNmtStep()); }
  absl::Status operator()(const normalizer::Lowercase&) { return Add(MakeLowercaseStep()); }
  absl::Status operator()(const normalizer::StripAccents&) { return Add(MakeStripAccentsStep()); }
  absl::Status operator()(const normalizer::Strip& spec) { return Add(MakeStripStep(spec)); }
  absl::Status operator()(const normalizer::Replace& spec) { return AddOr(MakeReplaceStep(spec, profile_)); }
  absl::Status operator()(const normalizer::Prepend& spec) { return Add(MakePrependStep(spec)); }
  absl::Status operator()(const normalizer::Precompiled& spec) {
    return AddOr(MakePrecompiledStep(spec.charsmap));
  }
  absl::Status operator()(const normalizer::ByteLevel&) { return Add(MakeByteLevelStep()); }
  absl::Status operator()(const normalizer::SentencePiece& spec) {
    return AddOr(MakeSentencePieceStep(spec, user_defined_));
  }

  absl::Status operator()(const normalizer::Bert& spec) {
    const bool strip_accents = spec.strip_accents.value_or(spec.lowercase);
    if (NormalizerStepPtr clean = MakeBertCleanStep(spec)) steps_->push_back(std::move(clean));
    if (strip_accents) steps_->push_back(MakeUnicodeFormStep(normalizer::Form::kNfd));
    if (NormalizerStepPtr fold = MakeBertFoldStep(strip_accents, spec.lowercase))
      steps_->push_back(std::move(fold));
    return absl::OkStatus();
  }

 private:
  absl::Status Add(NormalizerStepPtr step) {
    steps_->push_back(std::move(step));
    return absl::OkStatus();
  }
  absl::Status AddOr(absl::StatusOr<NormalizerStepPtr> step) {
    if (!step.ok()) return step.status();
    return Add(*std::move(step));
  }

  UnicodeProfileName profile_;
  std::span<const std::string> user_defined_;
  std::vector<NormalizerStepPtr>* steps_;
};

}  // namespace

absl::StatusOr<Normalizer> Normalizer::Create(std::span<const normalizer::Step> steps,
                                              UnicodeProfileName profile,
                                              std::span<const std::string> user_defined) {
  Normalizer result;
  Compiler compiler(profile, user_defined, &result.steps_);
  for (const normalizer::Step& step : steps) TOK_RETURN_IF_ERROR(std::visit(compiler, step));
  return result;
}

bool Normalizer::Unchanged(std::string_view text) const {
  for (const auto& step : steps_) {
    if (!step->Unchanged(text)) return false;
  }
  return true;
}

absl::Status TooMuchText(uint64_t max_bytes) {
  return MakeError(ErrorCode::kLimit, "normalizer",
                   Concat("it would make more than ", max_bytes, " bytes of this text"),
                   "split the document, or check the tokenizer's normalizer");
}

absl::Status Normalizer::Apply(AlignedText* text) const {
  const uint64_t max_bytes = kMaxGrowth * text->bytes.size() + kMaxAddedBytes;
  for (const auto& step : steps_) {
    if (step->Unchanged(text->bytes)) continue;
    text->max_bytes = max_bytes;
    TOK_RETURN_IF_ERROR(step->Apply(text));
    if (text->bytes.size() > max_bytes) return TooMuchText(max_bytes);
  }
  return absl::OkStatus();
}

}  // namespace tok
