// tok/measure_markov.h: what tokens do for a model that knows nothing but how often each occurs: text of a Markov source, its
// entropy, and the loss of the best such model over tokens and over characters.
//
// Model: a switching source of order k writes 0 and 1: each symbol depends on the one k places before it, P(1 | 0) = p and
// P(0 | 1) = q. Stationary: P(0) = q / (p + q), P(1) = p / (p + q). With h the binary entropy, in bits:
//   entropy rate        (p h(q) + q h(p)) / (p + q)    no model can lose less a symbol
//   character entropy   h(p / (p + q))                 what the best unigram model of characters loses
// A dictionary is built from a first text and segments a second one. The loss of a unigram model over tokens, in bits a symbol
// of the second text: plug-in, with the second text's own token frequencies, (tokens / symbols) times their entropy; held out,
// with the first text's frequencies plus one each.
// Dictionaries of d tokens, the two symbols included:
//   lzw  the first d phrases of an LZW parse; segments by longest-prefix or fewest-tokens
//   bpe  byte-pair encoding of the text as one piece; segments by merges, longest-prefix or fewest-tokens
// Source: Rajaraman, Jiao and Ramchandran, 2024, "Toward a Theory of Tokenization in LLMs". Its theorem: LZW (or a sequential
// BPE) dictionaries of d tokens reach the entropy rate but for a factor 1 / (1 - epsilon), epsilon ~ 1 / log d.
// Errors: TOK-E040 for what is no source or no size. Cost: a training and an encoding of n_symbols each for each size.
// Determinism: by the seed, the same on every machine. Threads: training uses n_threads.
// Example:
//   auto report = tok::MeasureMarkov({.sources = {{.p = 0.2, .q = 0.2}}});
//   std::puts(tok::MarkovJson(*report).c_str());
#ifndef TOK_MEASURE_MARKOV_H_
#define TOK_MEASURE_MARKOV_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"

namespace tok {

struct MarkovSource {
  double p = 0.2, q = 0.2;  // above 0 and below 1
  uint32_t order = 1;       // k >= 1

  double EntropyRate() const;
  double CharacterEntropy() const;
};

// n_symbols of '0' and '1'; the first k are drawn from the stationary distribution. Errors: TOK-E040.
absl::StatusOr<std::string> GenerateMarkov(const MarkovSource& source, uint64_t n_symbols, uint64_t seed);

struct MarkovOptions {
  std::vector<MarkovSource> sources = {{0.2, 0.2, 1}, {0.8, 0.8, 1}, {0.1, 0.3, 1}};
  std::vector<uint32_t> sizes = {2, 16, 64, 256, 1024};  // 2 to 2^20
  uint64_t n_symbols = 200000;                           // of each of the two texts; to 2^30
  uint64_t seed = 0;
  unsigned n_threads = 0;
  // Asked now and then: false ends the work with TOK-E061. May be empty.
  std::function<bool()> goes_on;
};

struct MarkovPoint {
  uint32_t size = 0;      // wanted
  uint32_t n_tokens = 0;  // in the dictionary: fewer where the text gave no more
  uint64_t n_encoded = 0;
  double loss = 0, held_out_loss = 0;  // bits a symbol
};

struct MarkovCurve {
  std::string dictionary, scheme;
  std::vector<MarkovPoint> points;
};

struct MarkovResult {
  MarkovSource source;
  std::vector<MarkovCurve> curves;
};

struct MarkovReport {
  uint64_t n_symbols = 0;
  std::vector<MarkovResult> sources;
};

absl::StatusOr<MarkovReport> MeasureMarkov(const MarkovOptions& options);

// The first `size` phrases of an LZW parse of `text`, its two symbols first; fewer if the text ends before.
std::vector<std::string> LzwDictionary(std::string_view text, uint32_t size);

// One object, without line end: {"schema":1,"symbols","sources":[{"p","q","order","entropy_rate","character_entropy",
// "curves":[{"dictionary","scheme","points":[{"size","tokens","encoded","loss","held_out_loss"}]}]}]}.
std::string MarkovJson(const MarkovReport& report);

}  // namespace tok

#endif  // TOK_MEASURE_MARKOV_H_
