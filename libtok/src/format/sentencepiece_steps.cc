#include "src/format/sentencepiece_steps.h"

#include <utility>

#include "src/base/strings.h"

namespace tok {
namespace {

normalizer::Step ReplaceRegex(std::string regex, std::string_view content) {
  return normalizer::Replace{Pattern{true, std::move(regex)}, std::string(content)};
}

std::string EscapedForRegex(std::string_view text) {
  constexpr std::string_view kMeaningful = "\\^$.|?*+()[]{}";
  std::string escaped;
  for (const char c : text) {
    if (kMeaningful.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// Hugging Face normalizes the added tokens too. A prefix on them would match inside words only, so it is kept off a
// text that is nothing but such a token.
normalizer::Step DummyPrefix(std::span<const std::string> symbols) {
  if (symbols.empty()) return normalizer::Prepend{std::string(kSpaceSymbol)};
  std::string alternatives;
  for (const std::string& symbol : symbols)
    alternatives += Concat(alternatives.empty() ? "" : "|", EscapedForRegex(symbol));
  return ReplaceRegex(Concat("\\A(?=[\\s\\S])(?!(?:", alternatives, ")\\z)"), kSpaceSymbol);
}

}  // namespace

std::vector<normalizer::Step> HuggingFaceNormalizers(const normalizer::SentencePiece& rules,
                                                     std::span<const std::string> symbols) {
  std::vector<normalizer::Step> steps;
  if (!rules.charsmap.empty()) steps.push_back(normalizer::Precompiled{rules.charsmap});
  const bool suffix = rules.add_dummy_prefix && rules.treat_whitespace_as_suffix;
  if (rules.remove_extra_whitespaces) {
    // At the end SentencePiece has escaped the spaces already, so U+2581 of the text goes with them.
    steps.push_back(ReplaceRegex("\\A +", ""));
    steps.push_back(
        suffix ? ReplaceRegex(Concat("[ ", kSpaceSymbol, "]+\\z|(?<=[^ ", kSpaceSymbol, "])\\z"), " ")
               : ReplaceRegex(Concat("[ ", kSpaceSymbol, "]+\\z"), ""));
    steps.push_back(ReplaceRegex(" {2,}", " "));
  } else if (suffix) {
    steps.push_back(ReplaceRegex("(?<=[\\s\\S])\\z", " "));
  }
  if (rules.add_dummy_prefix && !suffix) steps.push_back(DummyPrefix(symbols));
  steps.push_back(normalizer::Replace{Pattern{false, " "}, std::string(kSpaceSymbol)});
  return steps;
}

std::vector<decoder::Step> HuggingFaceDecoders(bool byte_fallback, bool strip_dummy_prefix) {
  std::vector<decoder::Step> steps;
  steps.push_back(decoder::Replace{Pattern{false, std::string(kSpaceSymbol)}, " "});
  if (byte_fallback) steps.push_back(decoder::ByteFallback{});
  steps.push_back(decoder::Fuse{});
  if (strip_dummy_prefix) steps.push_back(decoder::Strip{.content = ' ', .start = 1, .stop = 0});
  return steps;
}

}  // namespace tok
