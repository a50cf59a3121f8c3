// tok/measure_vocabulary.h: which tokens of a vocabulary text can reach, and which a corpus leaves aside.
//
// Model: each token is decoded and the text encoded again. A token is reached if the text comes back as it alone: standing
// alone, or in the midst of a text, behind and before characters that take no part ("«", or rare letters where a token
// only ever continues a word): there nothing is put before it or stripped off it because a text begins or ends. Model
// tokens are encoded with special tokens as text, added ones as themselves. Classes:
//   ok                   the token comes back
//   ok_special           special, and found in text where that is allowed; or the unknown token
//   added                an added token that is not special, and is found in text
//   byte                 one byte that is no character: of byte fallback, or of a byte-level alphabet
//   unreachable_single   another token comes back
//   unreachable_multi    several come back, or none
//   unreachable_special  special, control or unused, or spelled <...> or [...], and no text gives it
//   undecodable          the bytes are no whole characters, so that no text of its own tells
// `becomes` is what the text gives: standing alone where tokens are their bytes wherever they stand, else after "«".
// Specials out of plain text: special tokens whose id comes out of text that is encoded with special tokens as text: out of
// their content, its fullwidth forms, or its upper or lower case.
// Duplicates: tokens with the same characters after NFKC (Unicode 9) and lower case; and those equal up to one space in front.
// With a corpus (Add): `unused` are ordinary tokens that occur less than min_count times; residue are those of them that
// merging passes through on the way to tokens that are used, n_inside times (BPE only).
// Source: Land and Bartolo, 2024, "Fishing for Magikarp: Automatically Detecting Under-trained Tokens in Large Language
// Models" (the classes); LiteToken, 2026, arXiv 2602.04706 (merge residue).
// Errors: those of encoding, of documents. TOK-E022 where merges cannot be retraced.
// Cost: some encodings a token, linear in the vocabulary; O(n log n) in a token. Memory: the tokens as text, twice or so.
// Threads: n_threads inside, calls one at a time. Determinism: the same for any number of threads and cut into Adds.
// Not promised: that an ok token is of use to a model; that an unreachable one is never seen by one (ids may be made otherwise).
// Example:
//   auto measurement = tok::VocabularyMeasurement::Create(tokenizer, {});
//   auto report = measurement->Report();
//   std::puts(tok::VocabularyJson(*report, {}).c_str());
#ifndef TOK_MEASURE_VOCABULARY_H_
#define TOK_MEASURE_VOCABULARY_H_

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/tokenizer.h"
#include "tok/types.h"

namespace tok {

enum class TokenClass : uint8_t {
  kOk,
  kOkSpecial,
  kAdded,
  kByte,
  kUnreachableSingle,
  kUnreachableMulti,
  kUnreachableSpecial,
  kUndecodable,
};
inline constexpr size_t kNTokenClasses = 8;
std::string_view TokenClassName(TokenClass token_class);

struct VocabularyToken {
  TokenId id = kNoToken;
  TokenClass token_class = TokenClass::kOk;
  bool only_in_context = false;  // ok, but not standing alone
  std::string bytes;             // what it stands for in the midst of a text; of added tokens the content
  std::vector<TokenId> becomes;  // of tokens that do not come back
  uint64_t n_used = 0;           // in the corpus
  uint64_t n_inside = 0;         // uses of tokens that are made of it by merging
  bool is_unused = false, is_residue = false;

  // Listed even where not all tokens are asked for.
  bool IsRemarkable() const { return token_class >= TokenClass::kUnreachableSingle || is_residue; }
};

// A text that is no special token to the caller, and gives one.
struct SpecialFromText {
  TokenId id;
  std::string text;
};

// Over tokens that are neither special nor added nor bytes; characters and what follows: without undecodable ones.
struct VocabularyStatistics {
  uint64_t n_ordinary = 0, n_spelled = 0;               // with undecodable ones, and without
  std::map<uint64_t, uint64_t> n_of_bytes, n_of_chars;  // tokens by length
  // By the script of most of its characters, Common, Inherited and Unknown aside (of equals the first by name); else "Common".
  std::map<std::string, uint64_t> n_of_script;
  uint64_t n_leading_space = 0;  // begin with U+0020
  uint64_t n_numeric = 0;        // numbers (N) alone, perhaps behind a space
  uint64_t n_white_space = 0;    // White_Space alone

  double MeanBytes() const;
  double MeanChars() const;
};

struct VocabularyReport {
  std::string tokenizer;
  uint64_t n_ids = 0, n_tokens = 0;  // one more than the largest id; without gaps
  std::array<uint64_t, kNTokenClasses> n_of_class{};
  uint64_t n_only_in_context = 0;
  std::vector<VocabularyToken> tokens;  // all, by id
  std::vector<SpecialFromText> specials_from_text;
  // Groups of two ids and more, each sorted, by their first.
  std::vector<std::vector<TokenId>> same_normal_form, same_but_space;
  VocabularyStatistics statistics;

  bool has_corpus = false;
  uint64_t n_documents = 0, n_corpus_bytes = 0, n_corpus_tokens = 0, min_count = 1;
  uint64_t n_unused = 0, n_residue = 0;
};

struct VocabularyOptions {
  uint64_t min_count = 1;  // tokens that occur less often are unused
  unsigned n_threads = 0;
};

class VocabularyMeasurement {
 public:
  static absl::StatusOr<VocabularyMeasurement> Create(const Tokenizer& tokenizer,
                                                      const VocabularyOptions& options);

  // Counts the tokens of a corpus, which may come in any number of calls.
  absl::Status Add(std::span<const std::string_view> documents, const EncodeOptions& encode);
  absl::StatusOr<VocabularyReport> Report() const;

 private:
  VocabularyMeasurement(const Tokenizer& tokenizer, const VocabularyOptions& options)
      : tokenizer_(tokenizer), options_(options) {}

  Tokenizer tokenizer_;
  VocabularyOptions options_;
  VocabularyReport report_;
  std::vector<uint64_t> counts_;  // by id
};

struct VocabularyJsonOptions {
  bool all = false;  // all tokens, and the members of groups of duplicates
};

// One object, without line end: {"schema":1,"tokenizer","vocabulary":{"ids","tokens",<class>...,"only_in_context"},
// "statistics":{"ordinary","bytes":{"mean","lengths":[[length,tokens],...]},"characters":{...},"scripts":{name:tokens},
// "leading_space","numeric","white_space"},"specials_from_text":[{"id","token","text"}],
// "duplicates":{"normal_form":{"groups","ids"[,"members"]},"leading_space":{...}},
// "corpus":{"documents","bytes","tokens","min_count","unused","residue"} (with a corpus),
// "tokens":[{"id","token","class","becomes":[ids][,"bytes"][,"only_in_context"][,"used","inside","residue"]}]}.
// "token" has U+FFFD for invalid parts; then "bytes" is all of it in hexadecimal.
std::string VocabularyJson(const VocabularyReport& report, const VocabularyJsonOptions& options);

// For people and CSV: control characters and backslashes escaped, and invalid bytes as \xHH.
std::string EscapeToken(std::string_view bytes);

}  // namespace tok

#endif  // TOK_MEASURE_VOCABULARY_H_
