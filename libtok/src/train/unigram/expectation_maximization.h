// train/unigram/expectation_maximization.h: one step that makes the text likelier under the candidates' scores.
//
// Model: each candidate's expected count over all ways to write each piece becomes its new score, digamma(count) -
// digamma(sum of counts), which favours few candidates with much of the mass; those expected less than half a time are
// dropped.
// Source: Kudo (2018), "Subword Regularization"; the digamma for the logarithm: Liang and Klein (2007), "Structured
// Bayesian Nonparametric Models with Variational Inference"; the half: Hugging Face tokenizers 0.23.3, UnigramTrainer.
// Determinism: the same bits for any number of threads.
#ifndef TOK_SRC_TRAIN_UNIGRAM_EXPECTATION_MAXIMIZATION_H_
#define TOK_SRC_TRAIN_UNIGRAM_EXPECTATION_MAXIMIZATION_H_

#include <cstdint>

#include "src/train/unigram/candidates.h"
#include "src/train/unigram/sorted_pieces.h"

namespace tok {

struct StepResult {
  double loss = 0;  // minus the mean logarithm of a piece's probability, before the step
  uint64_t n_steps = 0;
};

StepResult MaximizeExpectation(const SortedPieces& pieces, unsigned n_threads, Candidates* candidates);

// The derivative of the logarithm of the gamma function, to 1e-10; x > 0. The series is as long as the peers'.
double Digamma(double x);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_UNIGRAM_EXPECTATION_MAXIMIZATION_H_
