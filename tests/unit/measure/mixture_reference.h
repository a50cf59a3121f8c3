// tests/unit/measure/mixture_reference.h: data mixture inference by definition: all pairs are counted anew before each merge, and
// the linear programme has all its rows at once.
#ifndef TOK_TESTS_UNIT_MEASURE_MIXTURE_REFERENCE_H_
#define TOK_TESTS_UNIT_MEASURE_MIXTURE_REFERENCE_H_

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "src/measure/mixture/linear_program.h"
#include "src/measure/mixture/merge_steps.h"
#include "src/train/bpe/symbol_text.h"
#include "tok/piece_counts.h"

namespace tok {

using TokenPair = std::pair<TokenId, TokenId>;
using PairCounts = std::map<TokenPair, uint64_t>;

// By time: how often each pair occurs before that merge.
inline std::vector<PairCounts> ReplayByRecounting(const PieceCounts& counts, const MergeSteps& merges) {
  std::vector<std::vector<TokenId>> pieces(counts.n_unique());
  for (size_t i = 0; i < pieces.size(); ++i) merges.Spell(counts[i].bytes, &pieces[i]);
  std::vector<PairCounts> times;
  for (const MergeSteps::Step& step : merges.steps()) {
    PairCounts& pairs = times.emplace_back();
    for (size_t i = 0; i < pieces.size(); ++i) {
      std::vector<TokenId> merged;
      for (size_t k = 0; k < pieces[i].size(); ++k) {
        const TokenId token = pieces[i][k];
        const TokenId next = k + 1 < pieces[i].size() ? pieces[i][k + 1] : SymbolText::kPieceEnd;
        if (token != SymbolText::kPieceEnd && next != SymbolText::kPieceEnd) {
          pairs[{token, next}] += counts[i].count;
        }
      }
      for (size_t k = 0; k < pieces[i].size(); ++k) {
        const bool is_pair =
            k + 1 < pieces[i].size() && pieces[i][k] == step.left && pieces[i][k + 1] == step.right;
        merged.push_back(is_pair ? step.token : pieces[i][k]);
        k += is_pair;
      }
      pieces[i] = std::move(merged);
    }
  }
  return times;
}

// The least misfit; with `fixed`, of a sample and its share, the least under that share.
inline double LeastMisfit(const MergeSteps& merges, const std::vector<std::vector<PairCounts>>& replays,
                          const std::vector<double>& sizes,
                          std::optional<std::pair<size_t, double>> fixed = std::nullopt) {
  LinearProgram program(1e-9);
  std::vector<LinearProgram::Term> sum;
  for (size_t i = 0; i < replays.size(); ++i) sum.push_back({program.AddColumn(0, 0, 1), 1});
  program.AddRow(sum, 1, 1);
  std::map<TokenPair, uint32_t> pair_columns;
  for (size_t t = 0; t < merges.steps().size(); ++t) {
    const TokenPair merged = {merges.steps()[t].left, merges.steps()[t].right};
    std::set<TokenPair> pairs;
    uint64_t n_merged = 0;
    for (const auto& replay : replays) {
      for (const auto& [pair, count] : replay[t]) pairs.insert(pair);
      if (const auto found = replay[t].find(merged); found != replay[t].end()) n_merged += found->second;
    }
    if (n_merged == 0 || merges.steps()[t].is_hand_added) continue;
    const uint32_t merge_column = program.AddColumn(1, 0, LinearProgram::kNoBound);
    for (const TokenPair& pair : pairs) {
      if (pair == merged) continue;
      const auto [column, is_new] = pair_columns.try_emplace(pair, 0);
      if (is_new) column->second = program.AddColumn(1, 0, LinearProgram::kNoBound);
      std::vector<LinearProgram::Term> terms = {{merge_column, 1}, {column->second, 1}};
      for (size_t i = 0; i < replays.size(); ++i) {
        const auto count = [&](const TokenPair& p) {
          const auto found = replays[i][t].find(p);
          return found == replays[i][t].end() ? 0.0 : static_cast<double>(found->second);
        };
        terms.push_back({static_cast<uint32_t>(i), 1e6 * (count(merged) - count(pair)) / sizes[i]});
      }
      program.AddRow(terms, 0, LinearProgram::kNoBound);
    }
  }
  if (fixed) program.SetBounds(static_cast<uint32_t>(fixed->first), fixed->second, fixed->second);
  return program.Solve().ok() ? program.objective() : -1;
}

}  // namespace tok

#endif  // TOK_TESTS_UNIT_MEASURE_MIXTURE_REFERENCE_H_
