// The companions of a Hugging Face model directory, of any bytes, beside a good tokenizer.json or vocab.txt: an error or
// a tokenizer that keeps its promises. First byte: which; then tokenizer_config.json, special_tokens_map.json and
// added_tokens.json, each up to 0xFF, absent if empty.
#include "tests/fuzz/exercise_tokenizer.h"
#include "tests/support/temp_dir.h"

namespace {

constexpr const char* kCompanions[] = {"tokenizer_config.json", "special_tokens_map.json",
                                       "added_tokens.json"};
constexpr const char* kTokenizerJson =
    R"({"version":"1.0","added_tokens":[{"id":6,"content":"<s>","single_word":false,"lstrip":false,)"
    R"("rstrip":false,"normalized":false,"special":true}],"normalizer":null,)"
    R"("pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},)"
    R"("post_processor":null,"decoder":{"type":"ByteLevel"},"model":{"type":"BPE","unk_token":null,)"
    R"("vocab":{"a":0,"b":1,"ab":2,"Ġ":3,"H":4,"e":5,"<s>":6,"</s>":7},"merges":["a b"]}})";
constexpr const char* kVocabTxt = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhello\n##lo\na\n##b\nna\n";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const tok::TempDir folder;
  tok::FuzzInput input(data, size);
  const bool is_json = input.TakeByte() % 2 == 0;
  folder.Remove(is_json ? "vocab.txt" : "tokenizer.json");
  folder.Write(is_json ? "tokenizer.json" : "vocab.txt", is_json ? kTokenizerJson : kVocabTxt);
  for (const char* companion : kCompanions) {
    const std::string_view content = input.TakeField();
    folder.Remove(companion);
    if (!content.empty()) folder.Write(companion, content);
  }
  tok::ExerciseTokenizer(tok::ReadTokenizer(folder.path()));
  return 0;
}
