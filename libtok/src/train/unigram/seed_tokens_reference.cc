#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string>

#include "src/train/unigram/seed_tokens.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

struct Occurrences {
  size_t n_characters = 0;
  uint64_t n_places = 0;
  uint64_t count = 0;  // in the whole text
  std::set<std::string> continuations;
};

void AddSubstrings(const CountedPiece& piece, size_t max_length,
                   std::map<std::string, Occurrences>* substrings) {
  std::vector<std::string> characters;  // an empty one for NUL and for the end
  for (size_t position = 0; position < piece.bytes.size();) {
    const DecodedChar c = DecodeUtf8(piece.bytes, position);
    characters.emplace_back(c.code_point == 0 ? std::string_view() : piece.bytes.substr(position, c.n_bytes));
    position += c.n_bytes;
  }
  characters.emplace_back();
  for (size_t begin = 0; begin < characters.size(); ++begin) {
    std::string string;
    for (size_t length = 1; length <= max_length && !characters[begin + length - 1].empty(); ++length) {
      string += characters[begin + length - 1];
      Occurrences& found = (*substrings)[string];
      found.n_characters = length;
      found.n_places += 1;
      found.count += piece.count;
      found.continuations.insert(characters[begin + length]);
    }
  }
}

}  // namespace

SeedTokens FindSeedTokensReference(const SortedPieces& pieces, const SeedOptions& options) {
  std::map<std::string, Occurrences> substrings;
  for (size_t i = 0; i < pieces.size(); ++i) AddSubstrings(pieces[i], options.max_length, &substrings);
  struct Seed {
    bool is_string;
    uint64_t weight;
    std::string_view bytes;
  };
  std::vector<Seed> seeds;
  for (const auto& [bytes, found] : substrings) {
    if (found.n_characters == 1) {
      seeds.push_back({false, found.count, bytes});
    } else if (found.continuations.size() >= 2) {
      seeds.push_back({true, found.n_places * found.n_characters, bytes});
    }
  }
  std::sort(seeds.begin(), seeds.end(), [](const Seed& a, const Seed& b) {
    if (a.is_string != b.is_string) return b.is_string;
    return a.weight != b.weight ? a.weight > b.weight : a.bytes > b.bytes;
  });
  const auto n_characters = static_cast<size_t>(
      std::count_if(seeds.begin(), seeds.end(), [](const Seed& seed) { return !seed.is_string; }));
  seeds.resize(std::min(seeds.size(), std::max(n_characters + 1, options.max_seeds)));
  std::vector<uint32_t> by_bytes(seeds.size());
  std::iota(by_bytes.begin(), by_bytes.end(), 0);
  std::sort(by_bytes.begin(), by_bytes.end(),
            [&](uint32_t a, uint32_t b) { return seeds[a].bytes < seeds[b].bytes; });
  SeedTokens tokens;
  tokens.order.resize(seeds.size());
  for (uint32_t id = 0; id < seeds.size(); ++id) {
    tokens.strings.Add(seeds[by_bytes[id]].bytes);
    tokens.weights.push_back(static_cast<double>(seeds[by_bytes[id]].weight));
    tokens.order[by_bytes[id]] = id;
  }
  return tokens;
}

}  // namespace tok
