// Source: see tok/train_lib.h.
#include <algorithm>
#include <optional>
#include <utility>

#include "src/base/byte_trie.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/train/lib/symbols.h"
#include "src/unicode/utf8.h"
#include "tok/train_lib.h"

namespace tok {
namespace {

// Where a unit is cut into two; 0: nowhere.
struct Cut {
  uint32_t n_bytes = 0;
  uint32_t left = kNoLibRank, right = kNoLibRank;
};

// A unit that a text begins with.
struct Prefix {
  size_t n_bytes;
  uint32_t rank;
};

absl::StatusOr<ByteTrie> TrieOf(std::span<const std::string> units) {
  std::vector<std::pair<std::string_view, uint32_t>> keys;
  keys.reserve(units.size());
  for (size_t rank = 0; rank < units.size(); ++rank)
    keys.emplace_back(units[rank], static_cast<uint32_t>(rank));
  return ByteTrie::Build(std::move(keys));
}

std::vector<Prefix> PrefixesOf(const ByteTrie& trie, std::string_view text) {
  std::vector<Prefix> prefixes;
  ByteTrie::State state = ByteTrie::kRoot;
  for (size_t i = 0; i < text.size(); ++i) {
    state = trie.Step(state, static_cast<unsigned char>(text[i]));
    if (state == ByteTrie::kDead) break;
    if (const uint32_t rank = trie.Value(state); rank != ByteTrie::kNoValue)
      prefixes.push_back({i + 1, rank});
  }
  return prefixes;
}

// Both ends of each unit in one walk: the units it begins with, and, in a trie of reversed units, those it ends with.
absl::StatusOr<std::vector<Cut>> CutsOf(std::span<const std::string> units, const ByteTrie& trie) {
  std::vector<std::string> reversed(units.begin(), units.end());
  for (std::string& unit : reversed) std::reverse(unit.begin(), unit.end());
  TOK_ASSIGN_OR_RETURN(const ByteTrie suffixes, TrieOf(reversed));
  std::vector<Cut> cuts(units.size());
  for (size_t rank = 0; rank < units.size(); ++rank) {
    const auto lefts = PrefixesOf(trie, units[rank]), rights = PrefixesOf(suffixes, reversed[rank]);
    uint64_t best_sum = UINT64_MAX;
    auto right = rights.rbegin();  // from the longest, as the left part grows
    for (const auto& left : lefts) {
      const size_t n_right = units[rank].size() - left.n_bytes;
      while (right != rights.rend() && right->n_bytes > n_right) ++right;
      if (right == rights.rend()) break;
      if (right->n_bytes != n_right || left.rank >= rank || right->rank >= rank) continue;
      const uint64_t sum = uint64_t{left.rank} + right->rank;
      if (sum >= best_sum) continue;
      best_sum = sum;
      cuts[rank] = {static_cast<uint32_t>(left.n_bytes), left.rank, right->rank};
    }
  }
  return cuts;
}

}  // namespace

struct LibSegmenter::Tables {
  LibSymbol symbol;
  ByteTrie trie;          // unit to rank
  std::vector<Cut> cuts;  // by rank; empty unless chunks are decomposed

  struct Found {
    LibChunk longest;
    std::optional<LibChunk> second;
  };
  Found Find(std::string_view text, size_t begin) const {
    Found found{{begin, begin + SymbolLength(symbol, text, begin), kNoLibRank}, std::nullopt};
    ByteTrie::State state = trie.empty() ? ByteTrie::kDead : ByteTrie::kRoot;
    for (size_t i = begin; state != ByteTrie::kDead && i < text.size(); ++i) {
      state = trie.Step(state, static_cast<unsigned char>(text[i]));
      if (state == ByteTrie::kDead) break;
      const uint32_t rank = trie.Value(state);
      if (rank == ByteTrie::kNoValue) continue;
      if (found.longest.rank != kNoLibRank) found.second = found.longest;
      found.longest = {begin, i + 1, rank};
    }
    return found;
  }

  void Append(const LibChunk& chunk, std::vector<LibChunk>* chunks) const {
    if (cuts.empty() || chunk.rank == kNoLibRank || cuts[chunk.rank].n_bytes == 0) {
      chunks->push_back(chunk);
      return;
    }
    const Cut& cut = cuts[chunk.rank];
    chunks->push_back({chunk.begin, chunk.begin + cut.n_bytes, cut.left});
    chunks->push_back({chunk.begin + cut.n_bytes, chunk.end, cut.right});
  }
};

namespace {

// One side of a race.
struct Path {
  std::vector<LibChunk> chunks;
  uint64_t rank_sum = 0;

  void Start(const LibChunk& chunk) {
    chunks.clear();
    rank_sum = 0;
    Take(chunk);
  }
  void Take(const LibChunk& chunk) {
    chunks.push_back(chunk);
    if (chunk.rank != kNoLibRank) rank_sum += chunk.rank;
  }
  size_t end() const { return chunks.back().end; }
  bool IsBetterThan(const Path& other) const {
    if (chunks.size() != other.chunks.size()) return chunks.size() < other.chunks.size();
    return rank_sum < other.rank_sum;
  }
};

absl::Status CheckUnits(const LibLexicon& lexicon) {
  for (size_t rank = 0; rank < lexicon.units.size(); ++rank) {
    if (lexicon.symbol == LibSymbol::kByte || FindInvalidUtf8(lexicon.units[rank]) == std::string_view::npos)
      continue;
    return MakeError(ErrorCode::kBadVocabulary, Concat("unit ", rank), "not UTF-8",
                     "segment by bytes, or train again");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LibSegmenter> LibSegmenter::Create(const LibLexicon& lexicon, const Options& options) {
  TOK_RETURN_IF_ERROR(CheckUnits(lexicon));
  TOK_ASSIGN_OR_RETURN(ByteTrie trie, TrieOf(lexicon.units));
  std::vector<Cut> cuts;
  if (options.decompose) {
    TOK_ASSIGN_OR_RETURN(cuts, CutsOf(lexicon.units, trie));
  }
  return LibSegmenter(
      std::make_shared<const Tables>(Tables{lexicon.symbol, std::move(trie), std::move(cuts)}));
}

absl::StatusOr<std::vector<LibChunk>> LibSegmenter::Segment(std::string_view text) const {
  if (tables_->symbol == LibSymbol::kCodePoint) {
    if (const size_t at = FindInvalidUtf8(text); at != std::string_view::npos)
      return MakeError(ErrorCode::kInvalidUtf8, Concat("byte ", at), "not UTF-8", "repair the text");
  }
  std::vector<LibChunk> chunks;
  Path longest, shorter;
  for (size_t position = 0; position < text.size();) {
    const auto [first, second] = tables_->Find(text, position);
    longest.Start(first);
    const Path* winner = &longest;
    if (second.has_value()) {
      shorter.Start(*second);
      while (longest.end() != shorter.end()) {
        Path* behind = longest.end() < shorter.end() ? &longest : &shorter;
        behind->Take(tables_->Find(text, behind->end()).longest);
      }
      if (shorter.IsBetterThan(longest)) winner = &shorter;
    }
    for (const LibChunk& chunk : winner->chunks) tables_->Append(chunk, &chunks);
    position = winner->end();
  }
  return chunks;
}

}  // namespace tok
