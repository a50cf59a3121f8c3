#include "tests/unit/train/superbpe_reference.h"

namespace tok {
namespace {

TEST(SuperBpeTest, EqualsBothStagesByDefinition) { EXPECT_GT(ExpectEqualToDefinition(0, 60), 50u); }

TEST(SuperBpeTest, TheTransitionMustFit) {
  SuperBpeOptions options;
  options.bpe.vocab_size = 300;
  for (const uint32_t transition : {301u, 200u}) {
    options.transition = transition;
    const TempDir folder;
    const std::string path = folder.Write("text", "a b c");
    EXPECT_EQ(ErrorCodeOf(TrainSuperBpe({path}, options).status()), ErrorCode::kUsage);
  }
}

TEST(SuperBpeTest, VetoesAreThoseOfTheAuthors) {
  EXPECT_TRUE(IsNoSuperword("a:", " b", 4));
  EXPECT_TRUE(IsNoSuperword(" a b", " c d e", 4));
  EXPECT_FALSE(IsNoSuperword(" a b", " c d", 4));
  EXPECT_FALSE(IsNoSuperword("a", ":b", 4));
  EXPECT_TRUE(IsNoSuperword(" a b", "  c", 2));
}

}  // namespace
}  // namespace tok
