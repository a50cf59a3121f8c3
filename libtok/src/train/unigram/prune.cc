#include "src/train/unigram/prune.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numeric>

#include "src/base/parallel.h"
#include "src/train/unigram/block_sums.h"
#include "src/train/unigram/lattice.h"

namespace tok {
namespace {

// How often the best paths of all pieces use each candidate; the last is the unknown token.
std::vector<uint64_t> CountUses(const SortedPieces& pieces, const Candidates& candidates, unsigned n_threads,
                                std::atomic<uint64_t>* n_steps) {
  const size_t n_ids = candidates.n_ids();
  return SumOverBlocks<uint64_t>(pieces.n_blocks(), n_ids + 1, n_threads, [&](size_t block, uint64_t* uses) {
    BestPath path(candidates);
    for (size_t i = pieces.BlockBegin(block); i < pieces.BlockEnd(block); ++i) {
      const CountedPiece piece = pieces[i];
      path.Find(piece.bytes, false);
      for (const uint32_t id : path.tokens()) uses[id == kNoToken ? n_ids : id] += piece.count;
    }
    *n_steps += path.n_steps();
  });
}

enum class Fate : uint8_t { kDropped, kStays, kHasLoss };

class Judge {
 public:
  Judge(const Candidates& candidates, const std::vector<uint64_t>& uses, uint64_t n_pieces)
      : candidates_(candidates),
        uses_(uses),
        n_pieces_(static_cast<double>(n_pieces)),
        sum_(static_cast<double>(std::accumulate(uses.begin(), uses.end(), uint64_t{0}))),
        log_sum_(std::log(sum_)) {}

  Fate Decide(uint32_t id, BestPath* path, double* loss) const {
    const std::string_view bytes = candidates_.Bytes(id);
    if (ValidCharLength(bytes, 0) == bytes.size()) return Fate::kStays;
    if (uses_[id] == 0) return Fate::kDropped;
    if (path->Find(bytes, true) > candidates_.Score(id)) return Fate::kStays;
    *loss = Loss(static_cast<double>(uses_[id]), path->tokens());
    return Fate::kHasLoss;
  }

 private:
  // By about how much the mean logarithm of a piece's probability falls if `substitutes` stand for a token used `n_uses`
  // times: each is used so much oftener. The sum of all uses should grow by n_uses x (substitutes - 1); SentencePiece, and
  // Hugging Face after it, take the number of all candidates instead of substitutes, which favours what is used often.
  double Loss(double n_uses, const std::vector<uint32_t>& substitutes) const {
    const double log_sum = std::log(sum_ + n_uses * static_cast<double>(candidates_.order().size()));
    double log_substitutes = 0;
    for (const uint32_t id : substitutes) {
      const uint64_t uses = id == kNoToken ? uses_.back() : uses_[id];
      log_substitutes += std::log(static_cast<double>(uses) + n_uses) - log_sum;
    }
    return n_uses / n_pieces_ * (std::log(n_uses) - log_sum_ - log_substitutes);
  }

  const Candidates& candidates_;
  const std::vector<uint64_t>& uses_;
  const double n_pieces_, sum_, log_sum_;
};

}  // namespace

Pruned PruneCandidates(const SortedPieces& pieces, const Candidates& candidates, size_t n_wanted,
                       unsigned n_threads) {
  constexpr size_t kTask = 4096;  // candidates that one task judges
  std::atomic<uint64_t> n_steps{0};
  const std::vector<uint64_t> uses = CountUses(pieces, candidates, n_threads, &n_steps);
  const Judge judge(candidates, uses, pieces.total_count());
  const std::vector<uint32_t>& order = candidates.order();
  std::vector<Fate> fates(order.size());
  std::vector<double> losses(order.size());
  ParallelFor((order.size() + kTask - 1) / kTask, n_threads, [&](size_t task) {
    BestPath path(candidates);
    for (size_t i = task * kTask; i < std::min(order.size(), (task + 1) * kTask); ++i) {
      fates[i] = judge.Decide(order[i], &path, &losses[i]);
    }
    n_steps += path.n_steps();
  });
  Pruned pruned;
  std::vector<uint32_t> with_loss;  // positions in `order`
  for (uint32_t i = 0; i < order.size(); ++i) {
    if (fates[i] == Fate::kStays) pruned.order.push_back(order[i]);
    if (fates[i] == Fate::kHasLoss) with_loss.push_back(i);
  }
  std::stable_sort(with_loss.begin(), with_loss.end(),
                   [&](uint32_t a, uint32_t b) { return losses[a] > losses[b]; });
  for (const uint32_t i : with_loss) {
    if (pruned.order.size() >= n_wanted) break;
    pruned.order.push_back(order[i]);
  }
  pruned.n_steps = n_steps;
  return pruned;
}

}  // namespace tok
