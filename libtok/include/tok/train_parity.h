// tok/train_parity.h: trains parity-aware byte-pair encoding: one vocabulary for several languages, none far behind.
//
// Model: each step looks for the language that is compressed worst so far, takes the pair that is most frequent in it (of
// equals the smaller left id, then the smaller right one), and merges it in all languages. Compressed worst is, given parallel
// development texts, the language whose text takes the most tokens; without them, the one whose training text has the
// fewest symbols a token, divided by its ratio; of equals the first. Symbols are bytes, of which scripts need more or fewer for
// the same text: that is what ratios are for. Hybrid: the first n_global_merges are those of plain BPE
// over all training text together. Window: a language that had more than alpha times its share (1 in n) of the last
// `window` steps is passed over, so that one that cannot be helped starves no other. A language without a pair that is
// frequent enough is passed over too; training ends when all are. The result is a plain list of merges.
// Source: Foroutan, Meister, Paul, Niklaus, Ahmadi, Bosselut and Sennrich, 2025, "Parity-Aware Byte-Pair Encoding: Improving
// Cross-lingual Fairness in Tokenization". Their code stops where the worst language has no pair left.
// Errors: those of TrainBpe; TOK-E040 for counts that were not cut alike (what a document of a development text is does not
// matter), development texts of some languages only, and options that make no sense together.
// Cost: some ten times TrainBpe's. Memory: about 30 bytes a symbol of the different pieces of each language.
// Threads: one after the merges of all together. Determinism: the same result for any order of pieces.
// Example:
//   std::vector<tok::ParityLanguage> languages;
//   languages.push_back({.name = "eng", .counts = english, .dev = english_dev});
//   languages.push_back({.name = "ukr", .counts = ukrainian, .dev = ukrainian_dev});
//   auto trained = tok::TrainParity(languages, {.bpe = {.vocab_size = 50000}});
#ifndef TOK_TRAIN_PARITY_H_
#define TOK_TRAIN_PARITY_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"
#include "tok/train_bpe.h"

namespace tok {

struct ParityLanguage {
  std::string name;  // for messages and reports
  PieceCounts counts;
  std::optional<PieceCounts> dev;  // the same text in every language: all languages have one, or none
  // Without dev: how many more symbols a token than a language of ratio 1 it is to have. The length of the same text in both,
  // by one another, makes them about as costly.
  double ratio = 1;
};

struct ParityOptions {
  BpeTrainerOptions bpe;
  uint32_t n_global_merges = 0;
  uint32_t window = 0;  // steps; 0: no language is passed over for having had its share. The authors': 100
  uint32_t alpha = 2;   // at least 1
};

struct ParityTraining {
  struct Language {
    std::string name;
    uint64_t n_steps = 0;    // that were made for it
    uint64_t n_symbols = 0;  // of its training text
    uint64_t n_tokens = 0;   // the same in the end
    uint64_t n_dev_tokens = 0;
  };
  TokenizerSpec spec;
  BpeTrainingReport report;  // last_count: in the language that the last step was made for
  std::vector<Language> languages;
};

// The errors of TrainParity that are not of the counts: to be asked before text is counted, of languages without `counts` and
// with any `dev` where there will be one.
absl::Status CheckTrainerOptions(const ParityOptions& options, std::span<const ParityLanguage> languages);

absl::StatusOr<ParityTraining> TrainParity(std::span<const ParityLanguage> languages,
                                           const ParityOptions& options);

}  // namespace tok

#endif  // TOK_TRAIN_PARITY_H_
