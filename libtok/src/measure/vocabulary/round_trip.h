// measure/vocabulary/round_trip.h: what becomes of a token that is decoded and encoded again (tok/measure_vocabulary.h).
#ifndef TOK_SRC_MEASURE_VOCABULARY_ROUND_TRIP_H_
#define TOK_SRC_MEASURE_VOCABULARY_ROUND_TRIP_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "tok/measure_vocabulary.h"
#include "tok/tokenizer.h"

namespace tok {

// Immutable once made; `tokenizer` outlives it.
class RoundTrip {
 public:
  explicit RoundTrip(const Tokenizer& tokenizer);

  // Of an id that is no gap.
  VocabularyToken Classify(TokenId id) const;
  // By id.
  std::vector<SpecialFromText> SpecialsFromText() const;
  // Whether there is such an id, in the model or beside it.
  bool Exists(TokenId id) const { return tokenizer_.vocabulary().Contains(id) || added_.contains(id); }

 private:
  // Text around a token, and its ids. Decoded, the ids of the front are the text.
  struct Context {
    std::string front, back;
    std::vector<TokenId> front_ids, back_ids;
  };

  void AddContext(std::string_view front, std::string_view back);
  // No ids where the text cannot be encoded.
  std::vector<TokenId> IdsOf(std::string_view text, const SpecialPolicy& special) const;
  // What the token stands for behind the front.
  std::optional<std::string> TextIn(const Context& context, TokenId id) const;
  bool ComesBackIn(const Context& context, TokenId id) const;
  // What stands between the ids of the context, or all ids where they are others.
  std::vector<TokenId> BecomesIn(const Context& context, std::string_view text) const;
  void ClassifyAdded(const AddedToken& added, VocabularyToken* token) const;
  void ClassifyModelToken(VocabularyToken* token) const;
  void ClassifyText(VocabularyToken* token) const;
  bool IsUnknown(TokenId id) const;

  const Tokenizer& tokenizer_;
  const std::vector<TokenId> unknown_;  // sorted
  absl::flat_hash_map<TokenId, const AddedToken*> added_;
  std::vector<Context> contexts_;
  // Tokens are their bytes wherever they stand, and nothing is put before a text.
  bool is_the_same_everywhere_ = false;
};

}  // namespace tok

#endif  // TOK_SRC_MEASURE_VOCABULARY_ROUND_TRIP_H_
