// tok/measure_compare.h: tokenizers side by side on one text: what they spend, where they cut, how steady they are.
//
// Model: every document is encoded by every tokenizer. All shares and means are over all text (micro averages); what there
// is nothing of is 0, agreement of nothing 1. A token covers the bytes of its span; a boundary is an end of a token inside
// the document, several at one place being one.
//   fertility       tokens that cover a byte of a word, each once, by words. Words: stretches between word boundaries (UAX 29,
//                   ICU's dictionaries for scripts without spaces) that hold a letter or a number. Below 1 where tokens
//                   reach over several words. `continued`: words with a boundary inside
//   Renyi           entropy of order alpha of the tokens' frequencies, by log of the vocabulary's size; alpha 2.5 and 1
//   use             ids that occur; ids that occur once; of all ids that are no gaps
//   partial         tokens that are one byte of a character of several
//   digits          runs of 4 ASCII digits and more: all in threes from the right, from the left (where the length is a multiple
//                   of three both), in single digits, other; `aligned`: a boundary at each thousand, perhaps more inside
//   identifiers     [XID_Start or _][XID_Continue]*: tokens that cover a byte of one; identifiers that one token covers;
//                   `clean`: none of whose tokens covers anything outside but white space
//   robustness      beside the same text with typos, in upper and in lower case: tokens by tokens, and F1 of boundaries, those
//                   of the text as it was carried over. Typos: in a share of words (drawn by `seed`) one letter is
//                   doubled, left out (not the only one) or changes places with the next
//   morphemes       boundaries inside words, encoded behind a space, beside boundaries of morphemes: precision, recall, F1
// Source: Rust et al., 2021, "How Good is Your Tokenizer?" (fertility, continued words); Zouhar et al., 2023, "Tokenization and
// the Noiseless Channel" (Renyi); Singh and Strouse, 2024, "Tokenization counts" (digits); Uzan et al., 2024, "Greed is
// All You Need" (morphemes); Saad et al., 2025, arXiv 2507.14423 (groups).
// Errors: those of encoding; TOK-E014 with file and line for bad morphemes.
// Cost: four encodings a tokenizer (one without robustness), and breaking text into words, some 50 ns a byte. Memory: the
// encodings of one Add by one tokenizer at a time, and some 24 bytes a token of the text; a count for every id.
// Threads: n_threads inside, calls one at a time. Determinism: the same for any number of threads and cut into Adds; words
// depend on the version of ICU's rules, nothing else on the machine.
// Example:
//   auto comparison = tok::TokenizerComparison::Create({{gpt2, {}}, {o200k, {}}}, {});
//   if (absl::Status s = comparison->Add(documents); !s.ok()) return s;
//   std::puts(tok::ComparisonJson(comparison->Report()).c_str());
#ifndef TOK_MEASURE_COMPARE_H_
#define TOK_MEASURE_COMPARE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok {

// Places of boundaries: found by one side, wanted by the other, and common to both.
struct BoundaryCounts {
  uint64_t n_found = 0, n_wanted = 0, n_shared = 0;
  double Precision() const;
  double Recall() const;
  double F1() const;
};

struct DigitGrouping {
  uint64_t n_runs = 0, n_from_right = 0, n_from_left = 0, n_single = 0, n_other = 0, n_aligned = 0;
};

struct IdentifierCounts {
  uint64_t n_identifiers = 0, n_tokens = 0, n_whole = 0, n_clean = 0;
};

struct Robustness {
  uint64_t n_tokens = 0;  // of the changed text
  BoundaryCounts boundaries;
};

struct TokenizerMeasures {
  std::string tokenizer;
  uint64_t n_vocabulary = 0;  // ids that are no gaps
  uint64_t n_tokens = 0;
  uint64_t n_word_tokens = 0, n_continued_words = 0;
  uint64_t n_partial = 0;
  DigitGrouping digits;
  IdentifierCounts identifiers;
  Robustness typos, upper, lower;
  BoundaryCounts morphemes;
  std::vector<uint64_t> counts;  // by id

  uint64_t UsedIds() const;
  uint64_t IdsUsedOnce() const;
  // Of order alpha > 0; 0 for a vocabulary of one token.
  double RenyiEfficiency(double alpha) const;
};

struct ComparisonReport {
  std::vector<TokenizerMeasures> tokenizers;
  uint64_t n_documents = 0, n_bytes = 0, n_chars = 0, n_words = 0;
  bool has_robustness = false;
  uint64_t n_typos = 0;
  uint64_t n_morpheme_words = 0;

  double BytesPerToken(size_t t) const;
  double CharsPerToken(size_t t) const;
  double Fertility(size_t t) const;
  double ContinuedWords(size_t t) const;
  double TokenRatio(size_t t, const Robustness& changed) const;
};

struct ComparedTokenizer {
  Tokenizer tokenizer;
  EncodeOptions encode;
};

struct CompareOptions {
  unsigned n_threads = 0;
  bool robustness = true;
  double typo_share = 0.1;  // of words with letters, 0 to 1
  uint64_t seed = 0;
  // If any: for each document, in order, and each tokenizer the groups of its tokens (GroupTokens).
  std::function<absl::Status(uint64_t document, size_t tokenizer, std::span<const uint32_t> groups)>
      use_groups;
};

class TokenizerComparison {
 public:
  // Errors: TOK-E040 for no tokenizers and a share outside 0 to 1.
  static absl::StatusOr<TokenizerComparison> Create(std::vector<ComparedTokenizer> tokenizers,
                                                    CompareOptions options);
  // Lines "WORD<TAB>MORPHEMES", morphemes separated by spaces or '+', which together spell the word; empty lines are none.
  // Errors: TOK-E014 at "place:line".
  absl::Status AddMorphemes(std::string_view lines, std::string_view place);
  absl::Status Add(std::span<const std::string_view> documents);
  const ComparisonReport& Report() const { return report_; }

 private:
  TokenizerComparison(std::vector<ComparedTokenizer> tokenizers, CompareOptions options)
      : tokenizers_(std::move(tokenizers)), options_(std::move(options)) {}

  std::vector<ComparedTokenizer> tokenizers_;
  CompareOptions options_;
  std::vector<std::vector<bool>> is_partial_;  // by tokenizer, by id
  ComparisonReport report_;
};

// A number for each token, from 0: tokens whose bytes (white space aside) lie in one identifier share theirs, every other
// token has its own. For models that put one state in place of those of a group. `spans` are in order of the text.
std::vector<uint32_t> GroupTokens(std::string_view text, std::span<const Span> spans);

// One object, without line end: {"schema":1,"comparison":[{"tokenizer","vocabulary","tokens","bytes_per_token",
// "characters_per_token","fertility","continued_words","renyi_2.5","renyi_1","ids_used","ids_used_once",
// "used_share","partial_character_tokens","partial_character_share","digits":{"runs","from_right","from_left","single",
// "other","aligned"},"identifiers":{"identifiers","tokens_per_identifier","one_token","clean"},
// "robustness":{"typos":{"token_ratio","boundary_f1"},"upper","lower"},"morphemes":{"words","precision","recall","f1"}}],
// "documents","bytes","characters","words","typos"}. Shares of digits and identifiers are of their runs and identifiers;
// "robustness", "typos" and "morphemes" are there where they were asked for.
std::string ComparisonJson(const ComparisonReport& report);

}  // namespace tok

#endif  // TOK_MEASURE_COMPARE_H_
