// Piece counts made of a list, for tests of trainers.
#ifndef TOK_TESTS_UNIT_TRAIN_COUNTED_PIECES_H_
#define TOK_TESTS_UNIT_TRAIN_COUNTED_PIECES_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tok/piece_counts.h"

namespace tok {

using CountedStrings = std::vector<std::pair<std::string, uint64_t>>;

inline PieceCounts PiecesOf(const CountedStrings& pieces, const PieceRules& rules) {
  struct Storage {
    std::string blob;
    std::vector<uint64_t> ends, counts;
  };
  auto storage = std::make_shared<Storage>();
  for (const auto& [bytes, count] : pieces) {
    storage->blob += bytes;
    storage->ends.push_back(storage->blob.size());
    storage->counts.push_back(count);
  }
  PieceCounts::Origin origin;
  origin.rules = rules;
  return PieceCounts(std::move(origin), storage->blob, storage->ends, storage->counts, storage);
}

inline PieceCounts TextPieces(const CountedStrings& pieces) {
  return PiecesOf(pieces, {.alphabet = VocabularyAlphabet::kText});
}

// Different strings of `alphabet`, up to max_length characters long.
inline CountedStrings RandomPieces(const std::vector<std::string>& alphabet, size_t n_pieces,
                                   size_t max_length, std::mt19937* random) {
  CountedStrings pieces;
  for (size_t i = 0; i < n_pieces; ++i) {
    std::string bytes;
    for (size_t length = 1 + (*random)() % max_length; length > 0; --length) {
      bytes += alphabet[(*random)() % alphabet.size()];
    }
    pieces.emplace_back(bytes, 1 + (*random)() % 9);
  }
  std::sort(pieces.begin(), pieces.end());
  const auto same = [](const auto& a, const auto& b) { return a.first == b.first; };
  pieces.erase(std::unique(pieces.begin(), pieces.end(), same), pieces.end());
  return pieces;
}

}  // namespace tok

#endif  // TOK_TESTS_UNIT_TRAIN_COUNTED_PIECES_H_
