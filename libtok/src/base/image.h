// base/image.h: the container of frozen images: named sections in one file, mapped as they are.
//
// Layout, little-endian: magic "TOKIMAGE", u32 format version, u32 section count, then per section {name (16 bytes,
// zero-padded), u32 version, u32 zero, u64 offset, u64 size, u64 HashBytes of the content}; sections start at multiples
// of 64. Readers skip sections they do not know.
// Errors: TOK-E020 for a file that is no image, is cut short, or has a section whose content does not match its hash.
// Cost: opening maps the file and reads it once for the hashes.
#ifndef TOK_SRC_BASE_IMAGE_H_
#define TOK_SRC_BASE_IMAGE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/file.h"
#include "tok/status.h"

namespace tok {

class ImageWriter {
 public:
  void Add(std::string_view name, uint32_t version, std::string content);
  template <typename T>
  void AddArray(std::string_view name, uint32_t version, std::span<const T> items) {
    Add(name, version, std::string(reinterpret_cast<const char*>(items.data()), items.size_bytes()));
  }
  std::string Finish() const;

 private:
  struct Section {
    std::string name;
    uint32_t version;
    std::string content;
  };
  std::vector<Section> sections_;
};

class Image {
 public:
  static bool HasMagic(std::string_view bytes);
  // `owner` keeps `bytes` alive; they must be aligned to 8.
  static absl::StatusOr<Image> Parse(std::string_view bytes, std::shared_ptr<const void> owner);

  // The content of a section of this version; empty if there is none.
  std::string_view Find(std::string_view name, uint32_t version) const;
  // The same as an array. Errors: TOK-E020 if the section is missing or its size is not a multiple of the item's.
  template <typename T>
  absl::StatusOr<std::span<const T>> FindArray(std::string_view name, uint32_t version) const {
    const std::string_view content = Find(name, version);
    if (content.empty() || content.size() % sizeof(T) != 0) return MissingSection(name);
    return std::span<const T>(reinterpret_cast<const T*>(content.data()), content.size() / sizeof(T));
  }
  const std::shared_ptr<const void>& owner() const { return owner_; }

 private:
  struct Section {
    std::string_view name;
    uint32_t version;
    std::string_view content;
  };
  static absl::Status MissingSection(std::string_view name);

  std::vector<Section> sections_;
  std::shared_ptr<const void> owner_;
};

}  // namespace tok

#endif  // TOK_SRC_BASE_IMAGE_H_
