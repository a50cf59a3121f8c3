// tests/unit/train/parity_reference.h: parity-aware BPE by definition: all pairs of the chosen language are counted again
// before each merge.
#ifndef TOK_TESTS_UNIT_TRAIN_PARITY_REFERENCE_H_
#define TOK_TESTS_UNIT_TRAIN_PARITY_REFERENCE_H_

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/train/counted_pieces.h"
#include "tok/train_parity.h"

namespace tok {

struct ReferenceLanguage {
  CountedStrings text, dev;
  double ratio = 1;
};

class ParityReference {
 public:
  using Word = std::pair<std::vector<std::string>, uint64_t>;
  using Pair = std::pair<std::string, std::string>;

  // Tokens are compared by id: those of `alphabet` first, then in the order of their making.
  ParityReference(const std::vector<ReferenceLanguage>& languages, const std::vector<std::string>& alphabet,
                  const ParityOptions& options)
      : options_(options) {
    for (const std::string& token : alphabet) ids_.emplace(token, ids_.size());
    for (const ReferenceLanguage& language : languages) {
      texts_.push_back(Symbols(language.text));
      devs_.push_back(Symbols(language.dev));
      ratios_.push_back(language.ratio);
      n_symbols_.push_back(CountTokens(texts_.back()));
    }
  }

  std::vector<Pair> Run() {
    std::vector<Pair> merges;
    while (ids_.size() < options_.bpe.vocab_size) {
      Pair best;
      const bool found =
          merges.size() < options_.n_global_merges ? BestOf(texts_, &best) : BestOfNeediest(&best);
      if (!found) break;
      merges.push_back(best);
      for (auto* texts : {&texts_, &devs_}) {
        for (std::vector<Word>& text : *texts) Merge(best, &text);
      }
      ids_.emplace(best.first + best.second, ids_.size());
    }
    return merges;
  }

 private:
  // ASCII letters.
  static std::vector<Word> Symbols(const CountedStrings& pieces) {
    std::vector<Word> words;
    for (const auto& [bytes, count] : pieces) {
      Word word{{}, count};
      for (const char symbol : bytes) word.first.emplace_back(1, symbol);
      words.push_back(word);
    }
    return words;
  }
  static uint64_t CountTokens(const std::vector<Word>& text) {
    uint64_t n = 0;
    for (const Word& word : text) n += word.first.size() * word.second;
    return n;
  }
  static void Merge(const Pair& pair, std::vector<Word>* text) {
    for (auto& [tokens, count] : *text) {
      for (size_t i = 0; i + 1 < tokens.size(); ++i) {
        if (tokens[i] != pair.first || tokens[i + 1] != pair.second) continue;
        tokens[i] += tokens[i + 1];
        tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      }
    }
  }

  bool BestOf(const std::vector<std::vector<Word>>& texts, Pair* best) const {
    std::map<std::pair<size_t, size_t>, uint64_t> counts;
    for (const std::vector<Word>& text : texts) {
      for (const auto& [tokens, count] : text) {
        for (size_t i = 0; i + 1 < tokens.size(); ++i)
          counts[{ids_.at(tokens[i]), ids_.at(tokens[i + 1])}] += count;
      }
    }
    uint64_t most = std::max<uint64_t>(options_.bpe.min_frequency, 1) - 1;
    std::pair<size_t, size_t> ids;
    for (const auto& [pair, count] : counts) {
      if (count > most) most = count, ids = pair;
    }
    for (const auto& [token, id] : ids_) {
      if (id == ids.first) best->first = token;
      if (id == ids.second) best->second = token;
    }
    return most >= std::max<uint64_t>(options_.bpe.min_frequency, 1);
  }

  double NeedOf(size_t i) const {
    if (!devs_[i].empty()) return static_cast<double>(CountTokens(devs_[i]));
    const auto n_symbols = static_cast<double>(n_symbols_[i]);
    return -(n_symbols / static_cast<double>(CountTokens(texts_[i]))) / ratios_[i];
  }

  bool BestOfNeediest(Pair* best) {
    std::vector<size_t> order(texts_.size());
    for (size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return NeedOf(a) > NeedOf(b); });
    // Those that had enough of the window come last.
    const size_t n_last = std::min<size_t>(options_.window, chosen_.size());
    std::stable_partition(order.begin(), order.end(), [&](size_t i) {
      const auto n = std::count(chosen_.end() - static_cast<std::ptrdiff_t>(n_last), chosen_.end(), i);
      return static_cast<uint64_t>(n) * order.size() <= uint64_t{options_.alpha} * options_.window;
    });
    for (const size_t i : order) {
      if (!BestOf({texts_[i]}, best)) continue;
      chosen_.push_back(i);
      return true;
    }
    return false;
  }

  const ParityOptions& options_;
  std::map<std::string, size_t> ids_;
  std::vector<std::vector<Word>> texts_, devs_;
  std::vector<double> ratios_;
  std::vector<uint64_t> n_symbols_;
  std::vector<size_t> chosen_;
};

}  // namespace tok

#endif  // TOK_TESTS_UNIT_TRAIN_PARITY_REFERENCE_H_
