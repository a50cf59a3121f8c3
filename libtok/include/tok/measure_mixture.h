// tok/measure_mixture.h: what mixture of texts a BPE tokenizer was trained on, inferred from the order of its merges.
//
// Model: at each step training merged the pair that was the most frequent in its text. Given a sample of each category that
// the text may have been made of, the shares are those under which that is true of every merge, or as nearly as can be:
//   minimise  sum_t v_t + sum_p v_p   subject to  sum_i share_i = 1,  share_i >= 0,  v >= 0,  and for each merge t, each pair p
//   sum_i share_i (c_i(t, merged pair) - c_i(t, p)) / size_i + v_t + v_p >= 0,
// where c_i(t, p) is how often p occurs in sample i once the merges before t are made. v_t forgives a merge, v_p a pair (one that
// training was not allowed to merge, for one). Rows are added as they are found broken, until none is.
// Source: Hayase, Liu, Choi, Oh and Smith, 2024, "Data Mixture Inference: What do BPE Tokenizers Reveal about their Training
// Data?". Unlike theirs, a pair of the tokens 0 and 0 is a pair like any other.
// Units: a share is of the bytes of text (MixtureOptions::size kBytes, of the documents as they were read) or of the pairs of
// neighbouring symbols before the first merge (kPairs). Misfits are in pairs per million of the same unit.
// What is not promised: that the answer is true where the text had categories without a sample, was weighted otherwise than by
// repeating it, or where the samples differ from it; sensitivity says how firmly the merges hold each share.
// Errors: TOK-E022 for a tokenizer that is no list of merges, TOK-E040 for samples and options that make no sense, TOK-E030 for
// more than 2^32 symbols in different pieces of one sample, TOK-E061 when progress says false.
// Cost: for 30,000 merges and 22 MB of samples half a minute of one core, most of it some forty solutions of the linear programme.
// Memory: while a sample is replayed, some 30 bytes a symbol of its different pieces; 24 bytes a change of a pair's count.
// Threads: a sample is replayed by one, several side by side; the programme is solved by one.
// Determinism: the same report for any number of threads.
// Example:
//   auto rules = tok::MixtureRules(spec);
//   std::vector<tok::MixtureSample> samples;
//   samples.push_back({"en", *tok::CountPieces({"en.txt"}, *rules, {})});
//   samples.push_back({"fr", *tok::CountPieces({"fr.txt"}, *rules, {})});
//   auto report = tok::MeasureMixture(spec, samples, {});
#ifndef TOK_MEASURE_MIXTURE_H_
#define TOK_MEASURE_MIXTURE_H_

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

struct MixtureSample {
  std::string name;
  PieceCounts
      counts;  // by MixtureRules; in kBytes, counts that do not say of how many bytes of text have those of their pieces
};

struct MixtureProgress {
  enum class Phase : uint8_t { kReplay, kSolve, kSensitivity };
  Phase phase = Phase::kReplay;
  uint64_t n_done = 0, n_all = 0;  // samples replayed; merges passed in the present sweep; shares moved
  uint64_t n_epochs = 0, n_rows = 0;
};

struct MixtureOptions {
  enum class Size : uint8_t { kBytes, kPairs };
  Size size = Size::kBytes;    // what shares are of
  uint32_t n_merges = 30'000;  // the first ones; all if there are fewer
  double tolerance = 1;        // by which a row may be broken, in pairs per million: the authors'
  double gap = 1e-2;           // of the misfit: how far it may be from its least value. 0: not at all
  unsigned n_threads = 0;      // 0: all that affinity and the cgroup quota allow
  // Asked after each sample, now and then in a sweep, and after each solution: false ends the work. One call at a time.
  std::function<bool(const MixtureProgress&)> progress;
};

struct MixtureReport {
  struct Share {
    std::string name;
    double share = 0;
    // By how much the misfit grows if the share is one thousandth smaller or larger, the others being free: the lesser of the two;
    // by the rows at hand, so at least that. 0: the merges do not hold it. Of a share of 0 or 1 the one way that it can go.
    double sensitivity = 0;
    uint64_t n_bytes = 0, n_pairs = 0;  // of the sample
  };
  MixtureOptions::Size size = MixtureOptions::Size::kBytes;
  std::vector<Share> shares;  // as the samples were given; their sum is 1
  double misfit = 0;          // the sum of both kinds of v
  double merge_misfit = 0, pair_misfit = 0;
  uint64_t n_epochs = 0, n_rows = 0;  // solutions; rows in the last of them
  uint64_t n_merges = 0;              // that took part, those below included
  // Merges that say nothing: of pairs that no sample has at that step, and of white space by hand: eight or more merges one
  // after the other that make runs of it, which no count orders so. By their tokens.
  struct Skipped {
    uint64_t n = 0;
    std::vector<std::string> first;  // at most 10: "LEFT RIGHT", as EscapePiece writes them
  };
  Skipped absent, hand_added;
  // In the list, but never applied: converters write every way to split a token. Left out before merges are counted.
  uint64_t n_redundant = 0;
};

// By what samples are to be counted: the tokenizer's own normalizer and splitter. Errors: TOK-E022, TOK-E023.
absl::StatusOr<PieceRules> MixtureRules(const TokenizerSpec& spec);

// Of two samples or more, of different names. Errors: as above, of samples with their name.
absl::StatusOr<MixtureReport> MeasureMixture(const TokenizerSpec& spec,
                                             std::span<const MixtureSample> samples,
                                             const MixtureOptions& options);

// {"schema":1,"shares":{NAME:x,...},"sensitivity":{NAME:x,...},"misfit":x,...}, without a line end.
std::string MixtureJson(const MixtureReport& report);

}  // namespace tok

#endif  // TOK_MEASURE_MIXTURE_H_
