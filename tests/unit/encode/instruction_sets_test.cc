// Whole tokenizers give the ids of the definition on every instruction set, forced one by one.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/nasty_texts.h"
#include "tests/unit/encode/ids_by_definition.h"
#include "tests/unit/encode/small_tokenizers.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

std::vector<std::string> Texts(bool valid_utf8) {
  std::vector<std::string> texts = NastyTexts(4000, valid_utf8);
  texts.push_back(MultiscriptText());
  return texts;
}

TEST(InstructionSetsTest, EveryFamilyGivesTheIdsOfTheDefinition) {
  for (const TokenizerSpec& spec : SmallSpecs()) {
    SCOPED_TRACE(spec.name);
    const std::vector<Tokenizer> by_set = MadeForEach([&] { return Tokenizer::Create(spec).value(); });
    const bool splits = TokenizerImpl::Of(by_set.front()).pre_tokenizer().tiling() != nullptr;
    EXPECT_NE(splits, TokenizerImpl::Of(by_set.front()).direct() != nullptr);
    const bool valid_utf8 = !spec.normalizers.empty() && splits;  // normal forms ask for it
    for (const std::string& text : Texts(valid_utf8)) ExpectIdsOfDefinition(by_set, text);
  }
}

TEST(InstructionSetsTest, BundledEncodingsGiveTheIdsOfTheDefinition) {
  for (const char* name : {"gpt2", "cl100k_base", "o200k_base"}) {
    SCOPED_TRACE(name);
    const std::vector<Tokenizer> by_set = MadeForEach([&] { return Tokenizer::Load(name).value(); });
    for (const std::string& text : Texts(/*valid_utf8=*/false)) ExpectIdsOfDefinition(by_set, text);
  }
}

}  // namespace
}  // namespace tok
