// The .tok image: any bytes, with the checksums made right so that damage reaches the section readers, give an error
// or a tokenizer that keeps its promises. Loads through a file in memory, as users do.
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <string>

#include "src/base/hash.h"
#include "tests/fuzz/exercise_tokenizer.h"

namespace {

// base/image.h: 16 bytes of head, then sections of name[16], version, zero, offset, size, hash.
constexpr size_t kHeadBytes = 16;
constexpr size_t kEntryBytes = 48;

void RepairChecksums(std::string* image) {
  if (image->size() < kHeadBytes) return;
  uint32_t n_sections;
  std::memcpy(&n_sections, image->data() + 12, sizeof n_sections);
  for (uint32_t i = 0; i < n_sections && kHeadBytes + (i + 1) * kEntryBytes <= image->size(); ++i) {
    char* entry = image->data() + kHeadBytes + i * kEntryBytes;
    uint64_t offset, size;
    std::memcpy(&offset, entry + 24, sizeof offset);
    std::memcpy(&size, entry + 32, sizeof size);
    if (offset > image->size() || size > image->size() - offset) continue;
    const uint64_t hash = tok::HashBytes(std::string_view(*image).substr(offset, size));
    std::memcpy(entry + 40, &hash, sizeof hash);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string image(reinterpret_cast<const char*>(data), size);
  RepairChecksums(&image);
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
