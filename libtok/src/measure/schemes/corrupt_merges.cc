#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "src/base/random_stream.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/rank_conversion.h"
#include "src/model/bpe/merge_table.h"
#include "tok/merge_surgery.h"

namespace tok {
namespace {

// The first n_chosen of a random order of 0 to n - 1.
std::vector<size_t> ChooseSome(size_t n, size_t n_chosen, RandomStream* random) {
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  for (size_t i = 0; i < n_chosen; ++i) std::swap(order[i], order[i + random->Below(n - i)]);
  order.resize(n_chosen);
  return order;
}

void Shuffle(const std::vector<size_t>& places, RandomStream* random, std::vector<Merge>* merges) {
  for (size_t i = places.size(); i > 1; --i) {
    std::swap((*merges)[places[i - 1]], (*merges)[places[random->Below(i)]]);
  }
}

void Delete(const std::vector<size_t>& places, std::vector<Merge>* merges) {
  std::vector<bool> is_deleted(merges->size());
  for (const size_t place : places) is_deleted[place] = true;
  std::vector<Merge> kept;
  for (size_t i = 0; i < merges->size(); ++i) {
    if (!is_deleted[i]) kept.push_back((*merges)[i]);
  }
  *merges = std::move(kept);
}

// Merges a side of which was made by a merge before, and is made by none now.
absl::StatusOr<uint64_t> CountDisabled(const BpeModelSpec& before, const BpeModelSpec& after,
                                       const Vocabulary& vocabulary) {
  TOK_ASSIGN_OR_RETURN(const MergeTable table, BuildMergeListTable(before, vocabulary));
  const auto product = [&](const Merge& merge) { return table.Find(merge.left, merge.right).merged; };
  std::vector<bool> is_lost(vocabulary.size());
  for (const Merge& merge : before.merges) is_lost[product(merge)] = true;
  // Until nothing more can be made: a list in any order.
  std::vector<Merge> waiting = after.merges;
  for (size_t n_before = waiting.size() + 1; waiting.size() < n_before;) {
    n_before = waiting.size();
    std::erase_if(waiting, [&](const Merge& merge) {
      if (is_lost[merge.left] || is_lost[merge.right]) return false;
      is_lost[product(merge)] = false;
      return true;
    });
  }
  return waiting.size();
}

}  // namespace

absl::StatusOr<CorruptedTokenizer> CorruptMerges(const TokenizerSpec& spec, const Corruption& corruption) {
  if (!(corruption.share >= 0 && corruption.share <= 1)) {
    return MakeError(ErrorCode::kUsage, "share of merges", Concat(corruption.share, " is not from 0 to 1"),
                     "give a share such as 0.1");
  }
  const auto* bpe = std::get_if<BpeModelSpec>(&spec.model);
  if (bpe == nullptr || bpe->mode == BpeModelSpec::Mode::kSentencePiece) {
    return MakeError(ErrorCode::kUnsupportedFeature, "merges", "there is no list of them",
                     "give a BPE tokenizer; convert SentencePiece models to tokenizer.json first");
  }
  BpeModelSpec before = *bpe;
  TOK_ASSIGN_OR_RETURN(before.merges, MergeListOf(spec));
  before.mode = BpeModelSpec::Mode::kMergeList;
  before.ignore_merges = false;
  CorruptedTokenizer corrupted;
  corrupted.n_merges = before.merges.size();
  corrupted.n_affected =
      static_cast<uint64_t>(std::llround(corruption.share * static_cast<double>(before.merges.size())));
  BpeModelSpec after = before;
  RandomStream random(corruption.seed);
  switch (corruption.kind) {
    case Corruption::Kind::kShuffle:
      Shuffle(ChooseSome(before.merges.size(), corrupted.n_affected, &random), &random, &after.merges);
      break;
    case Corruption::Kind::kDelete:
      Delete(ChooseSome(before.merges.size(), corrupted.n_affected, &random), &after.merges);
      break;
    case Corruption::Kind::kTruncate: after.merges.resize(before.merges.size() - corrupted.n_affected); break;
  }
  TOK_ASSIGN_OR_RETURN(corrupted.n_disabled, CountDisabled(before, after, spec.vocabulary));
  corrupted.spec = spec;
  corrupted.spec.model = std::move(after);
  return corrupted;
}

}  // namespace tok
