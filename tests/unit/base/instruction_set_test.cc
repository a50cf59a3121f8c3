// TOK_ISA chooses what runs, and a name that cannot be honoured is an error wherever a tokenizer is made.
#include "src/base/instruction_set.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/base/chosen_instruction_set.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

std::string SplitterOf(const Tokenizer& tokenizer) {
  std::string all;
  for (const std::string& stage : tokenizer.Describe()) all += stage + "\n";
  return all;
}

TEST(InstructionSetTest, EachThatRunsHereCanBeChosen) {
  for (const InstructionSet set : InstructionSetsHere()) {
    const ChosenForNow chosen(set);
    EXPECT_EQ(ChosenInstructionSet().value(), set);
    const Tokenizer tokenizer = Tokenizer::Load("gpt2").value();
    EXPECT_NE(SplitterOf(tokenizer).find(InstructionSetName(set)), std::string::npos)
        << SplitterOf(tokenizer);
  }
}

TEST(InstructionSetTest, TheFastestIsChosenWhereNobodySays) {
  const ChosenForNow chosen("");
  EXPECT_EQ(ChosenInstructionSet().value(), InstructionSetsHere().back());
}

TEST(InstructionSetTest, WhatIsNoneIsAnError) {
  for (const char* name : {"avx", "AVX2", "avx512 ", "NEON", " "}) {
    const ChosenForNow chosen(name);
    EXPECT_EQ(ErrorCodeOf(ChosenInstructionSet().status()), ErrorCode::kUsage) << name;
    EXPECT_EQ(ErrorCodeOf(Tokenizer::Load("gpt2").status()), ErrorCode::kUsage) << name;
    EXPECT_EQ(ErrorCodeOf(Tokenizer::Create({}).status()), ErrorCode::kUsage) << name;
  }
}

TEST(InstructionSetTest, WhatTheMachineLacksIsAnError) {
  bool lacks = false;
  for (const InstructionSet set : kInstructionSets) {
    if (RunsHere(set)) continue;
    lacks = true;
    const ChosenForNow chosen(set);
    EXPECT_EQ(ErrorCodeOf(ChosenInstructionSet().status()), ErrorCode::kUsage);
    EXPECT_EQ(ErrorCodeOf(Tokenizer::Load("gpt2").status()), ErrorCode::kUsage);
  }
  if (!lacks) GTEST_SKIP() << "this machine runs all of them";
}

}  // namespace
}  // namespace tok
