#include "src/train/unigram/seed_tokens.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "src/base/parallel.h"
#include "src/train/unigram/repeated_strings.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// The unique pieces as one text of symbols. Symbols are the characters in order of their code points, from 1 on; 0 ends
// a piece.
struct SymbolText {
  std::vector<uint32_t> symbols;
  std::vector<char32_t> characters;  // by symbol; [0] is NUL
  std::vector<uint64_t> counts;      // by symbol, in the whole text
};

SymbolText MakeSymbolText(const SortedPieces& pieces) {
  SymbolText text;
  text.symbols.reserve(pieces.n_bytes() + pieces.size());
  std::vector<uint64_t> counts(kInvalidByte);  // by code point
  for (size_t i = 0; i < pieces.size(); ++i) {
    const CountedPiece piece = pieces[i];
    for (size_t position = 0; position < piece.bytes.size();) {
      const DecodedChar c = DecodeUtf8(piece.bytes, position);
      text.symbols.push_back(c.code_point);
      counts[c.code_point] += piece.count;
      position += c.n_bytes;
    }
    text.symbols.push_back(0);
  }
  std::vector<uint32_t> symbol_of(kInvalidByte);
  counts[0] = 0;  // NUL is an end like that of a piece
  for (char32_t c = 0; c < kInvalidByte; ++c) {
    if (c != 0 && counts[c] == 0) continue;
    symbol_of[c] = static_cast<uint32_t>(text.characters.size());
    text.characters.push_back(c);
    text.counts.push_back(counts[c]);
  }
  for (uint32_t& symbol : text.symbols) symbol = symbol_of[symbol];
  return text;
}

struct Seed {
  uint64_t weight;
  uint32_t begin;  // of its suffixes in sorted order
  uint32_t depth;
};

bool IsBeforeInBytes(const Seed& a, const Seed& b) {
  return std::tie(a.begin, a.depth) < std::tie(b.begin, b.depth);
}
bool IsTakenBefore(const Seed& a, const Seed& b) {
  return a.weight != b.weight ? a.weight > b.weight : IsBeforeInBytes(b, a);
}

// Every string's seed, by its first symbol.
std::vector<Seed> FindStrings(RepeatedStrings* repeated, size_t n_symbols, const SeedOptions& options,
                              uint64_t* n_keys) {
  std::vector<RepeatedStrings::Found> found(n_symbols);
  ParallelFor(n_symbols, options.n_threads, [&](size_t symbol) {
    if (options.goes_on && !options.goes_on()) return;
    if (symbol > 0) found[symbol] = repeated->Find(static_cast<uint32_t>(symbol));
  });
  std::vector<Seed> seeds;
  seeds.reserve(std::accumulate(found.begin(), found.end(), size_t{0},
                                [](size_t n, const auto& part) { return n + part.strings.size(); }));
  for (RepeatedStrings::Found& part : found) {
    *n_keys += part.n_keys;
    for (const RepeatedString& string : part.strings) {
      seeds.push_back({uint64_t{string.n_places} * string.depth, string.begin, string.depth});
    }
    part = {};
  }
  return seeds;
}

// Those taken, in the order of taking.
std::vector<Seed> ChooseSeeds(std::vector<Seed> characters, std::vector<Seed> strings, size_t max_seeds) {
  const size_t n_left = max_seeds > characters.size() ? max_seeds - characters.size() : 1;
  if (strings.size() > n_left) {
    std::nth_element(strings.begin(), strings.begin() + static_cast<ptrdiff_t>(n_left), strings.end(),
                     IsTakenBefore);
    strings.resize(n_left);
  }
  std::sort(characters.begin(), characters.end(), IsTakenBefore);
  std::sort(strings.begin(), strings.end(), IsTakenBefore);
  characters.insert(characters.end(), strings.begin(), strings.end());
  return characters;
}

}  // namespace

SeedTokens FindSeedTokens(const SortedPieces& pieces, const SeedOptions& options) {
  SeedTokens tokens;
  const SymbolText text = MakeSymbolText(pieces);
  const size_t n_symbols = text.characters.size();
  RepeatedStrings repeated(text.symbols, static_cast<uint32_t>(n_symbols - 1), options.max_length);
  std::vector<Seed> strings = FindStrings(&repeated, n_symbols, options, &tokens.n_keys);
  std::vector<Seed> characters;
  for (uint32_t symbol = 1; symbol < n_symbols; ++symbol) {
    characters.push_back({text.counts[symbol], repeated.Begin(symbol), 1});
  }
  const std::vector<Seed> seeds = ChooseSeeds(std::move(characters), std::move(strings), options.max_seeds);
  std::vector<uint32_t> by_bytes(seeds.size());
  std::iota(by_bytes.begin(), by_bytes.end(), 0);
  std::sort(by_bytes.begin(), by_bytes.end(),
            [&](uint32_t a, uint32_t b) { return IsBeforeInBytes(seeds[a], seeds[b]); });
  tokens.strings.Reserve(seeds.size());
  tokens.order.resize(seeds.size());
  std::string bytes;
  for (uint32_t id = 0; id < seeds.size(); ++id) {
    const Seed& seed = seeds[by_bytes[id]];
    bytes.clear();
    for (uint32_t i = 0; i < seed.depth; ++i) {
      AppendUtf8(text.characters[text.symbols[repeated.suffixes()[seed.begin] + i]], &bytes);
    }
    tokens.strings.Add(bytes);
    tokens.weights.push_back(static_cast<double>(seed.weight));
    tokens.order[by_bytes[id]] = id;
  }
  return tokens;
}

}  // namespace tok
