#include "src/base/image.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "src/base/hash.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"

namespace tok {
namespace {

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

absl::Status Malformed(const ImageKind& kind, std::string_view fact) {
  return MakeError(ErrorCode::kBadFormat, "image", fact, kind.remedy);
}

}  // namespace

void ImageWriter::Add(std::string_view name, uint32_t version, std::string content) {
  sections_.push_back({std::string(name), version, std::move(content), {}});
}

void ImageWriter::AddView(std::string_view name, uint32_t version, std::string_view content) {
  sections_.push_back({std::string(name), version, {}, content});
}

std::string ImageWriter::Head() const {
  FileHeader header{{}, kFormatVersion, static_cast<uint32_t>(sections_.size())};
  std::memcpy(header.magic, kind_.magic.data(), sizeof(header.magic));
  std::string head(reinterpret_cast<const char*>(&header), sizeof(header));
  size_t offset = AlignUp(sizeof(header) + sections_.size() * sizeof(SectionHeader));
  for (const Section& section : sections_) {
    const std::string_view content = section.content();
    SectionHeader entry{{}, section.version, 0, offset, content.size(), HashBytes(content)};
    std::memcpy(entry.name, section.name.data(), std::min(section.name.size(), sizeof(entry.name) - 1));
    head.append(reinterpret_cast<const char*>(&entry), sizeof(entry));
    offset = AlignUp(offset + content.size());
  }
  return head;
}

template <typename Write>
absl::Status ImageWriter::ForEachPart(const Write& write) const {
  static constexpr char kPadding[kAlignment] = {};
  const std::string head = Head();
  TOK_RETURN_IF_ERROR(write(std::string_view(head)));
  size_t offset = head.size();
  for (const Section& section : sections_) {
    TOK_RETURN_IF_ERROR(write(std::string_view(kPadding, AlignUp(offset) - offset)));
    TOK_RETURN_IF_ERROR(write(section.content()));
    offset = AlignUp(offset) + section.content().size();
  }
  return absl::OkStatus();
}

std::string ImageWriter::Finish() const {
  std::string file;
  const auto append = [&](std::string_view part) {
    file += part;
    return absl::OkStatus();
  };
  ForEachPart(append).IgnoreError();  // it gives none
  return file;
}

absl::Status ImageWriter::WriteTo(Output* output) const {
  return ForEachPart([&](std::string_view part) { return output->Write(part); });
}

absl::StatusOr<Image> Image::Parse(std::string_view bytes, std::shared_ptr<const void> owner,
                                   const ImageKind& kind) {
  FileHeader header;
  if (!bytes.starts_with(kind.magic) || bytes.size() < sizeof(header)) {
    return Malformed(kind, Concat("not ", kind.name));
  }
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.format_version != kFormatVersion) {
    return Malformed(
        kind, Concat("format version ", header.format_version, ", this library reads ", kFormatVersion));
  }
  if (header.n_sections > kMaxSections ||
      bytes.size() < sizeof(header) + header.n_sections * sizeof(SectionHeader)) {
    return Malformed(kind, "section table cut short");
  }
  Image image;
  image.owner_ = std::move(owner);
  image.kind_ = kind;
  for (uint32_t i = 0; i < header.n_sections; ++i) {
    const char* at = bytes.data() + sizeof(header) + i * sizeof(SectionHeader);
    SectionHeader entry;
    std::memcpy(&entry, at, sizeof(entry));
    const std::string_view name(at, strnlen(entry.name, sizeof(entry.name)));
    if (entry.offset % kAlignment != 0 || entry.offset > bytes.size() ||
        entry.size > bytes.size() - entry.offset) {
      return Malformed(kind, Concat("section '", name, "' reaches past the end of the file"));
    }
    const std::string_view content = bytes.substr(entry.offset, entry.size);
    if (HashBytes(content) != entry.hash) return Malformed(kind, Concat("section '", name, "' is damaged"));
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

bool Image::Has(std::string_view name, uint32_t version) const {
  return std::any_of(sections_.begin(), sections_.end(), [&](const Section& section) {
    return section.name == name && section.version == version;
  });
}

absl::Status Image::MissingSection(std::string_view name) const {
  return Malformed(kind_, Concat("section '", name, "' is missing or has the wrong size"));
}

}  // namespace tok
