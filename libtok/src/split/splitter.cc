#include "src/split/splitter.h"

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/split/mask_scanners.h"
#include "src/split/reference_scanner.h"
#include "src/split/safe_cut.h"

namespace tok {
namespace {

struct KnownPattern {
  std::string_view regex;
  PatternFamily family;
  // Oniguruma reads it otherwise: there {n,m}+ repeats {n,m}, and $ is the end of a line.
  bool rust_only = false;
};

// Every published spelling. Possessive quantifiers and the order of alternatives that cannot both match make no
// difference; where they do (`\s++$` first, in cl100k) the families differ.
constexpr KnownPattern kKnownPatterns[] = {
    {R"('(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s)",
     PatternFamily::kGpt2, /*rust_only=*/true},
    {R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)", PatternFamily::kGpt2},
    {R"('s|'t|'re|'ve|'m|'ll|'d| ?[\p{L}]+| ?[\p{N}]+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)",
     PatternFamily::kGpt2},
    {R"('(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)", PatternFamily::kGpt2},
    {R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s)",
     PatternFamily::kCl100k, /*rust_only=*/true},
    // Without possessive quantifiers, as libtok writes it for Hugging Face's engine.
    {R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s+(?![\s\S])|\s*[\r\n]|\s+(?!\S)|\s)",
     PatternFamily::kCl100k},
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
     PatternFamily::kLlama3},
    {R"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
     PatternFamily::kQwen},
    {R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
     PatternFamily::kO200k},
    {R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)",
     PatternFamily::kSubwords},
    {R"(\p{N}{1,3}| ?[^\s\p{L}\p{N}]{2,}[\r\n/]*| +(?!\S))", PatternFamily::kSuperwords},
};

constexpr std::string_view kDeepSeekPatterns[] = {
    R"(\p{N}{1,3})",
    "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
    R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^)"
    "\r\n"
    R"(\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+)"
    R"(| ?[\p{P}\p{S}]+[)"
    "\r\n"
    R"(]*|\s*[)"
    "\r\n"
    R"(]+|\s+(?!\S)|\s+)",
};

class ReferenceSplitter final : public Splitter {
 public:
  explicit ReferenceSplitter(PatternFamily family) : family_(family) {}

  size_t Fill(std::string_view text, SplitState* state, size_t* ends, size_t capacity) const override {
    state->only_short_characters = false;
    size_t n = 0;
    for (; n < capacity && state->position < text.size(); ++n) {
      state->position = ends[n] = PieceEnd(family_, text, state->position);
    }
    return n;
  }
  std::string Name() const override { return Concat(PatternFamilyName(family_), " scanner (scalar)"); }
  size_t SafeCut(std::string_view text, size_t begin, size_t limit) const override {
    return LastSafeCut(family_, text, begin, limit);
  }

 private:
  PatternFamily family_;
};

}  // namespace

std::string_view PatternFamilyName(PatternFamily family) {
  switch (family) {
    case PatternFamily::kGpt2: return "gpt2";
    case PatternFamily::kCl100k: return "cl100k";
    case PatternFamily::kLlama3: return "llama3";
    case PatternFamily::kQwen: return "qwen";
    case PatternFamily::kO200k: return "o200k";
    case PatternFamily::kDeepSeek: return "deepseek";
    case PatternFamily::kSubwords: return "subwords";
    case PatternFamily::kSuperwords: return "superwords";
    case PatternFamily::kSpacedWords: return "spaced words";
  }
  return "";
}

bool RecognizePattern(std::string_view regex, RegexDialect dialect, PatternFamily* family) {
  for (const KnownPattern& known : kKnownPatterns) {
    if (known.regex == regex && (dialect == RegexDialect::kRust || !known.rust_only)) {
      *family = known.family;
      return true;
    }
  }
  return false;
}

std::span<const std::string_view> DeepSeekPatterns() { return kDeepSeekPatterns; }

std::string_view PatternOf(PatternFamily family, RegexDialect dialect) {
  for (const KnownPattern& known : kKnownPatterns) {
    if (known.family == family && (dialect == RegexDialect::kRust || !known.rust_only)) return known.regex;
  }
  return {};
}

std::string_view PatternByName(std::string_view name, RegexDialect dialect) {
  for (const KnownPattern& known : kKnownPatterns) {
    if (PatternFamilyName(known.family) == name) return PatternOf(known.family, dialect);
  }
  return {};
}

std::shared_ptr<const Splitter> MakeReferenceSplitter(PatternFamily family) {
  return std::make_shared<ReferenceSplitter>(family);
}

absl::StatusOr<std::shared_ptr<const Splitter>> MakeScannerSplitter(PatternFamily family) {
  TOK_ASSIGN_OR_RETURN(const InstructionSet set, ChosenInstructionSet());
  return MakeScannerSplitter(family, set);
}

std::shared_ptr<const Splitter> MakeScannerSplitter(PatternFamily family, InstructionSet set) {
  if (!RunsHere(set)) return nullptr;
  switch (set) {
#if defined(__x86_64__)
    case InstructionSet::kAvx2: return MakeAvx2Scanner(family);
    case InstructionSet::kAvx512: return MakeAvx512Scanner(family);
#elif defined(__aarch64__)
    case InstructionSet::kNeon: return MakeNeonScanner(family);
#endif
    default: return MakeReferenceSplitter(family);
  }
}

}  // namespace tok
