// tests/fuzz/image_checksums.h: images whose damage gets past the checksums, to the readers of sections.
#ifndef TOK_TESTS_FUZZ_IMAGE_CHECKSUMS_H_
#define TOK_TESTS_FUZZ_IMAGE_CHECKSUMS_H_

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "src/base/hash.h"

namespace tok {

// base/image.h: 16 bytes of head, then sections of name[16], version, zero, offset, size, hash.
inline void RepairChecksums(std::string* image) {
  constexpr size_t kHeadBytes = 16, kEntryBytes = 48;
  if (image->size() < kHeadBytes) return;
  uint32_t n_sections;
  std::memcpy(&n_sections, image->data() + 12, sizeof n_sections);
  for (uint32_t i = 0; i < n_sections && kHeadBytes + (i + 1) * kEntryBytes <= image->size(); ++i) {
    char* entry = image->data() + kHeadBytes + i * kEntryBytes;
    uint64_t offset, size;
    std::memcpy(&offset, entry + 24, sizeof offset);
    std::memcpy(&size, entry + 32, sizeof size);
    if (offset > image->size() || size > image->size() - offset) continue;
    const uint64_t hash = HashBytes(std::string_view(*image).substr(offset, size));
    std::memcpy(entry + 40, &hash, sizeof hash);
  }
}

}  // namespace tok

#endif  // TOK_TESTS_FUZZ_IMAGE_CHECKSUMS_H_
