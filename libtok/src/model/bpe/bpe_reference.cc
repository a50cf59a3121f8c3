#include "src/model/bpe/bpe_reference.h"

#include <algorithm>
#include <string>

namespace tok {
namespace {

// Part i is bytes [begin[i], begin[i+1]); merged_ids[i] is the token of parts i and i+1 together.
struct Parts {
  std::vector<size_t> begins;
  std::vector<TokenId> ids;
  std::vector<TokenId> merged_ids;
};

Parts MergeByRank(const Vocabulary& vocabulary, std::span<const TokenId, 256> byte_ids,
                  std::string_view piece, Merge* last) {
  Parts parts;
  for (size_t i = 0; i <= piece.size(); ++i) parts.begins.push_back(i);
  for (const char byte : piece) parts.ids.push_back(byte_ids[static_cast<unsigned char>(byte)]);
  const auto joined = [&](size_t i) {
    const size_t n_bytes = parts.begins[i + 2] - parts.begins[i];
    if (n_bytes > vocabulary.max_token_bytes()) return kNoToken;
    const TokenId id = vocabulary.Find(piece.substr(parts.begins[i], n_bytes));
    return vocabulary.Kind(id) == TokenKind::kNormal ? id : kNoToken;
  };
  for (size_t i = 0; i + 1 < parts.ids.size(); ++i) parts.merged_ids.push_back(joined(i));
  while (!parts.merged_ids.empty()) {
    const auto best = std::min_element(parts.merged_ids.begin(), parts.merged_ids.end());
    if (*best == kNoToken) break;
    const auto i = static_cast<std::ptrdiff_t>(best - parts.merged_ids.begin());
    const auto at = static_cast<size_t>(i);
    if (last != nullptr) *last = {parts.ids[at], parts.ids[at + 1]};
    parts.ids[at] = *best;
    parts.ids.erase(parts.ids.begin() + i + 1);
    parts.begins.erase(parts.begins.begin() + i + 1);
    parts.merged_ids.erase(parts.merged_ids.begin() + i);
    if (at > 0) parts.merged_ids[at - 1] = joined(at - 1);
    if (at < parts.merged_ids.size()) parts.merged_ids[at] = joined(at);
  }
  return parts;
}

}  // namespace

std::vector<TokenId> EncodeByRankReference(const Vocabulary& vocabulary,
                                           std::span<const TokenId, 256> byte_ids, std::string_view piece) {
  return MergeByRank(vocabulary, byte_ids, piece, nullptr).ids;
}

bool LastMergeByRank(const Vocabulary& vocabulary, std::span<const TokenId, 256> byte_ids,
                     std::string_view token, Merge* pair) {
  return token.size() > 1 && MergeByRank(vocabulary, byte_ids, token, pair).ids.size() == 1;
}

std::vector<TokenId> EncodeByMergesReference(const Vocabulary& vocabulary, std::span<const Merge> merges,
                                             std::vector<TokenId> symbols) {
  while (symbols.size() > 1) {
    size_t best_rank = merges.size(), best_at = 0;
    for (size_t i = 0; i + 1 < symbols.size(); ++i) {
      // Of equal merges the last one counts.
      const auto found = std::find(merges.rbegin(), merges.rend(), Merge{symbols[i], symbols[i + 1]});
      const size_t rank =
          found == merges.rend() ? merges.size() : static_cast<size_t>(merges.rend() - found) - 1;
      if (rank < best_rank) best_rank = rank, best_at = i;
    }
    if (best_rank == merges.size()) break;
    std::string merged(vocabulary.Bytes(symbols[best_at]));
    merged += vocabulary.Bytes(symbols[best_at + 1]);
    symbols[best_at] = vocabulary.Find(merged);
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(best_at) + 1);
  }
  return symbols;
}

}  // namespace tok
