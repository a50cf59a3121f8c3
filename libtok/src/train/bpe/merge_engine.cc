#include "src/train/bpe/merge_engine.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "src/base/parallel.h"
#include "src/train/bpe/pair_key.h"

namespace tok {
namespace {

constexpr size_t kPlacesPerShare = 16384;  // some 100 us of work: more than handing it over costs
constexpr size_t kMaxShares = 8;           // each has a table of all tokens
constexpr size_t kPrefetch = 16;           // places ahead
constexpr size_t kFewCandidates = size_t{1} << 16;
// Counts of merges fall about as the power -1.4 to -1.7 of their number, in text of any kind; half of what the steeper one
// predicts is seldom above the last one.
constexpr double kFall = 1.6;
constexpr uint32_t kFirstPrediction = 16;  // merges
constexpr uint64_t kFloorStep = 8;
// Where the text has many different pairs from the start (stage 2 of SuperBPE), only the more frequent ones are candidates:
// one a merge to come and some more leave the floor at less than half of the last merge's count (158 MB: 110 of 264).
constexpr size_t kMorePairs = size_t{1} << 14;

}  // namespace

MergeEngine::MergeEngine(SymbolText text, uint32_t n_symbols, Options options)
    : text_(std::move(text)),
      options_(std::move(options)),
      lengths_(n_symbols, 1),
      candidates_(options_.scratch),
      index_(PairIndex::allocator_type(options_.scratch)),
      heap_(options_.scratch),
      next_forgetting_(kFewCandidates) {
  if (options_.scratch != nullptr) lists_.emplace(options_.scratch);
  const size_t n_shares = std::clamp<size_t>(options_.n_threads, 1, kMaxShares);
  for (size_t s = 0; s < n_shares; ++s) shares_.emplace_back(options_.scratch);
}

// The order of a max-heap.
bool MergeEngine::Wins(const Ranked& a, const Ranked& b) const {
  if (a.count != b.count) return a.count > b.count;
  const CountedPair& x = candidates_[a.candidate];
  const CountedPair& y = candidates_[b.candidate];
  return x.left != y.left ? x.left < y.left : x.right < y.right;
}

void MergeEngine::Push(uint32_t candidate) {
  heap_.push_back({candidates_[candidate].count, candidate});
  std::push_heap(heap_.begin(), heap_.end(), [this](const auto& a, const auto& b) { return Wins(b, a); });
}

MergeEngine::Ranked MergeEngine::Pop() {
  std::pop_heap(heap_.begin(), heap_.end(), [this](const auto& a, const auto& b) { return Wins(b, a); });
  const Ranked top = heap_.back();
  heap_.pop_back();
  return top;
}

void MergeEngine::AddCandidate(CountedPair pair) {
  const auto index = static_cast<uint32_t>(candidates_.size());
  index_[PairKey(pair.left, pair.right)] = index;
  candidates_.push_back(std::move(pair));
  ++statistics_.n_candidates;
  Push(index);
}

void MergeEngine::Forget(CountedPair* candidate) {
  index_.erase(PairKey(candidate->left, candidate->right));
  candidate->count = 0;
  candidate->places = PlaceList();
}

void MergeEngine::TakeFrom(uint32_t left, uint32_t right, uint64_t weight) {
  const auto found = index_.find(PairKey(left, right));
  if (found == index_.end()) return;
  CountedPair& candidate = candidates_[found->second];
  candidate.count -= weight;
  if (candidate.count < floor_) Forget(&candidate);
}

std::optional<TokenMerge> MergeEngine::Next() {
  for (;;) {
    if (heap_.empty() || heap_.front().count < floor_) {
      if (!LowerFloor()) return std::nullopt;
      continue;
    }
    const Ranked top = Pop();
    CountedPair& candidate = candidates_[top.candidate];
    if (candidate.count != top.count) {
      if (candidate.count > 0) Push(top.candidate);
      continue;
    }
    CountedPair pair = std::move(candidate);
    Forget(&candidate);
    Merge(&pair);
    last_count_ = pair.count;
    RaiseFloor();
    return TokenMerge{pair.left, pair.right, pair.count};
  }
}

std::vector<size_t> MergeEngine::CutList(std::span<const uint32_t> places, uint32_t reach) const {
  const size_t n_parts = std::clamp<size_t>(places.size() / kPlacesPerShare, 1, shares_.size());
  std::vector<size_t> cuts = {0};
  for (size_t part = 1; part < n_parts; ++part) {
    size_t cut = std::max(cuts.back(), places.size() * part / n_parts);
    while (cut > 0 && cut < places.size() && places[cut] - places[cut - 1] <= reach) ++cut;
    cuts.push_back(cut);
  }
  cuts.push_back(places.size());
  return cuts;
}

void MergeEngine::Merge(CountedPair* pair) {
  const uint32_t token = n_tokens();
  lengths_.push_back(lengths_[pair->left] + lengths_[pair->right]);
  ++n_merges_;
  if (options_.on_merge) options_.on_merge(pair->left, pair->right);
  const std::span<const uint32_t> places = pair->places.all();
  const std::vector<size_t> cuts = CutList(places, lengths_[token]);
  const size_t n_parts = cuts.size() - 1;
  const auto for_each_part = [&](const auto& run) {
    ParallelFor(n_parts, options_.n_threads, [&](size_t part) { run(part, &shares_[part]); });
  };
  for_each_part([&](size_t part, Share* share) {
    ReplacePair(places.subspan(cuts[part], cuts[part + 1] - cuts[part]), *pair, token, share);
  });
  AddNeighbours(&Share::left, n_parts,
                [&](uint32_t left, const auto& add) { TakeFrom(left, pair->left, add(left, token)); });
  AddNeighbours(&Share::right, n_parts, [&](uint32_t right, const auto& add) {
    TakeFrom(pair->right, right == token ? pair->left : right, add(token, right));
  });
  for_each_part([&](size_t, Share* share) { WritePlaces(share); });
  statistics_.n_visited += places.size();
  for (size_t part = 0; part < n_parts; ++part) statistics_.n_merged_places += shares_[part].merged.size();
}

void MergeEngine::ReplacePair(std::span<const uint32_t> places, const CountedPair& pair, uint32_t token,
                              Share* share) {
  uint32_t* const symbols = text_.data();
  const uint32_t left_length = lengths_[pair.left], length = lengths_[token];
  SymbolText::WeightCursor weights(text_);
  for (Neighbours* side : {&share->left, &share->right}) side->of.resize(lengths_.size());
  share->merged.clear();
  const auto add_neighbours = [&](uint32_t place) {
    const uint64_t weight = weights.At(place);
    const uint32_t left = symbols[place - 1], right = symbols[place + length];
    const bool has_left = left != SymbolText::kPieceEnd && left != token;
    if (has_left) share->left.Add(left, weight);
    if (right != SymbolText::kPieceEnd) share->right.Add(right, weight);
    share->merged.push_back({place, has_left ? left : kNone, right});
  };
  // What is right of a place may be the next place: it is looked at when that is replaced.
  uint32_t previous = 0;
  for (size_t i = 0; i < places.size(); ++i) {
    if (i + kPrefetch < places.size()) __builtin_prefetch(&symbols[places[i + kPrefetch]], 1);
    const uint32_t place = places[i];
    if (symbols[place] != pair.left || symbols[place + left_length] != pair.right) continue;
    symbols[place + left_length - 1] = symbols[place + left_length] = SymbolText::kInside;
    symbols[place] = symbols[place + length - 1] = token;
    if (previous != 0) add_neighbours(previous);
    previous = place;
  }
  if (previous != 0) add_neighbours(previous);
}

template <typename Use>
void MergeEngine::AddNeighbours(Neighbours Share::*side, size_t n_shares, const Use& use) {
  Neighbours& all = shares_[0].*side;
  // Where the places of a later share begin in the list of all; the first share's begin in front.
  for (size_t s = 1; s < n_shares; ++s) {
    Neighbours& part = shares_[s].*side;
    for (const uint32_t neighbour : part.seen) {
      Neighbour& mine = part.of[neighbour];
      Neighbour& total = all.of[neighbour];
      if (total.n_places == 0) all.seen.push_back(neighbour);
      mine.n_written = total.n_places;
      total.n_places += mine.n_places;
      total.weight += mine.weight;
    }
  }
  for (const uint32_t neighbour : all.seen) {
    Neighbour& total = all.of[neighbour];
    use(neighbour, [&](uint32_t left, uint32_t right) {
      if (total.weight < floor_ || (options_.is_vetoed && options_.is_vetoed(left, right)))
        return total.weight;
      CountedPair pair{left, right, total.weight, PlaceList(total.n_places, lists())};
      total.places = pair.places.data();
      AddCandidate(std::move(pair));
      return total.weight;
    });
  }
  for (size_t s = 1; s < n_shares; ++s) {
    Neighbours& part = shares_[s].*side;
    for (const uint32_t neighbour : part.seen) part.of[neighbour].places = all.of[neighbour].places;
  }
}

void MergeEngine::WritePlaces(Share* share) const {
  for (const MergedPlace& merged : share->merged) {
    if (merged.left != kNone) share->left.of[merged.left].Write(merged.place - lengths_[merged.left]);
    if (merged.right != kNone) share->right.of[merged.right].Write(merged.place);
  }
  for (Neighbours* side : {&share->left, &share->right}) {
    for (const uint32_t neighbour : side->seen) side->of[neighbour] = Neighbour();
    side->seen.clear();
  }
}

void MergeEngine::RaiseFloor() {
  if (candidates_.size() < next_forgetting_ || n_merges_ < kFirstPrediction) return;
  const double share_done = static_cast<double>(n_merges_) / options_.max_merges;
  const double predicted = static_cast<double>(last_count_) * std::pow(std::min(share_done, 1.0), kFall) / 2;
  floor_ = std::max({floor_, options_.min_count, static_cast<uint64_t>(predicted)});
  // Also those already merged, or found to be below.
  std::erase_if(candidates_, [this](const CountedPair& candidate) { return candidate.count < floor_; });
  next_forgetting_ = std::max(kFewCandidates, 2 * candidates_.size());
  heap_.clear();
  index_.clear();
  for (uint32_t c = 0; c < candidates_.size(); ++c) {
    heap_.push_back({candidates_[c].count, c});
    index_[PairKey(candidates_[c].left, candidates_[c].right)] = c;
  }
  std::make_heap(heap_.begin(), heap_.end(), [this](const auto& a, const auto& b) { return Wins(b, a); });
}

bool MergeEngine::LowerFloor() {
  if (floor_ <= options_.min_count) return false;
  const PairSieve sieve(text_, lengths_, options_.n_threads, options_.scratch);
  floor_ = std::max(options_.min_count, floor_ == kNoFloor ? sieve.NthCount(kMorePairs + options_.max_merges)
                                                           : floor_ / kFloorStep);
  candidates_.clear();
  heap_.clear();
  index_.clear();
  ++statistics_.n_censuses;
  std::function<bool(uint32_t, uint32_t)> is_wanted;
  if (options_.is_vetoed) {
    is_wanted = [this](uint32_t left, uint32_t right) { return !options_.is_vetoed(left, right); };
  }
  for (CountedPair& pair :
       CountPairs(text_, lengths_, sieve, floor_, is_wanted, options_.n_threads, options_.scratch, lists())) {
    AddCandidate(std::move(pair));
  }
  return true;
}

}  // namespace tok
