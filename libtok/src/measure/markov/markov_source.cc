#include <algorithm>
#include <cmath>

#include "src/base/random_stream.h"
#include "src/base/strings.h"
#include "tok/measure_markov.h"

namespace tok {
namespace {

double BinaryEntropy(double x) { return -x * std::log2(x) - (1 - x) * std::log2(1 - x); }

}  // namespace

double MarkovSource::EntropyRate() const { return (p * BinaryEntropy(q) + q * BinaryEntropy(p)) / (p + q); }
double MarkovSource::CharacterEntropy() const { return BinaryEntropy(p / (p + q)); }

absl::StatusOr<std::string> GenerateMarkov(const MarkovSource& source, uint64_t n_symbols, uint64_t seed) {
  constexpr uint32_t kMaxOrder = 1 << 20;
  const auto is_probability = [](double x) { return x > 0 && x < 1; };
  if (!is_probability(source.p) || !is_probability(source.q) || source.order == 0 ||
      source.order > kMaxOrder) {
    return MakeError(ErrorCode::kUsage, Concat("source ", source.p, ",", source.q, ",", source.order),
                     "is none: probabilities lie between 0 and 1, orders from 1 to 2^20", "say 0.2,0.2,1");
  }
  RandomStream random(seed);
  std::string text;
  text.reserve(n_symbols);
  const double stationary = source.p / (source.p + source.q);
  for (uint64_t i = 0; i < n_symbols; ++i) {
    const double one = i < source.order                ? stationary
                       : text[i - source.order] == '0' ? source.p
                                                       : 1 - source.q;
    text += random.Chance(one) ? '1' : '0';
  }
  return text;
}

std::vector<std::string> LzwDictionary(std::string_view text, uint32_t size) {
  // Phrases as nodes of a binary trie; 0: there is none.
  struct Node {
    uint32_t children[2] = {0, 0};
    uint32_t parent;
    char symbol;
  };
  std::vector<Node> nodes = {{{1, 2}, 0, 0}, {{0, 0}, 0, '0'}, {{0, 0}, 0, '1'}};
  uint32_t at = 0;
  for (size_t i = 0; i < text.size() && nodes.size() <= size; ++i) {
    const unsigned symbol = text[i] == '1';
    if (nodes[at].children[symbol] != 0) {
      at = nodes[at].children[symbol];
      continue;
    }
    nodes[at].children[symbol] = static_cast<uint32_t>(nodes.size());
    nodes.push_back({{0, 0}, at, text[i]});
    at = 1 + symbol;  // the symbol that did not fit begins the next phrase
  }
  std::vector<std::string> phrases;
  for (uint32_t node = 1; node < nodes.size(); ++node) {
    std::string phrase;
    for (uint32_t n = node; n != 0; n = nodes[n].parent) phrase += nodes[n].symbol;
    phrases.emplace_back(phrase.rbegin(), phrase.rend());
  }
  return phrases;
}

}  // namespace tok
