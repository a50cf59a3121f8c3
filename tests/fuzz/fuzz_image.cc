// The .tok image: any bytes, with the checksums made right so that damage reaches the section readers, give an error
// or a tokenizer that keeps its promises. Loads through a file in memory, as users do.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "tests/fuzz/exercise_tokenizer.h"
#include "tests/fuzz/image_checksums.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string image(reinterpret_cast<const char*>(data), size);
  tok::RepairChecksums(&image);
  const int file = memfd_create("fuzz.tok", 0);
  TOK_FUZZ_CHECK(file >= 0 && write(file, image.data(), image.size()) == static_cast<ssize_t>(image.size()));
  const auto tokenizer = tok::Tokenizer::Load("/proc/self/fd/" + std::to_string(file));
  close(file);
  if (tokenizer.ok()) {
    for (const char* text : tok::kExerciseTexts) tok::ExerciseEncoding(*tokenizer, text, /*forged=*/true);
  } else {
    TOK_FUZZ_CHECK(tok::ErrorCodeOf(tokenizer.status()) != tok::ErrorCode::kInternal);
  }
  return 0;
}
