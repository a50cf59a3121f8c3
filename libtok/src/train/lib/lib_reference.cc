#include "src/train/lib/lib_reference.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "src/base/random_stream.h"
#include "src/train/lib/symbols.h"

namespace tok {
namespace {

struct Ranks : std::map<std::string, size_t, std::less<>> {
  size_t longest = 0;  // no unit has more bytes

  void Add(const std::string& unit, size_t rank) {
    (*this)[unit] = rank;
    longest = std::max(longest, unit.size());
  }
};

// The units that `text` begins with, longest first.
std::vector<std::string> UnitsAt(const Ranks& ranks, std::string_view text) {
  std::vector<std::string> units;
  for (size_t n = std::min(ranks.longest, text.size()); n > 0; --n) {
    if (ranks.contains(text.substr(0, n))) units.emplace_back(text.substr(0, n));
  }
  return units;
}

struct Path {
  size_t end = 0;
  std::vector<std::string> chunks;
  size_t rank_sum = 0;

  void Take(const std::string& chunk, const Ranks& ranks) {
    const auto found = ranks.find(chunk);
    if (found != ranks.end()) rank_sum += found->second;
    end += chunk.size();
    chunks.push_back(chunk);
  }
  bool IsBetterThan(const Path& other) const {
    if (chunks.size() != other.chunks.size()) return chunks.size() < other.chunks.size();
    return rank_sum < other.rank_sum;
  }
};

std::string LongestAt(const Ranks& ranks, LibSymbol symbol, std::string_view text, size_t position) {
  if (position == text.size()) return "";
  const auto units = UnitsAt(ranks, text.substr(position));
  if (!units.empty()) return units[0];
  return std::string(text.substr(position, SymbolLength(symbol, text, position)));
}

bool EndTheSame(std::string_view a, std::string_view b) {
  return !a.empty() && !b.empty() && (a.ends_with(b) || b.ends_with(a));
}
bool BeginTheSame(std::string_view a, std::string_view b) {
  return !a.empty() && !b.empty() && (a.starts_with(b) || b.starts_with(a));
}

class ReferenceTrainer {
 public:
  explicit ReferenceTrainer(const LibOptions& options) : options_(options), random_(options.seed) {}

  LibLexicon Train(std::span<const std::string_view> sentences) {
    const uint64_t n = options_.sentences_per_step;
    const uint64_t n_articles = (sentences.size() + n - 1) / n;
    std::vector<uint64_t> order;
    for (uint64_t article = 0; article < n_articles; ++article) order.push_back(article);
    for (uint64_t step = 0; step < options_.n_steps && n_articles > 0; ++step) {
      if (options_.order == LibArticleOrder::kShuffled && step % n_articles == 0) {
        for (uint64_t i = n_articles - 1; i > 0; --i) std::swap(order[i], order[random_.Below(i + 1)]);
      }
      const uint64_t article = order[step % n_articles];
      for (uint64_t i = article * n; i < std::min(article * n + n, sentences.size()); ++i) Read(sentences[i]);
      Forget();
      Rerank();
      Mark();
    }
    LibLexicon lexicon{options_.symbol, {}};
    for (const std::string& unit : list_) {
      if (!probation_.contains(unit)) lexicon.units.push_back(unit);
    }
    return lexicon;
  }

 private:
  using Context = std::optional<std::pair<std::string, std::string>>;
  struct Probation {
    uint32_t life;
    Context context;
  };
  struct Evaluation {
    std::string chunk, shorter;
    Path taken, alternative;
  };

  void Read(std::string_view sentence) {
    std::string before, previous;
    std::vector<Evaluation> open;
    for (size_t position = 0; position < sentence.size();) {
      Evaluate(sentence, position, &open);
      const auto units = UnitsAt(ranks_, sentence.substr(position));
      const std::string chunk = LongestAt(ranks_, options_.symbol, sentence, position);
      const std::string next = LongestAt(ranks_, options_.symbol, sentence, position + chunk.size());
      for (Evaluation& evaluation : open) evaluation.taken.Take(chunk, ranks_);
      if (units.empty()) {
        Memorize(chunk, {{previous, next}});
      } else {
        const bool joins = !previous.empty() && random_.Chance(options_.in_rate);
        if (probation_.contains(chunk)) Inspect(chunk, previous, next);
        if (units.size() > 1) {
          Evaluation evaluation{chunk, units[1], {position, {}}, {position, {}}};
          evaluation.taken.Take(chunk, ranks_);
          evaluation.alternative.Take(units[1], ranks_);
          open.push_back(evaluation);
        }
        if (joins) Memorize(previous + chunk, {{before, next}});
      }
      before = std::exchange(previous, chunk);
      position += chunk.size();
    }
    Evaluate(sentence, sentence.size(), &open);
  }

  void Evaluate(std::string_view sentence, size_t position, std::vector<Evaluation>* open) {
    std::vector<Evaluation> still_open;
    for (Evaluation& evaluation : *open) {
      Path& alternative = evaluation.alternative;
      while (alternative.end < position)
        alternative.Take(LongestAt(ranks_, options_.symbol, sentence, alternative.end), ranks_);
      if (alternative.end != position) {
        still_open.push_back(evaluation);
      } else if (alternative.IsBetterThan(evaluation.taken)) {
        rewards_.emplace_back(evaluation.shorter, -1);
        rewards_.emplace_back(evaluation.chunk, 1);
      } else {
        rewards_.emplace_back(evaluation.chunk, -1);
      }
    }
    *open = still_open;
  }

  void Inspect(const std::string& chunk, const std::string& left, const std::string& right) {
    const Context context = probation_.at(chunk).context;
    if (!options_.inspect_context || !context.has_value()) {
      probation_.erase(chunk);
      return;
    }
    if (left.empty() && right.empty() && context->first.empty() && context->second.empty()) return;
    const bool same_left = EndTheSame(left, context->first);
    const bool same_right = BeginTheSame(right, context->second);
    if (same_left) Memorize(left + chunk, {});
    if (same_right) Memorize(chunk + right, {});
    if (same_left || same_right) return;
    rewards_.emplace_back(chunk, -1);
    probation_.erase(chunk);
  }

  void Memorize(const std::string& unit, const Context& context) {
    if (options_.max_chunk_len != 0 && CountSymbols(options_.symbol, unit) > options_.max_chunk_len) return;
    if (ranks_.contains(unit)) return;
    ranks_.Add(unit, list_.size());
    list_.push_back(unit);
    probation_[unit] = {options_.life, context};
  }

  void Forget() {
    for (auto it = probation_.begin(); it != probation_.end();) {
      const bool is_forgotten = --it->second.life < 1;
      if (is_forgotten) std::erase(list_, it->first);
      it = is_forgotten ? probation_.erase(it) : std::next(it);
    }
  }

  void Rerank() {
    for (const auto& [unit, direction] : rewards_) {
      const auto found = std::find(list_.begin(), list_.end(), unit);
      if (found == list_.end() || found == list_.begin()) continue;
      const int64_t rank = found - list_.begin();
      const int64_t step =
          static_cast<int64_t>(std::floor(static_cast<double>(rank) * options_.update_rate)) + 1;
      const int64_t target = std::max<int64_t>(rank + direction * step, 0);
      list_.erase(found);
      if (target > static_cast<int64_t>(list_.size())) {
        probation_.erase(unit);
      } else {
        list_.insert(list_.begin() + target, unit);
      }
    }
    rewards_.clear();
  }

  void Mark() {
    const auto n = static_cast<size_t>(std::ceil(options_.out_rate * static_cast<double>(list_.size())));
    for (size_t i = list_.size() - n; i < list_.size(); ++i) probation_[list_[i]] = {options_.life, {}};
    ranks_.clear();
    for (size_t i = 0; i < list_.size(); ++i) ranks_.Add(list_[i], i);
  }

  const LibOptions options_;
  RandomStream random_;
  std::vector<std::string> list_;
  Ranks ranks_;  // of list_, as reading needs it
  std::map<std::string, Probation> probation_;
  std::vector<std::pair<std::string, int>> rewards_;
};

// Appends a chunk, or the two units that it is made of.
void Append(const std::string& chunk, const Ranks& ranks, bool decompose, std::vector<LibChunk>* chunks) {
  const uint64_t begin = chunks->empty() ? 0 : chunks->back().end;
  const auto rank_of = [&](std::string_view unit) {
    const auto found = ranks.find(unit);
    return found == ranks.end() ? kNoLibRank : static_cast<uint32_t>(found->second);
  };
  const uint32_t rank = rank_of(chunk);
  uint64_t best_sum = UINT64_MAX;
  size_t best_cut = 0;
  for (size_t cut = 1; decompose && rank != kNoLibRank && cut < chunk.size(); ++cut) {
    const uint64_t left = rank_of(std::string_view(chunk).substr(0, cut));
    const uint64_t right = rank_of(std::string_view(chunk).substr(cut));
    if (left >= rank || right >= rank || left + right >= best_sum) continue;
    best_sum = left + right;
    best_cut = cut;
  }
  if (best_cut == 0) {
    chunks->push_back({begin, begin + chunk.size(), rank});
    return;
  }
  chunks->push_back({begin, begin + best_cut, rank_of(std::string_view(chunk).substr(0, best_cut))});
  chunks->push_back(
      {begin + best_cut, begin + chunk.size(), rank_of(std::string_view(chunk).substr(best_cut))});
}

}  // namespace

LibLexicon TrainLibReference(std::span<const std::string_view> sentences, const LibOptions& options) {
  return ReferenceTrainer(options).Train(sentences);
}

std::vector<LibChunk> SegmentLibReference(const LibLexicon& lexicon, bool decompose, std::string_view text) {
  Ranks ranks;
  for (size_t i = 0; i < lexicon.units.size(); ++i) ranks.Add(lexicon.units[i], i);
  const auto take_longest = [&](Path* path) {
    path->Take(LongestAt(ranks, lexicon.symbol, text, path->end), ranks);
  };
  std::vector<LibChunk> chunks;
  for (size_t position = 0; position < text.size();) {
    Path longest{position, {}}, shorter{position, {}};
    take_longest(&longest);
    if (const auto units = UnitsAt(ranks, text.substr(position)); units.size() > 1) {
      shorter.Take(units[1], ranks);
      while (longest.end != shorter.end) take_longest(longest.end < shorter.end ? &longest : &shorter);
    }
    const Path& winner = !shorter.chunks.empty() && shorter.IsBetterThan(longest) ? shorter : longest;
    for (const std::string& chunk : winner.chunks) Append(chunk, ranks, decompose, &chunks);
    position = winner.end;
  }
  return chunks;
}

}  // namespace tok
