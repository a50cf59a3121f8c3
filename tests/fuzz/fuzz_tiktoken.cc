// .tiktoken: any bytes give an error or a tokenizer that keeps its promises. The pattern is the first field (up to
// 0xFF) or, empty, that of cl100k_base.
#include "tests/fuzz/exercise_tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tok::FuzzInput input(data, size);
  tok::ReadOptions options;
  options.pattern = input.TakeField();
  if (options.pattern.empty()) options.pattern = "cl100k";
  tok::ExerciseTokenizer(tok::ParseTiktoken(input.rest(), "fuzz", options));
  return 0;
}
