// base/image.h: the container of frozen images and piece counts: named sections in one file, mapped as they are.
//
// Layout, little-endian: the magic of the kind of file (8 bytes), u32 format version, u32 section count, then per section
// {name (16 bytes, zero-padded), u32 version, u32 zero, u64 offset, u64 size, u64 HashBytes of the content}; sections start
// at multiples of 64. Readers skip sections they do not know.
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

#include "tok/output.h"
#include "tok/status.h"

namespace tok {

// What a file of sections is, and what its errors call it.
struct ImageKind {
  std::string_view magic;   // 8 bytes
  std::string_view name;    // "not NAME"
  std::string_view remedy;  // for one that cannot be read
};
inline constexpr ImageKind kTokenizerImage = {"TOKIMAGE", "a .tok image", "freeze the tokenizer again"};

class ImageWriter {
 public:
  explicit ImageWriter(const ImageKind& kind = kTokenizerImage) : kind_(kind) {}

  void Add(std::string_view name, uint32_t version, std::string content);
  // `content` outlives the writer.
  void AddView(std::string_view name, uint32_t version, std::string_view content);
  template <typename T>
  void AddArray(std::string_view name, uint32_t version, std::span<const T> items) {
    Add(name, version, std::string(reinterpret_cast<const char*>(items.data()), items.size_bytes()));
  }
  std::string Finish() const;
  // The same bytes, without a copy of them all. Errors: those of the output.
  absl::Status WriteTo(Output* output) const;

 private:
  struct Section {
    std::string name;
    uint32_t version;
    std::string owned;
    std::string_view view;  // of what is not owned

    std::string_view content() const { return view.empty() ? std::string_view(owned) : view; }
  };
  std::string Head() const;
  // Calls write(bytes) for all parts of the file, until one gives an error.
  template <typename Write>
  absl::Status ForEachPart(const Write& write) const;

  ImageKind kind_;
  std::vector<Section> sections_;
};

class Image {
 public:
  // `owner` keeps `bytes` alive; they must be aligned to 8.
  static absl::StatusOr<Image> Parse(std::string_view bytes, std::shared_ptr<const void> owner,
                                     const ImageKind& kind = kTokenizerImage);

  bool Has(std::string_view name, uint32_t version) const;

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
  absl::Status MissingSection(std::string_view name) const;

  ImageKind kind_;
  std::vector<Section> sections_;
  std::shared_ptr<const void> owner_;
};

}  // namespace tok

#endif  // TOK_SRC_BASE_IMAGE_H_
