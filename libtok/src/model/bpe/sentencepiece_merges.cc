#include "src/model/bpe/sentencepiece_merges.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/model/sentencepiece_output.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// Floats in SentencePiece's order (that of their bits, so -0 is below +0), as integers.
uint32_t OrderedScore(double score) {
  const auto bits = std::bit_cast<uint32_t>(static_cast<float>(score));
  return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

// Position of each piece's score among all different scores, highest first.
std::vector<uint32_t> RanksByScore(const Vocabulary& vocabulary) {
  std::vector<uint32_t> ordered(vocabulary.size()), distinct;
  for (TokenId id = 0; id < vocabulary.size(); ++id) ordered[id] = ~OrderedScore(vocabulary.Score(id));
  distinct = ordered;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  for (uint32_t& score : ordered) {
    score =
        static_cast<uint32_t>(std::lower_bound(distinct.begin(), distinct.end(), score) - distinct.begin());
  }
  return ordered;
}

std::vector<uint32_t> Positions(size_t n) {
  std::vector<uint32_t> positions(n);
  std::iota(positions.begin(), positions.end(), 0u);
  return positions;
}

}  // namespace

// Gives every character of every piece its symbol.
absl::Status SentencePieceMerges::AddCharacters(const Vocabulary& vocabulary) {
  n_pieces_ = static_cast<TokenId>(vocabulary.size());
  std::vector<char32_t> all;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (!IsSentencePieceMatchable(vocabulary.Kind(id))) continue;
    const std::string_view bytes = vocabulary.Bytes(id);
    for (size_t i = 0; i < bytes.size();) {
      const DecodedChar c = DecodeUtf8(bytes, i);
      if (c.code_point == kInvalidByte) {
        return MakeError(ErrorCode::kBadVocabulary, Concat("piece ", id), "is not valid UTF-8",
                         "correct the model");
      }
      if (c.n_bytes == bytes.size()) {
        symbols_.Set(c.code_point, id);
      } else {
        all.push_back(c.code_point);
      }
      i += c.n_bytes;
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  for (const char32_t c : all) {
    if (symbols_.Find(c) != kNoToken) continue;
    symbols_.Set(c, n_pieces_ + static_cast<TokenId>(characters_.size()));
    characters_.push_back(c);
  }
  other_ = n_pieces_ + static_cast<TokenId>(characters_.size());
  return absl::OkStatus();
}

void SentencePieceMerges::AddNeighbours(std::string_view piece) {
  TokenId left = kNoToken;
  for (size_t i = 0; i < piece.size();) {
    const DecodedChar c = DecodeUtf8(piece, i);
    const TokenId right = SymbolOf(c.code_point);
    if (i > 0) neighbours_.insert(uint64_t{left} << 32 | right);
    left = right;
    i += c.n_bytes;
  }
}

// In the order of their bytes, the prefixes of an entry are the open ones before it: a stack.
void SentencePieceMerges::LinkPrefixes(std::vector<Entry>* entries) {
  std::vector<uint32_t> order = Positions(entries->size()), open;
  const auto bytes = [&](uint32_t i) -> const std::string& { return (*entries)[i].bytes; };
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return bytes(a) < bytes(b); });
  for (const uint32_t i : order) {
    while (!open.empty() && !bytes(i).starts_with(bytes(open.back()))) open.pop_back();
    (*entries)[i].longest_prefix = open.empty() ? kNoEntry : open.back();
    open.push_back(i);
  }
}

void SentencePieceMerges::LinkSuffixes(std::vector<Entry>* entries) {
  std::vector<uint32_t> order = Positions(entries->size()), open;
  const auto bytes = [&](uint32_t i) -> const std::string& { return (*entries)[i].bytes; };
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return std::lexicographical_compare(bytes(a).rbegin(), bytes(a).rend(), bytes(b).rbegin(),
                                        bytes(b).rend());
  });
  for (const uint32_t i : order) {
    while (!open.empty() && !bytes(i).ends_with(bytes(open.back()))) open.pop_back();
    (*entries)[i].longest_suffix = open.empty() ? kNoEntry : open.back();
    open.push_back(i);
  }
}

// A rule wherever a prefix and a suffix that are symbols together make up the piece.
absl::Status SentencePieceMerges::BuildTable(const std::vector<Entry>& entries,
                                             const std::vector<uint32_t>& ranks) {
  std::vector<MergeRule> rules;
  std::vector<uint32_t> suffixes;
  for (const Entry& entry : entries) {
    if (entry.symbol >= n_pieces_) continue;
    suffixes.clear();  // longest first
    for (uint32_t i = entry.longest_suffix; i != kNoEntry; i = entries[i].longest_suffix)
      suffixes.push_back(i);
    for (uint32_t i = entry.longest_prefix; i != kNoEntry; i = entries[i].longest_prefix) {
      const size_t n_right = entry.bytes.size() - entries[i].bytes.size();
      while (!suffixes.empty() && entries[suffixes.back()].bytes.size() < n_right) suffixes.pop_back();
      if (suffixes.empty()) break;
      if (entries[suffixes.back()].bytes.size() != n_right) continue;
      rules.push_back(
          {entries[i].symbol, entries[suffixes.back()].symbol, ranks[entry.symbol], entry.symbol});
    }
  }
  MergeTableBuilder builder(rules.size());
  for (const MergeRule& rule : rules) builder.Add(rule);
  TOK_ASSIGN_OR_RETURN(table_, std::move(builder).Build());
  return absl::OkStatus();
}

absl::StatusOr<SentencePieceMerges> SentencePieceMerges::Build(const Vocabulary& vocabulary) {
  SentencePieceMerges merges;
  TOK_RETURN_IF_ERROR(merges.AddCharacters(vocabulary));
  std::vector<Entry> entries;
  for (TokenId id = 0; id < vocabulary.size(); ++id) {
    if (!IsSentencePieceMatchable(vocabulary.Kind(id)) || vocabulary.Bytes(id).empty()) continue;
    merges.AddNeighbours(vocabulary.Bytes(id));
    entries.push_back({std::string(vocabulary.Bytes(id)), id, kNoEntry, kNoEntry});
  }
  for (size_t i = 0; i < merges.characters_.size(); ++i) {
    std::string bytes;
    AppendUtf8(merges.characters_[i], &bytes);
    entries.push_back({std::move(bytes), merges.n_pieces_ + static_cast<TokenId>(i), kNoEntry, kNoEntry});
  }
  LinkPrefixes(&entries);
  LinkSuffixes(&entries);
  TOK_RETURN_IF_ERROR(merges.BuildTable(entries, RanksByScore(vocabulary)));
  return merges;
}

}  // namespace tok
