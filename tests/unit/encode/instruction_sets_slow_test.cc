// Real vocabularies on real text in hundreds of languages: the ids of the definition on every instruction set. Needs the
// folders shared/vocab and shared/corpora beside the checkout.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/unit/encode/ids_by_definition.h"
#include "tok/corpus.h"
#include "tok/formats.h"
#include "tok/tokenizer.h"

namespace tok {
namespace {

// Empty if there is none.
std::string SharedFile(const std::string& name) {
  std::filesystem::path folder = TOK_SOURCE_DIR;
  while (folder != folder.parent_path()) {
    folder = folder.parent_path();
    const std::filesystem::path path = folder / "shared" / name;
    if (std::filesystem::exists(path)) return path.string();
  }
  return {};
}

// Every `stride`th document, put together to texts of some 50 kB.
void AddTexts(const std::string& name, const DocumentSplit& split, size_t stride,
              std::vector<std::string>* texts) {
  constexpr size_t kTextBytes = 50'000;
  const std::string path = SharedFile(name);
  if (path.empty()) return;
  const auto source = OpenDocuments(path, split).value();
  std::string text;
  Document document;
  while (source->Next(&document).value()) {
    if (document.index % stride != 0) continue;
    text.append(document.text) += '\n';
    if (text.size() < kTextBytes) continue;
    texts->push_back(std::move(text));
    text.clear();
  }
  texts->push_back(std::move(text));
}

const std::vector<std::string>& Texts() {
  static const auto* const texts = [] {
    auto* made = new std::vector<std::string>;
    AddTexts("corpora/udhr.jsonl.zst", {DocumentSplit::Kind::kJsonl, "text"}, 2, made);
    for (const std::string language : {"ja", "ko", "tr", "uk", "zh-cn"}) {
      AddTexts("corpora/pydocs.en-" + language + ".jsonl.zst", {DocumentSplit::Kind::kJsonl, language}, 15,
               made);
    }
    AddTexts("corpora/en_prose.txt.zst", {DocumentSplit::Kind::kLines, ""}, 25, made);
    return made;
  }();
  return *texts;
}

class InstructionSetsSlowTest : public testing::TestWithParam<const char*> {};

TEST_P(InstructionSetsSlowTest, GivesTheIdsOfTheDefinition) {
  if (Texts().empty()) GTEST_SKIP() << "no shared/corpora beside the checkout";
  const std::string name = GetParam();
  std::vector<Tokenizer> by_set;
  if (name.find('.') == std::string::npos) {
    by_set = MadeForEach([&] { return Tokenizer::Load(name).value(); });
  } else {
    const std::string path = SharedFile("vocab/" + name + ".zst");
    if (path.empty()) GTEST_SKIP() << "no shared/vocab/" << name << ".zst beside the checkout";
    Document file;
    const auto source = OpenDocuments(path, {DocumentSplit::Kind::kFile, ""}).value();
    ASSERT_TRUE(source->Next(&file).value());
    const TokenizerSpec spec = ParseTokenizerJson(file.text, name).value();
    by_set = MadeForEach([&] { return Tokenizer::Create(spec).value(); });
  }
  for (const std::string& text : Texts()) ExpectIdsOfDefinition(by_set, text);
}

INSTANTIATE_TEST_SUITE_P(Vocabularies, InstructionSetsSlowTest,
                         testing::Values("gpt2", "cl100k_base", "o200k_base", "llama3.tokenizer.json",
                                         "qwen3.tokenizer.json", "deepseek_v3.tokenizer.json",
                                         "gptoss.tokenizer.json", "gemma3.tokenizer.json",
                                         "llama2.tokenizer.json"));

}  // namespace
}  // namespace tok
