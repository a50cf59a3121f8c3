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
  const uint32_t first_superword = FirstSuperword(tables.merges, vocabulary);
  if (first_superword == kNoRank || !tables.unmerged.empty()) return nullptr;
  const std::vector<MergeRule> later = LaterRules(tables.merges, first_superword);
  auto model = std::unique_ptr<SuperwordBpe>(new SuperwordBpe());
  if (!model->FindJoins(tables.merges, later, vocabulary.size())) return nullptr;
  MergeTableBuilder early_rules(tables.merges.n_rules() - later.size()), later_rules(later.size());
  for (const MergeRule& rule : tables.merges.slots()) {
    if (rule.left != kNoToken && rule.rank < first_superword) early_rules.Add(rule);
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

void SuperwordBpe::MergeWords(std::vector<TokenId>* ids, size_t first, PieceScratch* scratch) const {
  auto& own = *static_cast<ByteBpe::Scratch*>(scratch);
  TokenId* const tokens = ids->data();
  const size_t n_tokens = ids->size();
  size_t n_done = first, n_written = first;  // the same until something is merged
  for (size_t i = first + 1; i < n_tokens; ++i) {
    if (!MayJoin(tokens[i - 1], tokens[i])) continue;
    const size_t begin = i - 1;
    while (i < n_tokens && MayJoin(tokens[i - 1], tokens[i])) ++i;
    own.symbols.assign(tokens + begin, tokens + i);
    MergeSymbols(later_, &own.symbols, &own.merge);
    if (n_written != n_done) std::copy(tokens + n_done, tokens + begin, tokens + n_written);
    n_written += begin - n_done;
    std::copy(own.symbols.begin(), own.symbols.end(), tokens + n_written);
    n_written += own.symbols.size();
    n_done = i;
  }
  if (n_written == n_done) return;
  std::copy(tokens + n_done, tokens + n_tokens, tokens + n_written);
  ids->resize(n_written + (n_tokens - n_done));
}

std::string SuperwordBpe::Name() const {
  return Concat(whole_->Name(), ", words by ", words_->tables().merges->n_rules(), " of them");
}

}  // namespace tok
