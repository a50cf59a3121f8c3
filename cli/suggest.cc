#include "cli/suggest.h"

#include <algorithm>

namespace tok::cli {
namespace {

constexpr size_t kMaxWord = 64;  // longer words are no typing errors
constexpr size_t kMinBeginning = 3;

// Optimal string alignment distance (Damerau 1964, Levenshtein 1966).
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> two_back(b.size() + 1), back(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) back[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({back[j] + 1, row[j - 1] + 1, back[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], two_back[j - 2] + 1);
    }
    two_back.swap(back);
    back.swap(row);
  }
  return back[b.size()];
}

}  // namespace

std::string ClosestWord(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.size() > kMaxWord) return "";
  const auto begun = std::find_if(candidates.begin(), candidates.end(), [&](const std::string& candidate) {
    return word.size() >= kMinBeginning && candidate.starts_with(word);
  });
  if (begun != candidates.end()) return *begun;
  std::string best;
  size_t best_distance = SIZE_MAX;
  for (const std::string& candidate : candidates) {
    const size_t distance = EditDistance(word, candidate);
    if (distance < best_distance && distance <= std::max<size_t>(1, candidate.size() / 3)) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string Suggestion(std::string_view word, const std::vector<std::string>& candidates,
                       std::string_view otherwise) {
  const std::string closest = ClosestWord(word, candidates);
  return closest.empty() ? std::string(otherwise) : "did you mean " + closest + "?";
}

}  // namespace tok::cli
