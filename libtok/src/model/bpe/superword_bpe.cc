#include "src/model/bpe/superword_bpe.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/model/bpe/merge_symbols.h"

namespace tok {
namespace {

constexpr size_t kBitsPerWord = 64;
// One place in sixteen is taken for one that may be crossed without need.
constexpr size_t kBitsPerJoin = 16, kLeastJoinBits = size_t{1} << 12;

// Rules from `rank` on, in order.
std::vector<MergeRule> LaterRules(const MergeTable& merges, uint32_t rank) {
  std::vector<MergeRule> rules;
  for (const MergeRule& rule : merges.slots()) {
    if (rule.left != kNoToken && rule.rank >= rank) rules.push_back(rule);
  }
  std::sort(rules.begin(), rules.end(), [](const auto& a, const auto& b) { return a.rank < b.rank; });
  return rules;
}

bool HasBit(std::span<const uint64_t> bits, size_t i) {
  return (bits[i / kBitsPerWord] >> (i % kBitsPerWord) & 1) != 0;
}

// The first bit from `i` on; behind all bits if there is none.
size_t NextBit(std::span<const uint64_t> bits, size_t i) {
  size_t word = i / kBitsPerWord;
  if (word >= bits.size()) return bits.size() * kBitsPerWord;
  uint64_t left = bits[word] & ~uint64_t{0} << (i % kBitsPerWord);
  while (left == 0) {
    if (++word == bits.size()) return bits.size() * kBitsPerWord;
    left = bits[word];
  }
  return word * kBitsPerWord + static_cast<size_t>(std::countr_zero(left));
}

}  // namespace

bool SuperwordBpe::FindJoins(const MergeTable& merges, std::span<const MergeRule> later, size_t n_tokens) {
  // The first and the last of the words' tokens that a token is made of.
  std::vector<TokenId> first(n_tokens), last(n_tokens);
  std::iota(first.begin(), first.end(), 0);
  last = first;
  std::vector<bool> is_made(n_tokens);  // by a rule so far
  for (const MergeRule& rule : merges.slots()) {
    if (rule.left != kNoToken && rule.rank < later.front().rank) is_made[rule.merged] = true;
  }
  std::vector<bool> is_needed(n_tokens);  // by a rule that came before the one that makes it
  for (const MergeRule& rule : merges.slots()) {
    if (rule.left == kNoToken || rule.rank >= later.front().rank) continue;
    is_needed[rule.left] = is_needed[rule.right] = true;
  }
  const size_t n_bits = std::max(kLeastJoinBits, std::bit_ceil(later.size() * kBitsPerJoin));
  joins_.assign(n_bits / kBitsPerWord, 0);
  join_shift_ = 64 - static_cast<unsigned>(std::countr_zero(n_bits));
  for (const MergeRule& rule : later) {
    if (is_made[rule.merged] || is_needed[rule.merged]) return false;
    is_made[rule.merged] = is_needed[rule.left] = is_needed[rule.right] = true;
    first[rule.merged] = first[rule.left];
    last[rule.merged] = last[rule.right];
    const size_t bit = JoinBit(last[rule.left], first[rule.right]);
    joins_[bit / kBitsPerWord] |= uint64_t{1} << (bit % kBitsPerWord);
  }
  return true;
}

absl::StatusOr<std::unique_ptr<const SuperwordBpe>> SuperwordBpe::Create(
    const Vocabulary& vocabulary, const std::array<TokenId, 256>& byte_ids, const ByteBpe::Tables& tables) {
  if (tables.first_superword == kNoRank || !tables.unmerged.empty()) return nullptr;
  const std::vector<MergeRule> later = LaterRules(tables.merges, tables.first_superword);
  auto model = std::unique_ptr<SuperwordBpe>(new SuperwordBpe());
  if (!model->FindJoins(tables.merges, later, vocabulary.size())) return nullptr;
  MergeTableBuilder early_rules(tables.merges.n_rules() - later.size()), later_rules(later.size());
  for (const MergeRule& rule : tables.merges.slots()) {
    if (rule.left != kNoToken && rule.rank < tables.first_superword) early_rules.Add(rule);
  }
  for (const MergeRule& rule : later) later_rules.Add(rule);
  ByteBpe::Tables words;
  TOK_ASSIGN_OR_RETURN(words.merges, std::move(early_rules).Build());
  TOK_ASSIGN_OR_RETURN(model->later_, std::move(later_rules).Build());
  words.byte_pairs = BytePairs::Build(byte_ids, words.merges);
  words.joins = tables.joins;
  model->words_.emplace(vocabulary, byte_ids, std::move(words));
  model->whole_.emplace(vocabulary, byte_ids, tables);
  return model;
}

size_t SuperwordBpe::MergeWords(std::vector<TokenId>* ids, size_t first, std::span<const size_t> piece_ends,
                                PieceScratch* scratch) const {
  if (piece_ends.empty() || piece_ends.back() == first) return first;
  auto& own = *static_cast<ByteBpe::Scratch*>(scratch);
  TokenId* const tokens = ids->data() + first;
  const size_t n_tokens = piece_ends.back() - first;
  // All places first: each is a look-up that waits for nothing, and few are found.
  own.joins.assign(n_tokens / kBitsPerWord + 1, 0);
  for (size_t i = 0; i + 1 < n_tokens; ++i) {
    own.joins[i / kBitsPerWord] |= MayJoin(tokens[i], tokens[i + 1]) << (i % kBitsPerWord);
  }
  for (const size_t end : piece_ends) {
    const size_t last = end - first - 1;
    own.joins[last / kBitsPerWord] &= ~(uint64_t{1} << (last % kBitsPerWord));
  }
  size_t n_done = 0, n_written = 0;  // the same until something is merged
  const auto keep = [&](size_t end) {
    if (n_written != n_done) std::copy(tokens + n_done, tokens + end, tokens + n_written);
    n_written += end - n_done;
    n_done = end;
  };
  for (size_t begin = NextBit(own.joins, 0); begin < n_tokens; begin = NextBit(own.joins, n_done)) {
    size_t end = begin + 2;
    while (HasBit(own.joins, end - 1)) ++end;
    keep(begin);
    const size_t n_left = Merge({tokens + begin, end - begin}, &own);
    std::copy_n(tokens + begin, n_left, tokens + n_written);
    n_written += n_left;
    n_done = end;
  }
  keep(n_tokens);
  const size_t next = first + n_written;
  if (n_written != n_tokens) ids->erase(ids->begin() + next, ids->begin() + piece_ends.back());
  return next;
}

// In place; returns how many are left.
size_t SuperwordBpe::Merge(std::span<TokenId> tokens, ByteBpe::Scratch* scratch) const {
  if (tokens.size() <= kMaxLinearSymbols) return MergeFewSymbols(later_, tokens);
  scratch->symbols.assign(tokens.begin(), tokens.end());
  MergeSymbols(later_, &scratch->symbols, &scratch->merge);
  std::copy(scratch->symbols.begin(), scratch->symbols.end(), tokens.begin());
  return scratch->symbols.size();
}

std::string SuperwordBpe::Name() const {
  return Concat(whole_->Name(), ", words by ", words_->tables().merges->n_rules(), " of them");
}

}  // namespace tok
