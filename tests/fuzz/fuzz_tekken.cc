// tekken.json: any bytes give an error or a tokenizer that keeps its promises.
#include "tests/fuzz/exercise_tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  tok::ExerciseTokenizer(tok::ParseTekken(bytes, "fuzz"));
  return 0;
}
