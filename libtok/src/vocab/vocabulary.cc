#include "tok/vocabulary.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "src/base/hash.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"

namespace tok {
namespace {

constexpr uint32_t kEmptyOffsets[1] = {0};
constexpr uint64_t kMaxBlobBytes = UINT32_MAX;
// No honest vocabulary has so many neighbouring slots in use; tokens made to collide would, and make loading quadratic.
constexpr size_t kMaxRun = 512;

std::string_view TokenBytes(std::span<const uint32_t> offsets, std::string_view blob, TokenId id) {
  return std::string_view(blob.data() + offsets[id], offsets[id + 1] - offsets[id]);
}

absl::StatusOr<std::vector<TokenId>> MakeSlots(std::span<const uint32_t> offsets, std::string_view blob,
                                               std::span<const TokenKind> kinds) {
  const size_t n_matchable = static_cast<size_t>(std::count_if(kinds.begin(), kinds.end(), IsMatchable));
  std::vector<TokenId> slots;
  if (n_matchable == 0) return slots;
  slots.assign(std::bit_ceil(2 * n_matchable), kNoToken);
  const size_t mask = slots.size() - 1;
  for (TokenId id = 0; id < kinds.size(); ++id) {
    if (!IsMatchable(kinds[id])) continue;
    const std::string_view bytes = TokenBytes(offsets, blob, id);
    size_t slot = HashBytes(bytes) & mask;
    for (size_t run = 0; slots[slot] != kNoToken; slot = (slot + 1) & mask) {
      if (++run > kMaxRun) {
        return MakeError(ErrorCode::kLimit, Concat("token ", id), "too many tokens with one hash",
                         "the vocabulary was made to load slowly: do not use it");
      }
      if (TokenBytes(offsets, blob, slots[slot]) != bytes) continue;
      return MakeError(ErrorCode::kBadVocabulary, Concat("token ", id),
                       Concat("has the same bytes as token ", slots[slot]), "remove one of the two");
    }
    slots[slot] = id;
  }
  return slots;
}

// The checks below run whenever an image loads: loops without branches, which compilers turn into vector code.

// True if Find can use these slots: they hold as many tokens as can match, it reads nothing outside, ends on every
// input and stays fast.
bool SlotsAreUsable(std::span<const TokenId> slots, std::span<const TokenKind> kinds) {
  if (!std::has_single_bit(slots.size())) return false;
  const auto n_ids = static_cast<uint32_t>(kinds.size());
  uint32_t outside = 0, n_used = 0;
  for (size_t begin = 0; begin < slots.size(); begin += kMaxRun) {
    const std::span<const TokenId> block = slots.subspan(begin, std::min(kMaxRun, slots.size() - begin));
    uint32_t n_empty = 0;
    for (const TokenId id : block) {
      n_empty += id == kNoToken;
      outside |= id + 1 > n_ids;  // kNoToken + 1 is 0
    }
    if (n_empty == 0) return false;  // no run is longer than two blocks
    n_used += static_cast<uint32_t>(block.size()) - n_empty;
  }
  return outside == 0 &&
         n_used == static_cast<size_t>(std::count_if(kinds.begin(), kinds.end(), IsMatchable));
}

absl::Status CheckStorage(std::span<const uint32_t> offsets, std::string_view blob,
                          std::span<const TokenKind> kinds, std::span<const double> scores) {
  const auto bad = [](std::string_view fact) {
    return MakeError(ErrorCode::kBadVocabulary, "vocabulary storage", fact,
                     "write the file again from its source");
  };
  if (kinds.size() > size_t{kMaxTokenId} + 1) return bad("has more ids than allowed");
  if (offsets.size() != kinds.size() + 1) return bad("has a wrong number of offsets");
  if (!scores.empty() && scores.size() != kinds.size()) return bad("has a wrong number of scores");
  if (offsets.front() != 0 || offsets.back() != blob.size())
    return bad("has offsets that do not span the bytes");
  uint32_t decreasing = 0, absent_with_bytes = 0, largest_kind = 0;
  for (size_t id = 0; id < kinds.size(); ++id) {
    decreasing |= offsets[id] > offsets[id + 1];
    const auto kind = static_cast<uint32_t>(kinds[id]);
    absent_with_bytes |= (kinds[id] == TokenKind::kAbsent) & (offsets[id] != offsets[id + 1]);
    largest_kind = std::max(largest_kind, kind);
  }
  if (decreasing != 0) return bad("has decreasing offsets");
  if (largest_kind > static_cast<uint32_t>(TokenKind::kLiteral)) return bad("has a token of unknown kind");
  if (absent_with_bytes != 0) return bad("has bytes at an absent id");
  for (const double score : scores) {
    if (!std::isfinite(score)) return bad("has a score that is not finite");
  }
  return absl::OkStatus();
}

struct OwnedStorage {
  std::vector<uint32_t> offsets;
  std::string blob;
  std::vector<TokenKind> kinds;
  std::vector<double> scores;
};

// Slots made here beside storage that someone else owns.
struct SlotsBeside {
  std::vector<TokenId> slots;
  std::shared_ptr<const void> owner;
};

}  // namespace

Vocabulary::Vocabulary() : offsets_(kEmptyOffsets) {}

TokenId Vocabulary::Find(std::string_view bytes) const {
  if (slots_.empty() || bytes.size() > max_token_bytes_) return kNoToken;
  const size_t mask = slots_.size() - 1;
  for (size_t slot = HashBytes(bytes) & mask;; slot = (slot + 1) & mask) {
    const TokenId id = slots_[slot];
    if (id == kNoToken || Bytes(id) == bytes) return id;
  }
}

absl::StatusOr<Vocabulary> Vocabulary::FromStorage(std::span<const uint32_t> offsets, std::string_view blob,
                                                   std::span<const TokenKind> kinds,
                                                   std::span<const double> scores,
                                                   std::span<const TokenId> slots,
                                                   std::shared_ptr<const void> owner) {
  TOK_RETURN_IF_ERROR(CheckStorage(offsets, blob, kinds, scores));
  Vocabulary vocabulary;
  vocabulary.offsets_ = offsets;
  vocabulary.blob_ = blob;
  vocabulary.kinds_ = kinds;
  vocabulary.scores_ = scores;
  vocabulary.n_tokens_ =
      kinds.size() - static_cast<size_t>(std::count(kinds.begin(), kinds.end(), TokenKind::kAbsent));
  uint32_t max_token_bytes = 0;
  for (size_t id = 0; id < kinds.size(); ++id) {
    max_token_bytes = std::max(max_token_bytes, offsets[id + 1] - offsets[id]);
  }
  vocabulary.max_token_bytes_ = max_token_bytes;
  if (SlotsAreUsable(slots, kinds)) {
    vocabulary.slots_ = slots;
    vocabulary.owner_ = std::move(owner);
    return vocabulary;
  }
  TOK_ASSIGN_OR_RETURN(std::vector<TokenId> rebuilt, MakeSlots(offsets, blob, kinds));
  auto beside = std::make_shared<SlotsBeside>(SlotsBeside{std::move(rebuilt), std::move(owner)});
  vocabulary.slots_ = beside->slots;
  vocabulary.owner_ = std::move(beside);
  return vocabulary;
}

absl::Status VocabularyBuilder::Add(TokenId id, std::string_view bytes, TokenKind kind, double score) {
  if (id > kMaxTokenId) {
    return MakeError(ErrorCode::kBadVocabulary, Concat("token ", id),
                     Concat("ids above ", kMaxTokenId, " are not supported"), "number the tokens from 0");
  }
  if (kind == TokenKind::kAbsent || kind > TokenKind::kLiteral || !std::isfinite(score)) {
    return MakeError(ErrorCode::kBadVocabulary, Concat("token ", id), "has no valid kind or no finite score",
                     "correct the file");
  }
  if (bytes.size() > kMaxBlobBytes - bytes_.size()) {
    return MakeError(ErrorCode::kLimit, Concat("token ", id),
                     "the vocabulary holds more than 4 GiB of bytes");
  }
  if (Contains(id)) {
    return MakeError(ErrorCode::kBadVocabulary, Concat("token ", id), "two tokens have this id",
                     "give each token its own id");
  }
  if (id >= taken_.size()) taken_.resize(size_t{id} + 1);
  taken_[id] = true;
  entries_.push_back({id, kind, bytes_.size(), static_cast<uint32_t>(bytes.size()), score});
  bytes_ += bytes;
  has_scores_ |= score != 0.0;
  return absl::OkStatus();
}

bool VocabularyBuilder::Contains(TokenId id) const { return id < taken_.size() && taken_[id]; }

absl::StatusOr<Vocabulary> VocabularyBuilder::Build() && {
  auto storage = std::make_shared<OwnedStorage>();
  const size_t size = taken_.size();
  storage->offsets.assign(size + 1, 0);
  storage->kinds.assign(size, TokenKind::kAbsent);
  if (has_scores_) storage->scores.assign(size, 0.0);
  for (const Entry& entry : entries_) {
    storage->offsets[entry.id + 1] = entry.n_bytes;
    storage->kinds[entry.id] = entry.kind;
    if (has_scores_) storage->scores[entry.id] = entry.score;
  }
  for (size_t id = 0; id < size; ++id) storage->offsets[id + 1] += storage->offsets[id];
  storage->blob.resize(bytes_.size());
  for (const Entry& entry : entries_) {
    bytes_.copy(storage->blob.data() + storage->offsets[entry.id], entry.n_bytes, entry.begin);
  }
  const OwnedStorage& built = *storage;
  return Vocabulary::FromStorage(built.offsets, built.blob, built.kinds, built.scores, {},
                                 std::move(storage));
}

}  // namespace tok
