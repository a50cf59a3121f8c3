#include "tok/vocabulary.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"

namespace tok {
namespace {

constexpr uint64_t kMultiplier = 0x9E3779B97F4A7C15u;
constexpr uint32_t kEmptyOffsets[1] = {0};
constexpr uint64_t kMaxBlobBytes = UINT32_MAX;
// A table filled by our own hash at load <= 1/2 has far shorter runs; a longer one is a trap and is not used.
constexpr size_t kMaxRun = 512;

uint64_t Load64(const char* bytes) {
  uint64_t value;
  std::memcpy(&value, bytes, sizeof(value));
  return value;
}

uint64_t LoadUpTo8(const char* bytes, size_t n) {
  uint64_t value = 0;
  if (n != 0) std::memcpy(&value, bytes, n);
  return value;
}

uint64_t MultiplyFold(uint64_t a, uint64_t b) {
  const unsigned __int128 product = static_cast<unsigned __int128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

// Not base/hash.h: here both factors of every multiplication depend on the seed, so that no choice of bytes makes a
// product zero and with it strings that collide under every seed.
uint64_t SeededHash(std::string_view bytes, uint64_t seed) {
  uint64_t hash = seed ^ (bytes.size() * kMultiplier);
  const char* p = bytes.data();
  size_t n = bytes.size();
  for (; n >= 8; p += 8, n -= 8) hash = MultiplyFold(hash ^ Load64(p), kMultiplier ^ std::rotl(seed, 32));
  hash = MultiplyFold(hash ^ LoadUpTo8(p, n), kMultiplier ^ seed);
  return hash ^ (hash >> 32);
}

// Four lanes, because one chain of multiplications over the whole blob would cost a millisecond per megabyte.
uint64_t SeedOf(std::string_view blob) {
  uint64_t lanes[4] = {1, 2, 3, 4};
  const char* p = blob.data();
  size_t n = blob.size();
  for (; n >= 32; p += 32, n -= 32) {
    for (int lane = 0; lane < 4; ++lane)
      lanes[lane] = MultiplyFold(lanes[lane] ^ Load64(p + 8 * lane), kMultiplier);
  }
  uint64_t hash = SeededHash(std::string_view(p, n), blob.size());
  for (const uint64_t lane : lanes) hash = MultiplyFold(hash ^ lane, kMultiplier);
  return hash;
}

bool IsMatchable(TokenKind kind) {
  constexpr unsigned kNever = 1u << static_cast<unsigned>(TokenKind::kAbsent) |
                              1u << static_cast<unsigned>(TokenKind::kAdded) |
                              1u << static_cast<unsigned>(TokenKind::kLiteral);
  return (kNever >> static_cast<unsigned>(kind) & 1) == 0;
}

std::string_view TokenBytes(std::span<const uint32_t> offsets, std::string_view blob, TokenId id) {
  return std::string_view(blob.data() + offsets[id], offsets[id + 1] - offsets[id]);
}

absl::StatusOr<std::vector<TokenId>> MakeSlots(std::span<const uint32_t> offsets, std::string_view blob,
                                               std::span<const TokenKind> kinds, uint64_t seed) {
  const size_t n_matchable = static_cast<size_t>(std::count_if(kinds.begin(), kinds.end(), IsMatchable));
  std::vector<TokenId> slots;
  if (n_matchable == 0) return slots;
  slots.assign(std::bit_ceil(2 * n_matchable), kNoToken);
  const size_t mask = slots.size() - 1;
  for (TokenId id = 0; id < kinds.size(); ++id) {
    if (!IsMatchable(kinds[id])) continue;
    const std::string_view bytes = TokenBytes(offsets, blob, id);
    size_t slot = SeededHash(bytes, seed) & mask;
    for (; slots[slot] != kNoToken; slot = (slot + 1) & mask) {
      if (TokenBytes(offsets, blob, slots[slot]) != bytes) continue;
      return MakeError(ErrorCode::kBadVocabulary, Concat("token ", id),
                       Concat("has the same bytes as token ", slots[slot]), "remove one of the two");
    }
    slots[slot] = id;
  }
  return slots;
}

// True if Find can use these slots: they hold as many tokens as can match, it reads nothing outside, ends on every
// input and stays fast. Runs while an image loads, so in loops without branches: whether a slot is used is as good as
// random.
bool SlotsAreUsable(std::span<const TokenId> slots, std::span<const TokenKind> kinds) {
  if (!std::has_single_bit(slots.size())) return false;
  TokenId largest = 0;
  for (const TokenId id : slots) largest = std::max(largest, id == kNoToken ? 0 : id);
  if (largest >= kinds.size()) return false;
  size_t n_used = 0;
  for (size_t begin = 0; begin < slots.size(); begin += kMaxRun) {
    const std::span<const TokenId> block = slots.subspan(begin, std::min(kMaxRun, slots.size() - begin));
    size_t n_empty = 0;
    for (const TokenId id : block) n_empty += id == kNoToken;
    if (n_empty == 0) return false;  // no run is longer than two blocks
    n_used += block.size() - n_empty;
  }
  return n_used == static_cast<size_t>(std::count_if(kinds.begin(), kinds.end(), IsMatchable));
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
  for (size_t id = 0; id < kinds.size(); ++id) {
    if (offsets[id] > offsets[id + 1]) return bad(Concat("has decreasing offsets at id ", id));
    if (kinds[id] > TokenKind::kLiteral) return bad(Concat("has an unknown kind at id ", id));
    if (kinds[id] == TokenKind::kAbsent && offsets[id] != offsets[id + 1]) {
      return bad(Concat("has bytes at the absent id ", id));
    }
  }
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
  for (size_t slot = SeededHash(bytes, hash_seed_) & mask;; slot = (slot + 1) & mask) {
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
  vocabulary.hash_seed_ = SeedOf(blob);
  for (size_t id = 0; id < kinds.size(); ++id) {
    vocabulary.n_tokens_ += kinds[id] != TokenKind::kAbsent;
    vocabulary.max_token_bytes_ =
        std::max<size_t>(vocabulary.max_token_bytes_, offsets[id + 1] - offsets[id]);
  }
  if (SlotsAreUsable(slots, kinds)) {
    vocabulary.slots_ = slots;
    vocabulary.owner_ = std::move(owner);
    return vocabulary;
  }
  TOK_ASSIGN_OR_RETURN(std::vector<TokenId> rebuilt, MakeSlots(offsets, blob, kinds, vocabulary.hash_seed_));
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
