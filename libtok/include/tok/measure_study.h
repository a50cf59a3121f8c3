// tok/measure_study.h: tokenizers of one language each, at every vocabulary size: how many tokens the same content takes in
// each, and which sizes would make it the same number.
//
// Model: a language's BPE tokenizer is trained once, to the largest size; with fewer tokens it is the same tokenizer without its last
// merges (PrefixCut), so one training gives every size. Its corpus token count (CTC) at a size is the number of tokens of
// the parallel text in that language, over the items that every language of the study has. Through the counts at the sizes
// asked for goes a power law, CTC(V) = a V^-b + c (least squares). For a target of T tokens each language gets the size at which its
// law predicts T, at least the smallest size and at most the largest one: what that size really gives is counted.
// Spread of a set of counts: the variance over languages, of n - 1; the reduction is the variance at the common size over the one at
// the predicted sizes.
// Superwords, if asked for: at each size a SuperBPE tokenizer too (Liu et al., 2025), whose last tenth of tokens are superwords; its
// counts, and their variance at the common size, stand beside.
// Source: Arnett, Chang, Biderman and Bergen, 2025, "Explaining and Mitigating Crosslingual Tokenizer Inequities", which does
// not say how counts were fitted.
// Errors: TOK-E040 for fewer than two languages or three sizes, for a language that the parallel text does not have, for no item
// in common; those of training and encoding, with the language's name.
// Cost: a training a language, and an encoding of its parallel text a size and target. Memory: that of one training at a time.
// Threads: n_threads. Determinism: the same report for any number of them.
// Example:
//   std::vector<tok::StudyLanguage> languages;
//   languages.push_back({"eng", *tok::CountPieces({"eng.txt"}, *tok::ByteLevelRules("o200k"), {})});
//   auto report = tok::MeasureStudy(languages, *tok::ReadParallelText({{"", "udhr.jsonl.zst"}}), {});
#ifndef TOK_MEASURE_STUDY_H_
#define TOK_MEASURE_STUDY_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tok/parallel_text.h"
#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/tokenizer.h"
#include "tok/tokenizer_spec.h"

namespace tok {

struct StudyLanguage {
  std::string name;  // as in the parallel text
  PieceCounts counts;
  std::vector<std::string> inputs;  // the same text as files, for superwords
};

struct StudyOptions {
  std::vector<uint32_t> sizes = {1024, 2048, 4096, 8192, 16384, 32768};  // ascending
  uint32_t common_size = 8192;  // with which predicted sizes are compared; one of `sizes`
  uint32_t n_targets =
      24;  // tried between the least count at the largest size and the greatest at the smallest
  EncodeOptions encode = {.special = SpecialPolicy::Text()};  // of the parallel text
  std::optional<CountPiecesOptions> superwords;               // how inputs are read; absent: no superwords
  unsigned n_threads = 0;  // 0: all that affinity and the cgroup quota allow
  // Called after each training; false ends the study with TOK-E061. May be empty.
  std::function<bool(uint64_t n_trained, uint64_t n_languages)> progress;
};

struct StudyPoint {
  uint32_t size = 0;      // asked for
  uint32_t n_tokens = 0;  // of the tokenizer: fewer where no pair was left to merge
  uint64_t count = 0;     // tokens of the parallel text
};

struct PowerLaw {
  double a = 0, b = 0, c = 0, rmse = 0;
  double At(double size) const;
  // The size at which it is `count`; infinite where it never gets so low.
  double SizeOf(double count) const;
};

// b >= 0 and c >= 0. Of three points or more, of different sizes.
PowerLaw FitPowerLaw(std::span<const StudyPoint> points);

struct StudyCurve {
  std::string language;
  uint64_t n_bytes = 0;  // of the parallel text
  std::vector<StudyPoint> points;
  std::vector<StudyPoint> superwords;  // of the same sizes, if asked for
  PowerLaw law;
};

struct StudyTarget {
  double target = 0;                // tokens
  std::vector<StudyPoint> choices;  // by language: the predicted size, and what it gives
  double variance = 0;
  double rmse = 0;           // of the counts around the target, over languages whose size is no limit
  uint64_t n_at_limits = 0;  // languages
};

struct StudyReport {
  uint64_t n_items = 0;  // of the parallel text, that all languages have
  std::vector<StudyCurve> curves;
  uint32_t common_size = 0;
  double common_variance = 0;
  std::optional<double> superword_variance;  // at the common size, if asked for
  std::vector<StudyTarget> targets;          // ascending
  size_t best = 0;                           // of the targets, the one of the least variance

  double Reduction()
      const;  // common_variance over the best target's; infinite (in JSON null) where that is 0
};

absl::StatusOr<StudyReport> MeasureStudy(std::span<const StudyLanguage> languages, const ParallelText& text,
                                         const StudyOptions& options);

// What TrainBpe would have given for `n_tokens`, out of what it gave for more, by the same options without whole tokens
// or padding. Errors: TOK-E022 for a tokenizer whose last tokens are not those of its merges, in order.
absl::StatusOr<TokenizerSpec> PrefixCut(const TokenizerSpec& trained, uint32_t n_tokens);

// One object, without line end: {"schema":1,"items","common_size","common_variance"[,"superword_variance"],"reduction","curves":[{"language","bytes",
// "points":[{"size","tokens","count"}][,"superwords":[...]],"law":{"a","b","c","rmse"}}],"targets":[{"target","variance","rmse","at_limits",
// "choices":[{"language","size","count"}]}],"best"}.
std::string StudyJson(const StudyReport& report);

}  // namespace tok

#endif  // TOK_MEASURE_STUDY_H_
