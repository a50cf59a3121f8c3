#include "src/model/bpe/byte_bpe.h"

#include <algorithm>

#include "src/base/strings.h"

namespace tok {

bool FindByteIds(const Vocabulary& vocabulary, std::array<TokenId, 256>* byte_ids) {
  for (unsigned b = 0; b < 256; ++b) {
    const char byte = static_cast<char>(b);
    (*byte_ids)[b] = vocabulary.Find(std::string_view(&byte, 1));
    if ((*byte_ids)[b] == kNoToken) return false;
  }
  return true;
}

std::vector<TokenId> FindUnmergedTokens(const Vocabulary& vocabulary,
                                        const std::array<TokenId, 256>& byte_ids, const MergeTable& merges) {
  std::vector<TokenId> unmerged, symbols;
  MergeScratch scratch;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    const std::string_view bytes = vocabulary.Bytes(id);
    if (bytes.empty() || vocabulary.Find(bytes) != id) continue;
    symbols.clear();
    for (const char byte : bytes) symbols.push_back(byte_ids[static_cast<unsigned char>(byte)]);
    MergeSymbols(merges, &symbols, &scratch);
    if (symbols.size() != 1 || symbols[0] != id) unmerged.push_back(id);
  }
  return unmerged;
}

uint32_t FirstSuperword(const MergeTable& merges, const Vocabulary& vocabulary) {
  std::vector<bool> is_superword(vocabulary.size());
  bool has_superwords = false;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (!HasWordPlace(vocabulary.Bytes(id))) continue;
    is_superword[id] = has_superwords = true;
  }
  uint32_t first = kNoRank;
  if (!has_superwords) return first;  // and no rule is looked at: they lie in no order
  for (const MergeRule& rule : merges.slots()) {
    if (rule.left != kNoToken && is_superword[rule.merged]) first = std::min(first, rule.rank);
  }
  return first;
}

ByteBpe::ByteBpe(const Vocabulary& vocabulary, const std::array<TokenId, 256>& byte_ids, Tables tables)
    : vocabulary_(vocabulary),
      byte_ids_(byte_ids),
      merges_(std::move(tables.merges)),
      byte_pairs_(std::move(tables.byte_pairs)),
      joins_(std::move(tables.joins)),
      cuts_words_(tables.first_superword == kNoRank),
      unmerged_(std::move(tables.unmerged)) {
  for (const TokenId id : unmerged_) {
    const std::string_view bytes = vocabulary_.Bytes(id);
    unmerged_by_bytes_.emplace(bytes, id);
    parts_differ_ |= cuts_words_ || JoinFilter::MayBePart(bytes);
  }
}

TokenId ByteBpe::UnmergedToken(const Piece& piece) const {
  if (piece.is_part || unmerged_by_bytes_.empty()) return kNoToken;
  const auto found = unmerged_by_bytes_.find(piece.bytes);
  return found == unmerged_by_bytes_.end() ? kNoToken : found->second;
}

const std::vector<TokenId>& ByteBpe::EncodeIds(std::string_view piece, bool is_part, Scratch* scratch) const {
  std::vector<TokenId>& symbols = scratch->symbols;
  symbols.clear();
  if (const TokenId id = UnmergedToken({piece, is_part}); id != kNoToken) {
    symbols.push_back(id);
    return symbols;
  }
  symbols.resize(piece.size());
  for (size_t i = 0; i < piece.size(); ++i) symbols[i] = byte_ids_[static_cast<unsigned char>(piece[i])];
  MergeSymbols(merges_, &symbols, &scratch->merge);
  return symbols;
}

void ByteBpe::EncodeGroup(std::span<const Piece> pieces, PieceScratch* piece_scratch,
                          std::vector<TokenId>* ids, std::span<uint32_t> ends) const {
  auto* scratch = static_cast<Scratch*>(piece_scratch);
  MergeLanes& lanes = scratch->lanes;
  size_t piece_of_lane[MergeLanes::kMaxLanes], n_lanes = 0;
  const auto empty_lanes = [&] {
    lanes.Merge(merges_);
    for (size_t lane = 0; lane < n_lanes; ++lane) {
      lanes.AppendTo(ids, lane);
      ends[piece_of_lane[lane]] = static_cast<uint32_t>(ids->size());
    }
    n_lanes = 0;
    lanes.Clear(merges_);
  };
  const auto merge = [&](std::string_view bytes, size_t i) {
    if (bytes.size() <= MergeLanes::kMaxSymbols) {
      if (n_lanes == MergeLanes::kMaxLanes) empty_lanes();
      lanes.Add(byte_pairs_, byte_ids_, bytes);
      piece_of_lane[n_lanes++] = i;
      return;
    }
    empty_lanes();
    const std::vector<TokenId>& merged = EncodeIds(bytes, /*is_part=*/true, scratch);
    ids->insert(ids->end(), merged.begin(), merged.end());
    ends[i] = static_cast<uint32_t>(ids->size());
  };
  lanes.Clear(merges_);
  for (size_t i = 0; i < pieces.size(); ++i) {
    const std::string_view bytes = pieces[i].bytes;
    if (const TokenId id = UnmergedToken(pieces[i]); id != kNoToken) {
      empty_lanes();
      ids->push_back(id);
      ends[i] = static_cast<uint32_t>(ids->size());
      continue;
    }
    size_t begin = 0;
    if (bytes.size() > MergeLanes::kMaxSymbols) {
      // Most of its parts fit into lanes, which take a fraction of the time a byte that the heap of a long piece takes.
      size_t cuts[MergeLanes::kMaxLanes], n;
      do {
        n = joins_.NextFineCuts(bytes, begin, 0, cuts);
        for (const size_t cut : std::span(cuts, n)) {
          merge(bytes.substr(begin, cut - begin), i);
          begin = cut;
        }
      } while (n == std::size(cuts));
    }
    merge(bytes.substr(begin), i);
  }
  empty_lanes();
}

absl::Status ByteBpe::Encode(std::string_view piece, PieceScratch* scratch,
                             std::vector<PieceToken>* tokens) const {
  uint32_t begin = 0;
  for (const TokenId id : EncodeIds(piece, /*is_part=*/false, static_cast<Scratch*>(scratch))) {
    const auto end = static_cast<uint32_t>(EndOfToken(vocabulary_, id, begin, piece.size()));
    tokens->push_back({id, begin, end});
    begin = end;
  }
  return absl::OkStatus();
}

absl::Status ByteBpe::FindFirstSymbols(std::string_view piece, PieceScratch*,
                                       std::vector<PieceToken>* symbols) const {
  symbols->clear();
  for (uint32_t i = 0; i < piece.size(); ++i) {
    symbols->push_back({byte_ids_[static_cast<unsigned char>(piece[i])], i, i + 1});
  }
  return absl::OkStatus();
}

std::string ByteBpe::Name() const {
  return Concat("byte-level BPE, ", merges_.n_rules(), " merges",
                unmerged_.empty() ? "" : Concat(", ", unmerged_.size(), " tokens by whole pieces"));
}

}  // namespace tok
