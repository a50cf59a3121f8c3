#include "src/normalize/charsmap.h"

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr std::string_view kPlace = "precompiled_charsmap";
constexpr uint32_t kLeaf = 0x80000000u;
constexpr size_t kMaxMatches = 32;
// SentencePiece's builder writes whole blocks of 256 units.
constexpr size_t kBlockBytes = 1024;

uint32_t Label(uint32_t unit) { return unit & (kLeaf | 0xFF); }
bool IsLeaf(uint32_t unit) { return (unit & kLeaf) != 0; }
bool EndsRule(uint32_t unit) { return (unit & 0x100) != 0; }
size_t Offset(uint32_t unit) { return static_cast<size_t>(unit >> 10) << ((unit & 0x200) >> 6); }

uint32_t LittleEndian32(std::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i)
    value |= static_cast<uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return value;
}

absl::Status Broken(std::string_view fact) {
  return MakeError(ErrorCode::kBadFormat, kPlace, fact, "get the file again from its source");
}

}  // namespace

absl::StatusOr<Charsmap> Charsmap::Parse(std::string_view bytes, Peer peer) {
  if (bytes.size() <= 4) return Broken("is shorter than its header");
  const size_t n_trie = LittleEndian32(bytes);
  bytes.remove_prefix(4);
  if (n_trie > bytes.size()) return Broken("declares a trie larger than itself");
  const bool sentencepiece = peer == Peer::kSentencePiece;
  if (sentencepiece) {
    if (n_trie < kBlockBytes || n_trie % kBlockBytes != 0) return Broken("has a trie of incomplete blocks");
    if (n_trie == bytes.size() || bytes.back() != '\0') return Broken("has replacements without a final NUL");
  }
  Charsmap map;
  map.units_.resize(n_trie / 4);
  for (size_t i = 0; i < map.units_.size(); ++i) map.units_[i] = LittleEndian32(bytes.substr(4 * i, 4));
  map.blob_ = bytes.substr(4 * map.units_.size());
  if (!sentencepiece && FindInvalidUtf8(map.blob_) != std::string_view::npos) {
    return Broken("has replacements that are not UTF-8");
  }
  TOK_RETURN_IF_ERROR(map.CheckUnits());
  map.FillPairs();
  return map;
}

// After this, a step from any non-leaf unit by any byte stays inside units_, a unit that ends a rule leads to a
// leaf, and every leaf's value is an offset into the blob.
absl::Status Charsmap::CheckUnits() const {
  if (units_.empty()) return Broken("has an empty trie");
  const size_t size = units_.size();
  if (Label(units_[0]) != 0 || EndsRule(units_[0]) || Offset(units_[0]) == 0)
    return Broken("has a bad trie root");
  for (size_t i = 0; i < size; ++i) {
    const uint32_t unit = units_[i];
    if (IsLeaf(unit)) {
      if ((unit & ~kLeaf) >= blob_.size()) return Broken("has a rule that points behind its replacements");
      continue;
    }
    const size_t children = i ^ Offset(unit);
    if ((children | 0xFF) >= size) return Broken("has a trie unit that points behind the trie");
    if (EndsRule(unit) && !IsLeaf(units_[children])) return Broken("has a rule without a replacement");
  }
  return absl::OkStatus();
}

void Charsmap::FillPairs() {
  for (unsigned first = 0; first < 256; ++first) {
    const size_t node = Offset(units_[0]) ^ first;
    if (Label(units_[node]) != first) continue;
    const size_t children = node ^ Offset(units_[node]);
    for (unsigned second = 0; second < 256; ++second) {
      pairs_[first * 256 + second] = EndsRule(units_[node]) || Label(units_[children ^ second]) == second;
    }
  }
}

std::string_view Charsmap::ReplacementAt(uint32_t offset) const {
  const std::string_view rest = std::string_view(blob_).substr(offset);
  return rest.substr(0, rest.find('\0'));
}

Charsmap::Match Charsmap::LongestPrefix(std::string_view text) const {
  size_t n_matches = 0, n_bytes = 0;
  uint32_t value = 0;
  size_t node = Offset(units_[0]);
  for (size_t i = 0; i < text.size() && n_matches < kMaxMatches; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    node ^= byte;
    const uint32_t unit = units_[node];
    if (Label(unit) != byte) break;
    if (i == kMaxRuleBytes) return {.too_deep = true};
    node ^= Offset(unit);
    if (!EndsRule(unit)) continue;
    n_bytes = i + 1;
    value = units_[node] & ~kLeaf;
    ++n_matches;
  }
  if (n_bytes == 0) return {};
  return {n_bytes, ReplacementAt(value)};
}

Charsmap::Match Charsmap::ShortestPrefix(std::string_view text) const {
  size_t node = Offset(units_[0]);
  for (size_t i = 0; i < text.size() && text[i] != '\0'; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    node ^= byte;
    const uint32_t unit = units_[node];
    if (Label(unit) != byte) break;
    node ^= Offset(unit);
    if (EndsRule(unit)) return {i + 1, ReplacementAt(units_[node] & ~kLeaf)};
  }
  return {};
}

}  // namespace tok
