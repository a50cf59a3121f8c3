// train/unigram/lattice.h: all ways to write one piece with the candidates: how often each is expected, and the best one.
//
// Model: a path is a row of tokens that spells the piece; its probability is the product of theirs. Expectation gives
// each token the share of all paths' probability that passes through it; BestPath gives the likeliest path, of equal
// ones (to 1e-9) the one whose tokens begin earlier, seen from the end.
// Source: Kudo (2018), "Subword Regularization"; forward-backward: Rabiner (1989), "A Tutorial on Hidden Markov Models".
// Numbers: sums are made of probabilities, not of their logarithms, held as a double times a power of 2^256, which no
// length of piece and no rarity takes out of range; scaling by powers of two rounds nothing.
// Cost: O(bytes x longest candidate) steps. Memory: 32 bytes per byte of the piece and 24 per token of a stretch of 4 KB.
// Threads: one object per thread. Requires: pieces are valid UTF-8.
#ifndef TOK_SRC_TRAIN_UNIGRAM_LATTICE_H_
#define TOK_SRC_TRAIN_UNIGRAM_LATTICE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "src/train/unigram/candidates.h"

namespace tok {

class Expectation {
 public:
  explicit Expectation(const Candidates& candidates) : candidates_(candidates) {}

  // Adds count x share of each candidate to expected[id], and returns the logarithm of all paths' probability. Unknown
  // tokens are not counted.
  double Add(std::string_view piece, uint64_t count, double* expected);

  uint64_t n_steps() const { return n_steps_; }  // in the trie, so far

 private:
  struct Scaled {  // value x 2^(256 exponent); 0: nothing yet
    double value = 0;
    int64_t exponent = 0;
  };
  struct Edge {
    uint32_t begin, end;
    uint32_t id;
    double probability;
  };
  static void Normalize(Scaled* sum);
  static void AddTo(Scaled* sum, double value, int64_t exponent);
  void Forward(std::string_view piece);
  void Backward(double scaled_count, int64_t exponent, double* expected);
  void FindEdges(std::string_view piece, size_t begin, size_t end);

  const Candidates& candidates_;
  std::vector<Scaled> forward_, backward_;  // by position: paths from the beginning, paths to the end
  std::vector<size_t> stretches_;           // where each begins
  std::vector<Edge> edges_;                 // of one stretch
  uint64_t n_steps_ = 0;
};

class BestPath {
 public:
  explicit BestPath(const Candidates& candidates) : candidates_(candidates) {}

  // The path's score; its tokens are in tokens(). `without_whole` leaves out the token that is all of the piece. Minus
  // infinity if there is no path.
  double Find(std::string_view piece, bool without_whole);

  const std::vector<uint32_t>& tokens() const { return tokens_; }  // kNoToken: unknown
  uint64_t n_steps() const { return n_steps_; }

 private:
  struct Place {
    double score = 0;
    uint32_t begin = kNoToken;  // of the last token; kNoToken: not reached
    uint32_t id = kNoToken;
  };

  const Candidates& candidates_;
  std::vector<Place> places_;
  std::vector<uint32_t> tokens_;
  uint64_t n_steps_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_UNIGRAM_LATTICE_H_
