#include "src/train/pieces/rules_decoder.h"

#include <algorithm>
#include <variant>

namespace tok {
namespace {

bool KeepsAllText(const pretokenizer::Step& step) {
  const auto* split = std::get_if<pretokenizer::Split>(&step);
  return split != nullptr && split->behavior != pretokenizer::Behavior::kRemoved;
}

}  // namespace

DecoderSpec DecoderOf(const PieceRules& rules) {
  DecoderSpec decoder;
  if (rules.alphabet == VocabularyAlphabet::kBytes) {
    decoder.steps.push_back(decoder::ByteLevel{});
    return decoder;
  }
  for (const pretokenizer::Step& step : rules.pre_tokenizers) {
    if (const auto* metaspace = std::get_if<pretokenizer::Metaspace>(&step)) {
      decoder.steps = {
          decoder::Metaspace{metaspace->replacement, metaspace->prepend_scheme, metaspace->split}};
    }
  }
  if (!decoder.steps.empty()) return decoder;
  if (std::all_of(rules.pre_tokenizers.begin(), rules.pre_tokenizers.end(), KeepsAllText)) {
    decoder.steps.push_back(decoder::Fuse{});
  } else {
    decoder.join_with_spaces = true;
  }
  return decoder;
}

}  // namespace tok
