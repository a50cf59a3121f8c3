#include "src/base/file.h"
#include "tests/unit/train/superbpe_reference.h"

namespace tok {
namespace {

TEST(SuperBpeSlowTest, EqualsBothStagesByDefinition) { EXPECT_GT(ExpectEqualToDefinition(60, 620), 500u); }

// A megabyte each, of whatever text is there: the definition takes a pass over it for each merge.
TEST(SuperBpeSlowTest, EqualsBothStagesByDefinitionOnRealText) {
  size_t n_texts = 0;
  for (const std::string name : {"manpages.en.txt", "code.python.txt", "manpages.ru.txt", "manpages.ja.txt",
                                 "manpages.tr.txt", "manpages.de.txt"}) {
    absl::StatusOr<std::string> text = ReadFile(std::string(TOK_SOURCE_DIR) + "/corpora/data/" + name);
    if (!text.ok()) continue;
    ++n_texts;
    text->resize(text->rfind('\n', std::min<size_t>(text->size(), 1'000'000)) + 1);
    SuperBpeOptions options;
    options.transition = 256 + 700;
    options.bpe.vocab_size = options.transition + 120;
    options.corpus.split = *DocumentSplit::Parse("lines-lf");
    TokenizerSpec spec;
    const std::vector<Merge> merges = TrainSuperwords(*text, options, &spec);
    EXPECT_THAT(merges, testing::ElementsAreArray(MergesByDefinition(*text, options, spec.vocabulary, 256)))
        << name;
  }
  if (n_texts == 0) GTEST_SKIP() << "no text: run corpora/fetch speed";
}

}  // namespace
}  // namespace tok
