#include "src/split/pre_tokenizer.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "src/base/status_macros.h"
#include "src/split/pre_tokenizer_steps.h"
#include "src/split/re2_matcher.h"
#include "src/split/regex_splitter.h"
#include "src/split/scanner_matcher.h"

namespace tok {
namespace {

using pretokenizer::Behavior;

// tiktoken encodes the matches alone; Hugging Face's Isolated keeps the text between them.
pretokenizer::Split InProfile(pretokenizer::Split split, UnicodeProfileName profile) {
  if (profile == UnicodeProfileName::kTiktoken && split.pattern.is_regex &&
      split.behavior == Behavior::kIsolated) {
    split.behavior = Behavior::kRemoved;
    split.invert = true;
  }
  return split;
}

// The splitter that cuts as `split` does; null if it drops text or there is none.
std::shared_ptr<const Splitter> TilingSplitter(const pretokenizer::Split& split,
                                               const std::shared_ptr<const PatternMatcher>& matcher) {
  const bool keeps_all = split.behavior == Behavior::kIsolated;
  if (!split.pattern.is_regex || (!keeps_all && !(split.behavior == Behavior::kRemoved && split.invert)))
    return nullptr;
  if (auto scanner = std::dynamic_pointer_cast<const ScannerMatcher>(matcher)) return scanner->scanner();
  auto re2_matcher = std::dynamic_pointer_cast<const Re2Matcher>(matcher);
  if (re2_matcher == nullptr || !(keeps_all || re2_matcher->matches_everywhere())) return nullptr;
  return MakeRegexSplitter(std::move(re2_matcher));
}

// Whether the chain of DeepSeekPatterns() is at the front of `steps`.
bool BeginsWithDeepSeek(std::span<const pretokenizer::Step> steps, UnicodeProfileName profile) {
  const std::span<const std::string_view> patterns = DeepSeekPatterns();
  const auto cuts_at = [&](const pretokenizer::Step& step, std::string_view pattern) {
    const auto* split = std::get_if<pretokenizer::Split>(&step);
    return split != nullptr && split->pattern.is_regex && split->pattern.text == pattern &&
           InProfile(*split, profile).behavior == Behavior::kIsolated;
  };
  return steps.size() >= patterns.size() &&
         std::equal(patterns.begin(), patterns.end(), steps.begin(),
                    [&](std::string_view pattern, const auto& step) { return cuts_at(step, pattern); });
}

// Changes nothing: the text is left in raw bytes and not cut.
bool IsNoOp(const pretokenizer::ByteLevel& spec, bool literal) {
  return !literal && !spec.use_regex && !spec.add_prefix_space;
}

absl::Status CheckStep(const pretokenizer::Step& step) {
  const auto* fixed = std::get_if<pretokenizer::FixedLength>(&step);
  if (fixed != nullptr && fixed->n_chars == 0) {
    return MakeError(ErrorCode::kBadFormat, "FixedLength", "length must be greater than 0");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<PreTokenizer> PreTokenizer::Create(std::span<const pretokenizer::Step> steps,
                                                  UnicodeProfileName profile, VocabularyAlphabet alphabet) {
  PreTokenizer result;
  std::shared_ptr<const Splitter> splitter;  // of the last step compiled
  for (size_t i = 0; i < steps.size(); ++i) {
    TOK_RETURN_IF_ERROR(CheckStep(steps[i]));
    if (BeginsWithDeepSeek(steps.subspan(i), profile)) {
      TOK_ASSIGN_OR_RETURN(splitter, MakeScannerSplitter(PatternFamily::kDeepSeek));
      result.steps_.push_back(MakeSplitStep(std::make_shared<const ScannerMatcher>(splitter),
                                            Behavior::kIsolated, /*invert=*/false));
      i += DeepSeekPatterns().size() - 1;
    } else if (const auto* raw = std::get_if<pretokenizer::Split>(&steps[i])) {
      const pretokenizer::Split split = InProfile(*raw, profile);
      TOK_ASSIGN_OR_RETURN(std::shared_ptr<const PatternMatcher> matcher,
                           PatternMatcher::Create(split.pattern, profile));
      splitter = TilingSplitter(split, matcher);
      result.steps_.push_back(MakeSplitStep(std::move(matcher), split.behavior, split.invert));
    } else if (const auto* byte_level = std::get_if<pretokenizer::ByteLevel>(&steps[i])) {
      const bool literal = alphabet == VocabularyAlphabet::kText || i + 1 < steps.size();
      if (IsNoOp(*byte_level, literal)) continue;
      splitter = nullptr;
      if (!literal && !byte_level->add_prefix_space) {
        TOK_ASSIGN_OR_RETURN(splitter, MakeScannerSplitter(PatternFamily::kGpt2));
      }
      TOK_ASSIGN_OR_RETURN(PreTokenizerStepPtr compiled, MakeByteLevelStep(*byte_level, literal));
      result.steps_.push_back(std::move(compiled));
    } else if (const auto* metaspace = std::get_if<pretokenizer::Metaspace>(&steps[i])) {
      result.needs_origins_ |= i > 0 && metaspace->prepend_scheme == pretokenizer::PrependScheme::kFirst;
      result.steps_.push_back(MakeMetaspaceStep(*metaspace));
    } else {
      result.steps_.push_back(std::visit(
          [](const auto& spec) -> PreTokenizerStepPtr {
            if constexpr (requires { MakeStep(spec); }) return MakeStep(spec);
            return nullptr;
          },
          steps[i]));
    }
  }
  if (result.steps_.size() == 1) result.tiling_ = std::move(splitter);
  return result;
}

absl::Status PreTokenizer::Apply(AlignedText* text, std::vector<PieceRange>* pieces) const {
  pieces->clear();
  if (text->bytes.empty()) return absl::OkStatus();
  pieces->push_back({0, text->bytes.size()});
  for (const PreTokenizerStepPtr& step : steps_) TOK_RETURN_IF_ERROR(step->Apply(text, pieces));
  return absl::OkStatus();
}

std::string PreTokenizer::Describe() const {
  if (tiling_ != nullptr) return tiling_->Name();
  std::string names;
  for (const PreTokenizerStepPtr& step : steps_) {
    if (!names.empty()) names += ", ";
    names += step->Name();
  }
  return names;
}

}  // namespace tok
