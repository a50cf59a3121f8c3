// vocab/added_tokens.h: finds added tokens in text with one automaton.
//
// Model: the search of Hugging Face's AddedVocabulary (tokenizers 0.23): leftmost-longest, non-overlapping
// matches of the contents, then per match, in this order:
//   - special tokens are dropped under `skip_special` (what `encode_special_tokens` does there);
//   - single_word drops a match next to a word character (\w of the Unicode profile);
//   - lstrip widens over the white space before it, never past the end of the match before;
//   - rstrip widens over the white space after it.
// A dropped match is not retried with a shorter token or from its second byte: the search goes on at its end.
// The search also goes on at the end of the CONTENT, so a token may match inside white space that the match
// before ate; its range then begins before that match's end, as in the peer. A match with nothing left of its
// range (an lstrip token wholly inside eaten white space) is dropped; the peer does so too, or panics.
// Among equal contents (tokens that become equal by normalization) the last one wins, special tokens coming
// first in that order.
// tiktoken picks among special tokens of which one is a prefix of another by the iteration order of a hash
// table, which depends on the whole set; libtok takes the longest. No published encoding has such tokens.
// Text may hold invalid UTF-8; an invalid byte is neither white space nor a word character.
// Callers keep two matchers: one over raw text (normalized = false) and one over each normalized rest.
//
// Errors: TOK-E030 if the contents together exceed 2 GiB.
// Cost: construction O(total bytes of contents). A scan is O(text) whatever the tokens are, the worst case
// included (see token_automaton.h); text that cannot begin a token is skipped at memory speed.
// Threads: a matcher is immutable and shareable; a scan belongs to one thread, borrows matcher and text.
// Example:
//   AddedTokenScan scan(matcher, text, /*skip_special=*/false);
//   size_t done = 0;
//   for (AddedMatch match; scan.Next(&match); done = match.end) {
//     if (done < match.begin) Segment(text.substr(done, match.begin - done));
//     Token(tokens[match.index].id);
//   }
//   if (done < text.size()) Segment(text.substr(done));
#ifndef TOK_SRC_VOCAB_ADDED_TOKENS_H_
#define TOK_SRC_VOCAB_ADDED_TOKENS_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "src/vocab/token_automaton.h"
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
  AddedTokenMatcher() = default;

  // `contents[i]` is what tokens[i] matches (the content, or the normalized content). Empty contents never
  // match.
  static absl::StatusOr<AddedTokenMatcher> Create(std::span<const AddedToken> tokens,
                                                  std::span<const std::string_view> contents);

  // No token can ever match.
  bool empty() const { return automaton_ == nullptr; }

  // Whether scans of text[0, at) and of text[at, ...) surely find what a scan of the whole text finds. Never so of tokens
  // that look at what is beside them, or have more than kMaxCutContent bytes.
  bool CanCut(std::string_view text, size_t at) const;
  bool CanEverCut() const { return max_content_ <= kMaxCutContent; }

 private:
  friend class AddedTokenScan;

  static constexpr size_t kMaxCutContent = 256;

  enum Flag : uint8_t { kSingleWord = 1, kLstrip = 2, kRstrip = 4, kSpecial = 8 };

  std::shared_ptr<const TokenAutomaton> automaton_;  // null if empty()
  std::vector<uint8_t> flags_;                       // per token, Flag bits
  bool all_special_ = true;
  size_t max_content_ = 0;  // bytes; SIZE_MAX if a token looks beside it
};

// One pass over one text (for the peer: one segment; "start of text" and "end of text" are those of `text`).
class AddedTokenScan {
 public:
  AddedTokenScan(const AddedTokenMatcher& matcher, std::string_view text, bool skip_special, size_t from = 0);

  // The next match in order of its content's position. False at the end.
  bool Next(AddedMatch* match);

 private:
  bool NextToWordCharacter(size_t begin, size_t end) const;
  size_t SkipSpaceBackward(size_t begin, size_t limit) const;
  size_t SkipSpaceForward(size_t end);

  const AddedTokenMatcher& matcher_;
  std::string_view text_;
  bool skip_special_;
  size_t previous_end_;  // end of the previous match, eaten white space included
  // A run of white space already measured: a hostile text with a space token that has rstrip would ask for
  // the end of the same run from each of its bytes.
  size_t space_begin_ = 0, space_end_ = 0;
  TokenAutomaton::Scan scan_;
};

}  // namespace tok

#endif  // TOK_SRC_VOCAB_ADDED_TOKENS_H_
