// train/unigram/seed_tokens.h: the tokens that Unigram training starts from.
//
// Model: a seed is a character, weighing how often it occurs in the text, or a string of 2 to max_length characters that
// occurs at two places or more in the unique pieces and is followed there by at least two different things (characters,
// or the end of a piece); it weighs places x length. Of the strings the heaviest are taken, of equal ones the last in
// byte order. Those are the inner nodes of a suffix tree over the unique pieces. A NUL is no character of any seed.
// Source: Kudo (2018), "Subword Regularization", section 3.2; which strings, weights and order: Hugging Face tokenizers
// 0.23.3, UnigramTrainer. There weights are 32-bit and wrap; here they do not.
// Algorithm: suffixes are sorted no deeper than max_length + 1 characters, by keys of as many characters as 64 bits hold
// (9 of an alphabet of 100, 4 of one of 8,000); equal keys are told apart by the next key. Neighbours' common prefixes
// then give the nodes (Abouelhoda, Kurtz, Ohlebusch (2004), "Replacing Suffix Trees with Enhanced Suffix Arrays").
// Cost: O(max_length / 4 * n log n) for n characters of any text; nothing recurses. Memory: about 9 bytes per character,
// 16 more for each of the commonest first character's places, and 12 per node.
// Threads: each first character's suffixes are one task. Determinism: the result does not depend on threads.
#ifndef TOK_SRC_TRAIN_UNIGRAM_SEED_TOKENS_H_
#define TOK_SRC_TRAIN_UNIGRAM_SEED_TOKENS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "src/train/unigram/sorted_pieces.h"

namespace tok {

// Strings in one block of memory.
class StringTable {
 public:
  void Reserve(size_t n_strings) { ends_.reserve(n_strings); }
  void Add(std::string_view string) {
    blob_ += string;
    ends_.push_back(blob_.size());
  }
  size_t size() const { return ends_.size(); }
  std::string_view operator[](size_t i) const {
    const uint64_t begin = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(blob_).substr(begin, ends_[i] - begin);
  }

 private:
  std::string blob_;
  std::vector<uint64_t> ends_;
};

struct SeedTokens {
  StringTable strings;          // in byte order, all different
  std::vector<double> weights;  // beside them
  std::vector<uint32_t>
      order;  // characters by falling count, then strings by falling weight; of equals the last first
  uint64_t n_keys = 0;  // made for sorting: the work done
};

struct SeedOptions {
  size_t max_length = 16;      // characters; at most kMaxSeedLength
  size_t max_seeds = 1000000;  // all characters are taken, and one string at least
  unsigned n_threads = 0;
  // Asked by several threads at once; after a no the seeds are not all there. May be empty.
  std::function<bool()> goes_on = nullptr;
};
inline constexpr size_t kMaxSeedLength = 128;

SeedTokens FindSeedTokens(const SortedPieces& pieces, const SeedOptions& options);

// The same by its definition: every substring in a map.
SeedTokens FindSeedTokensReference(const SortedPieces& pieces, const SeedOptions& options);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_UNIGRAM_SEED_TOKENS_H_
