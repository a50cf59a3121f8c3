// Document splitting of any bytes under every split: documents lie inside the block, in order, and lines and
// separators put together again give the bytes back. First byte: the split; first field: its argument.
#include <string>

#include "src/corpus/text_block.h"
#include "tests/fuzz/fuzz_util.h"
#include "tok/corpus.h"

namespace {

constexpr const char* kSplits[] = {"lines", "jsonl:text", "jsonl:a.b", "sep:\\0", "sep:"};

void CheckReassembly(std::string_view bytes, std::string_view separator, const tok::BlockDocuments& result) {
  std::string joined;
  for (const tok::Document& document : result.documents) {
    TOK_FUZZ_CHECK(document.byte_begin == joined.size());
    joined.append(document.text).append(separator);
  }
  if (joined.size() > bytes.size()) joined.resize(joined.size() - separator.size());  // no final separator
  TOK_FUZZ_CHECK(joined == bytes);
}

// What the strict reading accepts, the others read the same.
void CheckRepairs(const tok::TextBlock& block, const tok::DocumentSplit& split,
                  const tok::BlockDocuments& strict) {
  for (const tok::Utf8Policy policy : {tok::Utf8Policy::kReplace, tok::Utf8Policy::kBytes}) {
    tok::BlockDocuments repaired;
    tok::SplitBlock(block, split, policy, &repaired);
    TOK_FUZZ_CHECK(repaired.documents.size() >= strict.documents.size());
    for (size_t i = 0; i < strict.documents.size(); ++i)
      TOK_FUZZ_CHECK(repaired.documents[i].text == strict.documents[i].text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tok::FuzzInput input(data, size);
  std::string text = kSplits[input.TakeByte() % std::size(kSplits)];
  if (text == "sep:") text += input.TakeField();
  const auto split = tok::DocumentSplit::Parse(text);
  if (!split.ok()) {
    TOK_FUZZ_CHECK(tok::ErrorCodeOf(split.status()) == tok::ErrorCode::kUsage);
    return 0;
  }
  tok::TextBlock block;
  block.bytes = input.rest();
  tok::BlockDocuments result;
  tok::SplitBlock(block, *split, tok::Utf8Policy::kError, &result);
  if (split->kind == tok::DocumentSplit::Kind::kJsonl) {
    CheckRepairs(block, *split, result);
    return 0;
  }
  TOK_FUZZ_CHECK(result.error.ok());
  const bool is_lines = split->kind == tok::DocumentSplit::Kind::kLines;
  CheckReassembly(block.bytes, is_lines ? "\n" : split->argument, result);
  return 0;
}
