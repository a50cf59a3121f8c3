// train/bpe/alphabet.h: the tokens that training starts from, and pieces as sequences of them.
//
// Model: special tokens, then the symbols in the order of their code points, as Hugging Face numbers them; a byte has the code
// point that stands for it in the GPT-2 byte alphabet, so that the space comes behind all letters. Symbols that are not in
// the alphabet vanish from pieces, and their neighbours become neighbours. With affixes, a symbol that does not begin its
// piece, or ends it, is a token of its own, numbered behind the alphabet as the pieces in the order of their bytes ask for it.
// Threads: immutable once built.
#ifndef TOK_SRC_TRAIN_BPE_ALPHABET_H_
#define TOK_SRC_TRAIN_BPE_ALPHABET_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/unicode/utf8.h"
#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/train_bpe.h"
#include "tok/types.h"

namespace tok {

// TOK-E040 for what no text makes sense of.
absl::Status CheckAlphabetOptions(const BpeTrainerOptions& options, VocabularyAlphabet alphabet);

class Alphabet {
 public:
  // Errors: those of CheckAlphabetOptions; TOK-E010 for text rules and pieces that are no text.
  static absl::StatusOr<Alphabet> Create(const PieceCounts& counts, const BpeTrainerOptions& options);

  // Tokens by id, in what the model matches: raw bytes, or text.
  const std::vector<std::string>& tokens() const { return tokens_; }
  // The first of them, as they were asked for.
  const std::vector<std::string>& special_tokens() const { return special_tokens_; }
  // Symbols that pieces are made of, affixed ones included.
  size_t n_symbols() const { return n_symbols_; }
  // Calls use(token) for each symbol of the piece that is in the alphabet.
  template <typename Use>
  void ForEachToken(std::string_view piece, const Use& use) const;

 private:
  static constexpr size_t kVariants = 4;  // bit 0: does not begin its piece; bit 1: ends it

  struct SymbolCount {
    char32_t symbol;
    uint64_t count;
  };

  Alphabet(bool is_bytes, std::string prefix, std::string suffix)
      : is_bytes_(is_bytes), prefix_(std::move(prefix)), suffix_(std::move(suffix)) {}
  bool has_affixes() const { return !prefix_.empty() || !suffix_.empty(); }
  // Calls use(symbol, variant): a byte, or a code point.
  template <typename Use>
  void ForEachSymbol(std::string_view piece, const Use& use) const;
  std::string TextOf(char32_t symbol) const;
  char32_t OrderOf(char32_t symbol) const;
  TokenId Add(const std::string& token);
  void AddSpecialTokens(const std::vector<std::string>& tokens);
  // Those that occur, and those that are wanted anyway, with their counts.
  absl::StatusOr<std::vector<SymbolCount>> CountSymbols(const PieceCounts& counts,
                                                        const BpeTrainerOptions& options) const;
  void AddAffixed(const PieceCounts& counts);

  bool is_bytes_;
  std::string prefix_, suffix_;
  std::vector<std::string> tokens_;
  std::vector<std::string> special_tokens_;
  size_t n_symbols_ = 0;
  absl::flat_hash_map<std::string, TokenId> ids_;
  std::vector<TokenId> symbol_ids_[kVariants];  // by symbol; kNoToken: not in the alphabet
};

template <typename Use>
void Alphabet::ForEachSymbol(std::string_view piece, const Use& use) const {
  for (size_t begin = 0; begin < piece.size();) {
    char32_t symbol = static_cast<unsigned char>(piece[begin]);
    size_t end = begin + 1;
    if (!is_bytes_) {
      const DecodedChar decoded = DecodeUtf8(piece, begin);
      symbol = decoded.code_point;
      end = begin + decoded.n_bytes;
    }
    use(symbol, size_t{begin > 0} | size_t{end == piece.size()} << 1);
    begin = end;
  }
}

template <typename Use>
void Alphabet::ForEachToken(std::string_view piece, const Use& use) const {
  ForEachSymbol(piece, [&](char32_t symbol, size_t variant) {
    const std::vector<TokenId>& ids = symbol_ids_[has_affixes() ? variant : 0];
    if (ids[symbol] != kNoToken) use(ids[symbol]);
  });
}

}  // namespace tok

#endif  // TOK_SRC_TRAIN_BPE_ALPHABET_H_
