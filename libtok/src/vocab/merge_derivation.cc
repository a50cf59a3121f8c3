#include "src/vocab/merge_derivation.h"

#include "src/base/strings.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

constexpr size_t kMaxSymbols = 4096;

uint64_t PairKey(TokenId left, TokenId right) { return uint64_t{left} << 32 | right; }

bool StartsWith(std::string_view text, std::string_view prefix) {
  return !prefix.empty() && text.size() > prefix.size() && text.substr(0, prefix.size()) == prefix;
}

bool EndsWith(std::string_view text, std::string_view suffix) {
  return !suffix.empty() && text.size() > suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

}  // namespace

MergeDerivation::MergeDerivation(const TokenizerSpec& spec)
    : spec_(spec), model_(std::get<BpeModelSpec>(spec.model)) {
  for (size_t i = 0; i < model_.merges.size(); ++i) {
    const Merge& merge = model_.merges[i];
    const TokenId product = ProductOf(merge.left, merge.right);
    merges_.try_emplace(PairKey(merge.left, merge.right), Candidate{product, static_cast<double>(i)});
    merges_by_product_[product].push_back(merge);
  }
}

TokenId MergeDerivation::ProductOf(TokenId left, TokenId right) const {
  std::string_view second = spec_.vocabulary.Bytes(right);
  if (StartsWith(second, model_.continuing_subword_prefix))
    second.remove_prefix(model_.continuing_subword_prefix.size());
  return spec_.vocabulary.Find(Concat(spec_.vocabulary.Bytes(left), second));
}

MergeDerivation::Candidate MergeDerivation::Find(TokenId left, TokenId right) const {
  if (model_.mode == BpeModelSpec::Mode::kMergeList) {
    const auto found = merges_.find(PairKey(left, right));
    return found == merges_.end() ? Candidate{} : found->second;
  }
  const TokenId product = ProductOf(left, right);
  if (product == kNoToken) return {};
  const bool by_score = model_.mode == BpeModelSpec::Mode::kSentencePiece;
  return {product, by_score ? -spec_.vocabulary.Score(product) : static_cast<double>(product)};
}

bool MergeDerivation::InitialSymbols(std::string_view token, std::vector<TokenId>* symbols) const {
  const std::string& prefix = model_.continuing_subword_prefix;
  const std::string& suffix = model_.end_of_word_suffix;
  bool continues = StartsWith(token, prefix);
  const bool ends = EndsWith(token, suffix);
  if (continues) token.remove_prefix(prefix.size());
  if (ends) token.remove_suffix(suffix.size());
  for (size_t begin = 0; begin < token.size();) {
    const size_t n_bytes =
        spec_.alphabet == VocabularyAlphabet::kBytes ? 1 : DecodeUtf8(token, begin).n_bytes;
    const bool is_last = begin + n_bytes == token.size();
    const std::string spelled =
        Concat(continues ? prefix : "", token.substr(begin, n_bytes), ends && is_last ? suffix : "");
    symbols->push_back(spec_.vocabulary.Find(spelled));
    if (symbols->back() == kNoToken) return false;
    continues = !prefix.empty();
    begin += n_bytes;
  }
  return true;
}

absl::Status MergeDerivation::Append(TokenId id, std::vector<TokenId>* tokens) const {
  const std::string_view bytes = spec_.vocabulary.Bytes(id);
  if (bytes.size() > kMaxSymbols) {
    return MakeError(ErrorCode::kLimit, Concat("token ", id),
                     Concat("its ", bytes.size(), " bytes are too many to derive"),
                     "trim a tokenizer without such tokens");
  }
  std::vector<TokenId> symbols, passed;
  bool derived = InitialSymbols(bytes, &symbols);
  passed = symbols;
  while (derived && symbols.size() > 1) {
    Candidate best;
    size_t best_at = 0;
    for (size_t i = 0; i + 1 < symbols.size(); ++i) {
      const Candidate candidate = Find(symbols[i], symbols[i + 1]);
      if (candidate.product == kNoToken || (best.product != kNoToken && candidate.priority >= best.priority))
        continue;
      best = candidate;
      best_at = i;
    }
    derived = best.product != kNoToken;
    if (!derived) break;
    symbols[best_at] = best.product;
    symbols.erase(symbols.begin() + static_cast<std::ptrdiff_t>(best_at) + 1);
    passed.push_back(best.product);
  }
  if (derived && symbols.size() == 1 && symbols[0] == id) {
    for (const TokenId token : passed) {
      if (token != id) tokens->push_back(token);
    }
    return absl::OkStatus();
  }
  if (const auto found = merges_by_product_.find(id); found != merges_by_product_.end()) {
    for (const Merge& merge : found->second) {
      tokens->push_back(merge.left);
      tokens->push_back(merge.right);
    }
  }
  return absl::OkStatus();
}

}  // namespace tok
