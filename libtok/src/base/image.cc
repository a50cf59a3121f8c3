#include "src/base/image.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "src/base/hash.h"
#include "src/base/strings.h"

namespace tok {
namespace {

constexpr std::string_view kMagic = "TOKIMAGE";
constexpr uint32_t kFormatVersion = 1;
constexpr size_t kAlignment = 64;
constexpr uint32_t kMaxSections = 256;

struct FileHeader {
  char magic[8];
  uint32_t format_version;
  uint32_t n_sections;
};
struct SectionHeader {
  char name[16];
  uint32_t version;
  uint32_t zero;
  uint64_t offset, size, hash;
};

size_t AlignUp(size_t offset) { return (offset + kAlignment - 1) / kAlignment * kAlignment; }

absl::Status Malformed(std::string_view fact) {
  return MakeError(ErrorCode::kBadFormat, "image", fact, "freeze the tokenizer again");
}

}  // namespace

void ImageWriter::Add(std::string_view name, uint32_t version, std::string content) {
  sections_.push_back({std::string(name), version, std::move(content)});
}

std::string ImageWriter::Finish() const {
  FileHeader header{{}, kFormatVersion, static_cast<uint32_t>(sections_.size())};
  std::memcpy(header.magic, kMagic.data(), kMagic.size());
  std::string file(reinterpret_cast<const char*>(&header), sizeof(header));
  size_t offset = AlignUp(sizeof(header) + sections_.size() * sizeof(SectionHeader));
  for (const Section& section : sections_) {
    SectionHeader entry{{}, section.version, 0, offset, section.content.size(), HashBytes(section.content)};
    std::memcpy(entry.name, section.name.data(), std::min(section.name.size(), sizeof(entry.name) - 1));
    file.append(reinterpret_cast<const char*>(&entry), sizeof(entry));
    offset = AlignUp(offset + section.content.size());
  }
  for (const Section& section : sections_) {
    file.resize(AlignUp(file.size()));
    file += section.content;
  }
  return file;
}

bool Image::HasMagic(std::string_view bytes) { return bytes.substr(0, kMagic.size()) == kMagic; }

absl::StatusOr<Image> Image::Parse(std::string_view bytes, std::shared_ptr<const void> owner) {
  FileHeader header;
  if (!HasMagic(bytes) || bytes.size() < sizeof(header)) return Malformed("not a .tok image");
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.format_version != kFormatVersion) {
    return Malformed(
        Concat("format version ", header.format_version, ", this library reads ", kFormatVersion));
  }
  if (header.n_sections > kMaxSections ||
      bytes.size() < sizeof(header) + header.n_sections * sizeof(SectionHeader)) {
    return Malformed("section table cut short");
  }
  Image image;
  image.owner_ = std::move(owner);
  for (uint32_t i = 0; i < header.n_sections; ++i) {
    const char* at = bytes.data() + sizeof(header) + i * sizeof(SectionHeader);
    SectionHeader entry;
    std::memcpy(&entry, at, sizeof(entry));
    const std::string_view name(at, strnlen(entry.name, sizeof(entry.name)));
    if (entry.offset % kAlignment != 0 || entry.offset > bytes.size() ||
        entry.size > bytes.size() - entry.offset) {
      return Malformed(Concat("section '", name, "' reaches past the end of the file"));
    }
    const std::string_view content = bytes.substr(entry.offset, entry.size);
    if (HashBytes(content) != entry.hash) return Malformed(Concat("section '", name, "' is damaged"));
    image.sections_.push_back({name, entry.version, content});
  }
  return image;
}

std::string_view Image::Find(std::string_view name, uint32_t version) const {
  for (const Section& section : sections_) {
    if (section.name == name && section.version == version) return section.content;
  }
  return {};
}

absl::Status Image::MissingSection(std::string_view name) {
  return Malformed(Concat("section '", name, "' is missing or has the wrong size"));
}

}  // namespace tok
