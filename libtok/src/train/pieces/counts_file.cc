// The .pieces file: sections of base/image.h. "origin" is spec_archive.h's; "pieces" the bytes of all pieces in byte order,
// "ends" where each ends in them, "counts" how often it occurs (u64 each).
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "src/base/file.h"
#include "src/base/image.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/spec_archive.h"
#include "src/train/pieces/piece_cutter.h"
#include "src/train/pieces/piece_list.h"
#include "tok/output.h"
#include "tok/piece_counts.h"

namespace tok {
namespace {

constexpr ImageKind kPiecesImage = {"TOKPIECE", "a .pieces file", "count the pieces again"};
constexpr uint32_t kPiecesVersion = 1;

absl::Status Malformed(std::string_view place, std::string_view fact) {
  return MakeError(ErrorCode::kBadFormat, place, fact, kPiecesImage.remedy);
}

// Of a section that may be empty, but not absent.
absl::StatusOr<std::span<const uint64_t>> Numbers(const Image& image, std::string_view name) {
  const std::string_view content = image.Find(name, kPiecesVersion);
  if (!image.Has(name, kPiecesVersion) || content.size() % sizeof(uint64_t) != 0) {
    return Malformed(Concat("section '", name, "'"), "is missing or has the wrong size");
  }
  return std::span(reinterpret_cast<const uint64_t*>(content.data()), content.size() / sizeof(uint64_t));
}

absl::Status CheckEnds(std::span<const uint64_t> ends, size_t n_bytes) {
  uint64_t last = 0;
  for (size_t i = 0; i < ends.size(); ++i) {
    if (ends[i] <= last || ends[i] > n_bytes) {
      return Malformed(Concat("piece ", i), "is empty or reaches past the others");
    }
    last = ends[i];
  }
  if (last != n_bytes) return Malformed("section 'pieces'", "has bytes that belong to no piece");
  return absl::OkStatus();
}

absl::Status CheckPieces(const PieceCounts& counts) {
  TextSize text_size;
  std::string_view last;
  for (size_t i = 0; i < counts.n_unique(); ++i) {
    const CountedPiece piece = counts[i];
    if (piece.bytes <= last) return Malformed(Concat("piece ", i), "is out of order, or there twice");
    if (piece.count == 0) return Malformed(Concat("piece ", i), "has a count of 0");
    if (!text_size.Add(piece)) return Malformed(Concat("piece ", i), "counts a text of 2^63 bytes or more");
    last = piece.bytes;
  }
  return absl::OkStatus();
}

// Whoever trains takes the rules over: they must be some.
absl::StatusOr<PieceCounts::Origin> OriginOf(const Image& image) {
  if (!image.Has("origin", kOriginArchiveVersion)) {
    return Malformed("section 'origin'", "is missing, or was written by another version of libtok");
  }
  PieceCounts::Origin origin;
  TOK_RETURN_IF_ERROR(UnarchiveOrigin(image.Find("origin", kOriginArchiveVersion), &origin));
  TOK_RETURN_IF_ERROR(PieceCutter::Create(origin.rules).status());
  return origin;
}

absl::StatusOr<PieceCounts> ParseCounts(std::string_view bytes, std::shared_ptr<const void> owner) {
  TOK_ASSIGN_OR_RETURN(const Image image, Image::Parse(bytes, owner, kPiecesImage));
  TOK_ASSIGN_OR_RETURN(PieceCounts::Origin origin, OriginOf(image));
  if (!image.Has("pieces", kPiecesVersion)) return Malformed("section 'pieces'", "is missing");
  const std::string_view blob = image.Find("pieces", kPiecesVersion);
  TOK_ASSIGN_OR_RETURN(const std::span<const uint64_t> ends, Numbers(image, "ends"));
  TOK_ASSIGN_OR_RETURN(const std::span<const uint64_t> counts, Numbers(image, "counts"));
  if (ends.size() != counts.size()) {
    return Malformed("section 'counts'", Concat(counts.size(), " counts of ", ends.size(), " pieces"));
  }
  TOK_RETURN_IF_ERROR(CheckEnds(ends, blob.size()));
  PieceCounts result(std::move(origin), blob, ends, counts, std::move(owner));
  TOK_RETURN_IF_ERROR(CheckPieces(result));
  return result;
}

}  // namespace

// An image without pieces, which says its kind and version and is checked as a whole.
std::string SerializeOrigin(const PieceCounts::Origin& origin) {
  ImageWriter writer(kPiecesImage);
  writer.Add("origin", kOriginArchiveVersion, ArchiveOrigin(origin));
  return writer.Finish();
}

absl::StatusOr<PieceCounts::Origin> ParseOrigin(std::string_view bytes) {
  const auto aligned = std::make_shared<const std::string>(bytes);
  TOK_ASSIGN_OR_RETURN(const Image image, Image::Parse(*aligned, aligned, kPiecesImage));
  return OriginOf(image);
}

absl::Status WritePieceCounts(const PieceCounts& counts, const std::string& path) {
  TOK_ASSIGN_OR_RETURN(const PieceCounts sorted, Sorted(counts));
  const auto view = [](std::span<const uint64_t> numbers) {
    return std::string_view(reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes());
  };
  ImageWriter writer(kPiecesImage);
  writer.Add("origin", kOriginArchiveVersion, ArchiveOrigin(sorted.origin()));
  writer.AddView("pieces", kPiecesVersion, sorted.blob());
  writer.AddView("ends", kPiecesVersion, view(sorted.ends()));
  writer.AddView("counts", kPiecesVersion, view(sorted.counts()));
  TOK_ASSIGN_OR_RETURN(const std::unique_ptr<Output> output, Output::Open(path));
  TOK_RETURN_IF_ERROR(writer.WriteTo(output.get()));
  return output->Commit();
}

absl::StatusOr<PieceCounts> ReadPieceCounts(const std::string& path) {
  TOK_ASSIGN_OR_RETURN(const std::shared_ptr<const MappedFile> file, MappedFile::Open(path));
  absl::StatusOr<PieceCounts> counts = ParseCounts(file->bytes(), file);
  if (!counts.ok()) return AtPlace(path, counts.status());
  return counts;
}

}  // namespace tok
