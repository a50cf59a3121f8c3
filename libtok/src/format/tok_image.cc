#include "src/format/tok_image.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "src/base/file.h"
#include "src/base/hash.h"
#include "src/base/image.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/check_spec.h"
#include "src/format/spec_archive.h"
#include "tok/formats.h"

namespace tok {
namespace {

constexpr uint32_t kVocabularyVersion = 1;
constexpr uint32_t kMergesVersion = 2;  // 1: before pairs lay in buckets
constexpr uint32_t kBytePairsVersion = 1;
constexpr uint32_t kJoinsVersion = 2;  // 1: pairs alone, by another hash
constexpr uint32_t kUnmergedVersion = 1;

// Their number, then the ids: nearly always there are none, which is not the same as not to know.
std::string ArchiveIds(std::span<const TokenId> ids) {
  std::vector<uint32_t> numbers = {static_cast<uint32_t>(ids.size())};
  numbers.insert(numbers.end(), ids.begin(), ids.end());
  return std::string(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(numbers[0]));
}

absl::StatusOr<std::vector<TokenId>> UnarchiveIds(std::span<const uint32_t> numbers,
                                                  const Vocabulary& vocabulary) {
  const std::span<const TokenId> ids = numbers.subspan(1);
  const auto outside = [&](TokenId id) { return id >= vocabulary.size(); };
  if (numbers[0] != ids.size() || std::any_of(ids.begin(), ids.end(), outside)) {
    return MakeError(ErrorCode::kBadFormat, "list of unmerged tokens", "malformed");
  }
  return std::vector<TokenId>(ids.begin(), ids.end());
}

}  // namespace

ImageWriter ImageOf(const TokenizerSpec& spec, const ModelTables& tables) {
  const Vocabulary& vocabulary = spec.vocabulary;
  ImageWriter writer;
  writer.Add("spec", kSpecArchiveVersion, ArchiveSpec(spec, /*with_labels=*/true));
  writer.AddArray("vocab.offsets", kVocabularyVersion, vocabulary.offsets());
  writer.Add("vocab.bytes", kVocabularyVersion, std::string(vocabulary.blob()));
  writer.AddArray("vocab.kinds", kVocabularyVersion, vocabulary.kinds());
  writer.AddArray("vocab.scores", kVocabularyVersion, vocabulary.scores());
  writer.AddArray("vocab.hash", kVocabularyVersion, vocabulary.hash_slots());
  if (tables.merges != nullptr) writer.AddArray("bpe.merges", kMergesVersion, tables.merges->slots());
  if (tables.byte_pairs != nullptr)
    writer.AddArray("bpe.bytes", kBytePairsVersion, tables.byte_pairs->rules());
  if (tables.joins != nullptr) writer.AddArray("bpe.joins", kJoinsVersion, tables.joins->words());
  if (tables.unmerged != nullptr) writer.Add("bpe.unmerged", kUnmergedVersion, ArchiveIds(*tables.unmerged));
  return writer;
}

std::string SerializeImage(const TokenizerSpec& spec, const ModelTables& tables) {
  return ImageOf(spec, tables).Finish();
}

absl::StatusOr<FrozenTokenizer> ParseImage(std::string_view bytes, std::shared_ptr<const void> owner) {
  TOK_ASSIGN_OR_RETURN(const Image image, Image::Parse(bytes, std::move(owner)));
  FrozenTokenizer frozen;
  const std::string_view pipeline = image.Find("spec", kSpecArchiveVersion);
  if (pipeline.empty()) {
    return MakeError(ErrorCode::kBadFormat, "image", "made by another version of libtok",
                     "freeze the tokenizer again");
  }
  TOK_RETURN_IF_ERROR(UnarchiveSpec(pipeline, &frozen.spec));
  TOK_ASSIGN_OR_RETURN(const auto offsets, image.FindArray<uint32_t>("vocab.offsets", kVocabularyVersion));
  TOK_ASSIGN_OR_RETURN(const auto kinds, image.FindArray<TokenKind>("vocab.kinds", kVocabularyVersion));
  std::span<const double> scores;
  if (!image.Find("vocab.scores", kVocabularyVersion).empty()) {
    TOK_ASSIGN_OR_RETURN(scores, image.FindArray<double>("vocab.scores", kVocabularyVersion));
  }
  std::span<const TokenId> slots;
  if (!image.Find("vocab.hash", kVocabularyVersion).empty()) {
    TOK_ASSIGN_OR_RETURN(slots, image.FindArray<TokenId>("vocab.hash", kVocabularyVersion));
  }
  TOK_ASSIGN_OR_RETURN(frozen.spec.vocabulary,
                       Vocabulary::FromStorage(offsets, image.Find("vocab.bytes", kVocabularyVersion), kinds,
                                               scores, slots, image.owner()));
  TOK_RETURN_IF_ERROR(CheckSpec(frozen.spec));
  if (!image.Find("bpe.merges", kMergesVersion).empty()) {
    TOK_ASSIGN_OR_RETURN(const auto rules, image.FindArray<MergeRule>("bpe.merges", kMergesVersion));
    TOK_ASSIGN_OR_RETURN(frozen.bpe.merges,
                         MergeTable::FromStorage(rules, frozen.spec.vocabulary.size(), image.owner()));
  }
  if (!image.Find("bpe.bytes", kBytePairsVersion).empty()) {
    TOK_ASSIGN_OR_RETURN(const auto rules, image.FindArray<BytePairs::Rule>("bpe.bytes", kBytePairsVersion));
    TOK_ASSIGN_OR_RETURN(frozen.bpe.byte_pairs,
                         BytePairs::FromStorage(rules, frozen.spec.vocabulary.size(), image.owner()));
  }
  if (!image.Find("bpe.joins", kJoinsVersion).empty()) {
    TOK_ASSIGN_OR_RETURN(const auto words, image.FindArray<uint64_t>("bpe.joins", kJoinsVersion));
    TOK_ASSIGN_OR_RETURN(frozen.bpe.joins, JoinFilter::FromStorage(words, image.owner()));
  }
  if (!image.Find("bpe.unmerged", kUnmergedVersion).empty()) {
    TOK_ASSIGN_OR_RETURN(const auto numbers, image.FindArray<uint32_t>("bpe.unmerged", kUnmergedVersion));
    TOK_ASSIGN_OR_RETURN(frozen.bpe.unmerged, UnarchiveIds(numbers, frozen.spec.vocabulary));
  }
  return frozen;
}

absl::StatusOr<FrozenTokenizer> ReadImage(const std::string& path) {
  TOK_ASSIGN_OR_RETURN(const std::shared_ptr<const MappedFile> file, MappedFile::Open(path));
  absl::StatusOr<FrozenTokenizer> frozen = ParseImage(file->bytes(), file);
  if (!frozen.ok()) return AtPlace(path, frozen.status());
  return frozen;
}

std::string SpecIdentityHash(const TokenizerSpec& spec) {
  const Vocabulary& vocabulary = spec.vocabulary;
  const std::string pipeline = ArchiveSpec(spec, /*with_labels=*/false);
  const auto view = []<typename T>(std::span<const T> items) {
    return std::string_view(reinterpret_cast<const char*>(items.data()), items.size_bytes());
  };
  uint64_t halves[2] = {1, 2};
  for (uint64_t& half : halves) {
    for (const std::string_view part :
         {std::string_view(pipeline), view(vocabulary.offsets()), vocabulary.blob(), view(vocabulary.kinds()),
          view(vocabulary.scores())}) {
      half = HashBytes(part, half);
    }
  }
  return absl::StrFormat("%016x%016x", halves[0], halves[1]);
}

}  // namespace tok
