// tests/unit/encode/ids_by_definition.h: the ids of a text by the general path, and the tokenizers that are held equal to it:
// one for each instruction set.
#ifndef TOK_TESTS_UNIT_ENCODE_IDS_BY_DEFINITION_H_
#define TOK_TESTS_UNIT_ENCODE_IDS_BY_DEFINITION_H_

#include <gtest/gtest.h>

#include <memory>
#include <string_view>
#include <vector>

#include "src/encode/tokenizer_impl.h"
#include "tests/unit/base/chosen_instruction_set.h"
#include "tok/tokenizer.h"

namespace tok {

// Invalid bytes are characters of no class where a vocabulary is of bytes, and U+FFFD elsewhere.
inline EncodeOptions OptionsFor(const Tokenizer& tokenizer) {
  EncodeOptions options;
  options.special = SpecialPolicy::Text();
  options.utf8 =
      tokenizer.spec().alphabet == VocabularyAlphabet::kBytes ? Utf8Policy::kBytes : Utf8Policy::kReplace;
  return options;
}

// The ids of a text by the general path: normalized as a whole, cut by the definition of the pattern, each piece merged
// on its own, nothing remembered. `tokenizer` was made for InstructionSet::kScalar; where a splitter cuts, the text holds
// no added token.
inline std::vector<TokenId> IdsByDefinition(const Tokenizer& tokenizer, std::string_view text) {
  const TokenizerImpl& impl = TokenizerImpl::Of(tokenizer);
  if (impl.pre_tokenizer().tiling() == nullptr)
    return tokenizer.EncodeWithSpans(text, OptionsFor(tokenizer)).value().ids;
  EXPECT_NE(impl.pre_tokenizer().Describe().find("(scalar)"), std::string::npos);
  AlignedText normalized = AlignedText::From(text, 0, /*tracked=*/false);
  std::vector<PieceRange> pieces;
  EXPECT_TRUE(impl.normalizer().Apply(&normalized).ok());
  EXPECT_TRUE(impl.pre_tokenizer().Apply(&normalized, &pieces).ok());
  const std::unique_ptr<PieceScratch> scratch = impl.model().MakeScratch();
  std::vector<PieceToken> tokens;
  for (const PieceRange& piece : pieces) {
    const std::string_view bytes =
        std::string_view(normalized.bytes).substr(piece.begin, piece.end - piece.begin);
    EXPECT_TRUE(impl.model().Encode(bytes, scratch.get(), &tokens).ok());
  }
  std::vector<TokenId> ids;
  for (const PieceToken& token : tokens) ids.push_back(token.id);
  return ids;
}

// One tokenizer for each instruction set of this machine, that of the definition first.
template <typename Make>
std::vector<Tokenizer> MadeForEach(Make make) {
  std::vector<Tokenizer> by_set;
  for (const InstructionSet set : InstructionSetsHere()) {
    const ChosenForNow chosen(set);
    by_set.push_back(make());
  }
  return by_set;
}

inline void ExpectIdsOfDefinition(const std::vector<Tokenizer>& by_set, std::string_view text) {
  const std::vector<TokenId> expected = IdsByDefinition(by_set.front(), text);
  const EncodeOptions options = OptionsFor(by_set.front());
  for (const Tokenizer& tokenizer : by_set) {
    ASSERT_EQ(tokenizer.Encode(text, options).value(), expected)
        << testing::PrintToString(tokenizer.Describe());
    ASSERT_EQ(tokenizer.EncodeWithSpans(text, options).value().ids, expected);
    ASSERT_EQ(tokenizer.Count(text, options).value(), expected.size());
  }
}

}  // namespace tok

#endif  // TOK_TESTS_UNIT_ENCODE_IDS_BY_DEFINITION_H_
