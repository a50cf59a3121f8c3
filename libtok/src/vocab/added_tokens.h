// vocab/added_tokens.h: finds added tokens in text with one automaton.
//
// Model: leftmost-longest, non-overlapping, as Hugging Face's AddedVocabulary: two automata, one over raw text
// (normalized = false) and one over normalized text; lstrip/rstrip widen a match over white space but never into an
// earlier match; single_word drops a match next to a word character without retrying a shorter one. Under a policy
// that hides special tokens from matching, they are as absent.
// Cost: construction O(total bytes of contents); search O(text), independent of the number of tokens (100,000
// included): text that cannot start a token is skipped by a first-byte/first-bytes filter.
// Threads: immutable and shareable.
#ifndef TOK_SRC_VOCAB_ADDED_TOKENS_H_
#define TOK_SRC_VOCAB_ADDED_TOKENS_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "tok/status.h"
#include "tok/tokenizer_spec.h"
#include "tok/types.h"

namespace tok {

struct AddedMatch {
  size_t begin, end;  // byte range, white space eaten by lstrip/rstrip included
  uint32_t index;     // into the span of AddedToken given to Create
};

class AddedTokenMatcher {
 public:
  AddedTokenMatcher();
  ~AddedTokenMatcher();
  AddedTokenMatcher(AddedTokenMatcher&&) noexcept;
  AddedTokenMatcher& operator=(AddedTokenMatcher&&) noexcept;

  // `contents[i]` is what tokens[i] matches (the content, or the normalized content). Empty contents never match.
  static absl::StatusOr<AddedTokenMatcher> Create(std::span<const AddedToken> tokens,
                                                  std::span<const std::string_view> contents);

  bool empty() const;
  // First match at or after `from`; matches never start before `from` (nor does lstrip reach before it).
  // `skip_special`: special tokens do not take part. Returns false if there is none.
  bool FindNext(std::string_view text, size_t from, bool skip_special, AddedMatch* match) const;

 private:
  struct Automaton;
  std::unique_ptr<const Automaton> all_, without_special_;
};

}  // namespace tok

#endif  // TOK_SRC_VOCAB_ADDED_TOKENS_H_
