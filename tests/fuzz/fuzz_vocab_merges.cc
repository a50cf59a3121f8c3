// vocab.json (up to 0xFF) and merges.txt (the rest): any bytes give an error or a tokenizer that keeps its promises.
#include "tests/fuzz/exercise_tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tok::FuzzInput input(data, size);
  const std::string_view vocab_json = input.TakeField();
  tok::ExerciseTokenizer(tok::ParseVocabMerges(vocab_json, input.rest(), "fuzz"));
  return 0;
}
