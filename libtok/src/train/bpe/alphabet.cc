#include "src/train/bpe/alphabet.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/unicode/byte_alphabet.h"

namespace tok {
namespace {

constexpr size_t kBytes = 256, kCodePoints = kInvalidByte + 1;
constexpr uint64_t kWanted = std::numeric_limits<uint64_t>::max();

absl::Status BadOption(std::string_view option, std::string_view fact, std::string_view remedy) {
  return MakeError(ErrorCode::kUsage, option, fact, remedy);
}

}  // namespace

absl::Status CheckAlphabetOptions(const BpeTrainerOptions& options, VocabularyAlphabet alphabet) {
  const bool is_bytes = alphabet == VocabularyAlphabet::kBytes;
  if (is_bytes && !(options.continuing_subword_prefix.empty() && options.end_of_word_suffix.empty())) {
    return BadOption("affixes", "mean nothing where tokens are bytes", "leave them out");
  }
  if (is_bytes && options.whole_byte_alphabet && options.limit_alphabet > 0) {
    return BadOption("limited alphabet", "all 256 bytes are to be tokens",
                     "ask for the bytes that occur only (--alphabet seen), or for no limit");
  }
  for (const std::string& wanted : options.initial_alphabet) {
    size_t first = std::min<size_t>(wanted.size(), 1);
    if (!is_bytes && !wanted.empty()) {
      const DecodedChar decoded = DecodeUtf8(wanted, 0);
      first = decoded.code_point == kInvalidByte ? 0 : decoded.n_bytes;
    }
    if (first > 0 && first == wanted.size()) continue;
    return BadOption("initial alphabet",
                     Concat("'", wanted, "' is not one ", is_bytes ? "byte" : "character"),
                     "give each symbol by itself");
  }
  return absl::OkStatus();
}

absl::StatusOr<Alphabet> Alphabet::Create(const PieceCounts& counts, const BpeTrainerOptions& options) {
  TOK_RETURN_IF_ERROR(CheckAlphabetOptions(options, counts.origin().rules.alphabet));
  const bool is_bytes = counts.origin().rules.alphabet == VocabularyAlphabet::kBytes;
  Alphabet alphabet(is_bytes, options.continuing_subword_prefix, options.end_of_word_suffix);
  TOK_ASSIGN_OR_RETURN(std::vector<SymbolCount> symbols, alphabet.CountSymbols(counts, options));
  const auto order = [&](const SymbolCount& s) { return alphabet.OrderOf(s.symbol); };
  std::sort(symbols.begin(), symbols.end(),
            [&](const auto& a, const auto& b) { return order(a) < order(b); });
  if (options.limit_alphabet > 0 && symbols.size() > options.limit_alphabet) {
    std::stable_sort(symbols.begin(), symbols.end(), [](auto& a, auto& b) { return a.count > b.count; });
    symbols.resize(options.limit_alphabet);
    std::sort(symbols.begin(), symbols.end(),
              [&](const auto& a, const auto& b) { return order(a) < order(b); });
  }
  alphabet.AddSpecialTokens(options.special_tokens);
  for (std::vector<TokenId>& ids : alphabet.symbol_ids_)
    ids.assign(is_bytes ? kBytes : kCodePoints, kNoToken);
  for (const SymbolCount& symbol : symbols) {
    alphabet.symbol_ids_[0][symbol.symbol] = alphabet.Add(alphabet.TextOf(symbol.symbol));
  }
  alphabet.n_symbols_ = symbols.size();
  if (alphabet.has_affixes()) alphabet.AddAffixed(counts);
  return alphabet;
}

std::string Alphabet::TextOf(char32_t symbol) const {
  if (is_bytes_) return std::string(1, static_cast<char>(symbol));
  std::string text;
  AppendUtf8(symbol, &text);
  return text;
}

char32_t Alphabet::OrderOf(char32_t symbol) const {
  return is_bytes_ ? ByteAlphabetChar(static_cast<uint8_t>(symbol)) : symbol;
}

TokenId Alphabet::Add(const std::string& token) {
  const auto [entry, is_new] = ids_.emplace(token, static_cast<TokenId>(tokens_.size()));
  if (is_new) tokens_.push_back(token);
  return entry->second;
}

// A special token is spelled as in the file, where a byte-level vocabulary has its own alphabet: it may be what the model
// makes of other bytes.
void Alphabet::AddSpecialTokens(const std::vector<std::string>& tokens) {
  for (const std::string& token : tokens) {
    std::string bytes;
    Add(is_bytes_ && FromByteAlphabet(token, &bytes) ? bytes : token);
    if (special_tokens_.size() < tokens_.size()) special_tokens_.push_back(token);
  }
}

absl::StatusOr<std::vector<Alphabet::SymbolCount>> Alphabet::CountSymbols(
    const PieceCounts& counts, const BpeTrainerOptions& options) const {
  std::vector<uint64_t> sums(is_bytes_ ? kBytes : kCodePoints);
  bool has_invalid = false;
  for (size_t i = 0; i < counts.n_unique(); ++i) {
    const CountedPiece piece = counts[i];
    ForEachSymbol(piece.bytes, [&](char32_t symbol, size_t) {
      has_invalid |= symbol == kInvalidByte;
      sums[symbol] += std::min(piece.count, kWanted - sums[symbol]);
    });
  }
  if (has_invalid) {
    return MakeError(ErrorCode::kInvalidUtf8, "training text", "has bytes that are no characters",
                     "train a byte-level tokenizer, or choose the UTF-8 policy replace");
  }
  for (const std::string& wanted : options.initial_alphabet) {
    ForEachSymbol(wanted, [&](char32_t symbol, size_t) { sums[symbol] = kWanted; });
  }
  if (is_bytes_ && options.whole_byte_alphabet) std::fill(sums.begin(), sums.end(), kWanted);
  std::vector<SymbolCount> symbols;
  for (char32_t symbol = 0; symbol < sums.size(); ++symbol) {
    if (sums[symbol] > 0) symbols.push_back({symbol, sums[symbol]});
  }
  return symbols;
}

void Alphabet::AddAffixed(const PieceCounts& counts) {
  std::vector<uint32_t> by_bytes(counts.n_unique());
  std::iota(by_bytes.begin(), by_bytes.end(), 0);
  std::sort(by_bytes.begin(), by_bytes.end(),
            [&](uint32_t a, uint32_t b) { return counts[a].bytes < counts[b].bytes; });
  for (const uint32_t i : by_bytes) {
    ForEachSymbol(counts[i].bytes, [&](char32_t symbol, size_t variant) {
      TokenId& id = symbol_ids_[variant][symbol];
      if (variant == 0 || id != kNoToken || symbol_ids_[0][symbol] == kNoToken) return;
      const bool is_inside = (variant & 1) != 0, is_last = (variant & 2) != 0;
      id = Add(Concat(is_inside ? prefix_ : "", TextOf(symbol), is_last ? suffix_ : ""));
    });
  }
  n_symbols_ = tokens_.size() - special_tokens_.size();
}

}  // namespace tok
