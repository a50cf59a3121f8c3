// train/bpe/growing_vocabulary.h: the tokens and merges of a training under way.
#ifndef TOK_SRC_TRAIN_BPE_GROWING_VOCABULARY_H_
#define TOK_SRC_TRAIN_BPE_GROWING_VOCABULARY_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "src/base/strings.h"
#include "tok/tokenizer_spec.h"
#include "tok/types.h"
#include "tok/vocabulary.h"

namespace tok {

class GrowingVocabulary {
 public:
  // `tokens` are one symbol long. `prefix`: continuing_subword_prefix, which the right side of a merge loses.
  GrowingVocabulary(const std::vector<std::string>& tokens, std::string prefix)
      : tokens_(tokens), lengths_(tokens.size(), 1), prefix_(std::move(prefix)) {
    for (TokenId id = 0; id < tokens_.size(); ++id) ids_.emplace(tokens_[id], id);
  }
  // What a byte-level tokenizer has: ids may be missing, and tokens may be nothing that merging makes.
  GrowingVocabulary(const Vocabulary& vocabulary, std::vector<Merge> merges) : merges_(std::move(merges)) {
    for (TokenId id = 0; id < vocabulary.size(); ++id) AddToken(std::string(vocabulary.Bytes(id)));
  }

  // Tokens that get ids behind all others in the end, unless a merge makes them before; and n_others that none can make.
  void Reserve(const std::vector<std::string>& tokens, size_t n_others) {
    for (const std::string& token : tokens) {
      if (!ids_.contains(token)) reserved_.insert(token);
    }
    n_reserved_others_ = n_others;
  }

  size_t size() const { return tokens_.size(); }
  // With what is reserved.
  size_t n_wanted() const { return tokens_.size() + reserved_.size() + n_reserved_others_; }
  const std::vector<std::string>& tokens() const { return tokens_; }
  const std::vector<Merge>& merges() const { return merges_; }

  // A token that no merge makes.
  TokenId AddToken(std::string token) {
    const auto id = static_cast<TokenId>(tokens_.size());
    lengths_.push_back(static_cast<uint32_t>(token.size()));
    if (!token.empty()) ids_.emplace(token, id);
    tokens_.push_back(std::move(token));
    return id;
  }

  bool Has(const std::string& token) const { return ids_.contains(token); }

  // The token that a merge makes, which may be an old one.
  TokenId Add(TokenId left, TokenId right) {
    std::string_view tail = tokens_[right];
    if (!prefix_.empty() && tail.substr(0, prefix_.size()) == prefix_) tail.remove_prefix(prefix_.size());
    const auto [entry, is_new] =
        ids_.emplace(Concat(tokens_[left], tail), static_cast<TokenId>(tokens_.size()));
    if (is_new) {
      reserved_.erase(entry->first);
      tokens_.push_back(entry->first);
      lengths_.push_back(lengths_[left] + lengths_[right]);
    }
    merges_.push_back({left, right});
    return entry->second;
  }

  // As Hugging Face has it: the token would be shorter than max_length, or is made of two symbols of the alphabet.
  bool IsShorter(TokenId left, TokenId right, uint32_t max_length) const {
    if (lengths_[left] == 1 && lengths_[right] == 1) return true;
    return uint64_t{lengths_[left]} + lengths_[right] < max_length;
  }

 private:
  std::vector<std::string> tokens_;
  std::vector<uint32_t> lengths_;  // in symbols
  std::string prefix_;
  absl::flat_hash_map<std::string, TokenId> ids_;
  absl::flat_hash_set<std::string> reserved_;
  size_t n_reserved_others_ = 0;
  std::vector<Merge> merges_;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_GROWING_VOCABULARY_H_
