// Source: see tok/train_lib.h.
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/unicode/byte_alphabet.h"
#include "tok/train_lib.h"

namespace tok {
namespace {

// What one more unit costs, far above ranks: fewest units first, as long as two paths part for fewer than
// 2^28 / units tokens. Sums stay exact in double precision up to 2^25 tokens.
constexpr double kUnitCost = 0x1p28;

double UnitScore(size_t rank) { return -(kUnitCost + static_cast<double>(rank)); }

bool IsContinuation(unsigned byte) { return (byte & 0xC0) == 0x80; }

// A byte that stands in for a symbol outside the lexicon. Priced so that the first of them does not cost what a unit
// with its id would: there LibLexiconOf sees the units end.
double ByteScore(LibSymbol symbol, unsigned byte, size_t n_units) {
  return symbol == LibSymbol::kCodePoint && IsContinuation(byte) ? 0 : UnitScore(n_units + 1);
}

absl::Status NotOurs(std::string_view fact) {
  return MakeError(ErrorCode::kUnsupportedFeature, "LiB lexicon", fact,
                   "give a tokenizer that FewestUnitsSpec made");
}

// The tokens' bytes by id. Read from tokenizer.json, a Unigram vocabulary is still spelled in the byte alphabet.
absl::StatusOr<std::vector<std::string>> RawTokens(const TokenizerSpec& spec) {
  std::vector<std::string> tokens(spec.vocabulary.size());
  for (TokenId id = 0; id < tokens.size(); ++id) {
    const std::string_view spelled = spec.vocabulary.Bytes(id);
    if (spec.alphabet == VocabularyAlphabet::kBytes) {
      tokens[id] = spelled;
    } else if (!FromByteAlphabet(spelled, &tokens[id])) {
      return NotOurs(Concat("token ", id, " is not spelled in the byte alphabet"));
    }
  }
  return tokens;
}

}  // namespace

absl::StatusOr<TokenizerSpec> FewestUnitsSpec(const LibLexicon& lexicon) {
  constexpr size_t kMaxUnits = size_t{kMaxTokenId} + 1 - 256;
  if (lexicon.units.size() > kMaxUnits) {
    return MakeError(ErrorCode::kLimit, "LiB lexicon",
                     Concat(lexicon.units.size(), " units, above ", kMaxUnits), "drop the last ones");
  }
  TOK_RETURN_IF_ERROR(LibSegmenter::Create(lexicon).status());  // checks the units
  VocabularyBuilder builder;
  bool is_unit[256] = {};
  TokenId id = 0;
  for (const std::string& unit : lexicon.units) {
    if (unit.size() == 1) is_unit[static_cast<unsigned char>(unit[0])] = true;
    TOK_RETURN_IF_ERROR(builder.Add(id, unit, TokenKind::kNormal, UnitScore(id)));
    ++id;
  }
  for (unsigned byte = 0; byte < 256; ++byte) {
    if (is_unit[byte]) continue;
    const char c = static_cast<char>(byte);
    TOK_RETURN_IF_ERROR(builder.Add(id++, std::string_view(&c, 1), TokenKind::kNormal,
                                    ByteScore(lexicon.symbol, byte, lexicon.units.size())));
  }
  TokenizerSpec spec;
  spec.name = "lib";
  spec.source_format = "lib";
  spec.alphabet = VocabularyAlphabet::kBytes;
  TOK_ASSIGN_OR_RETURN(spec.vocabulary, std::move(builder).Build());
  spec.pre_tokenizers = {pretokenizer::ByteLevel{.add_prefix_space = false, .use_regex = false}};
  spec.model = UnigramModelSpec{};
  spec.decoder.steps = {decoder::ByteLevel{}};
  spec.warnings = {
      "segments by fewest units, then smallest sum of ranks (Unigram); LiB's own segmenter, which races the "
      "longest unit "
      "against the second longest, sometimes takes another path"};
  return spec;
}

absl::StatusOr<LibLexicon> BestUnits(const LibLexicon& lexicon, uint64_t n_tokens) {
  constexpr uint64_t kBytes = 256;
  if (n_tokens < kBytes) {
    return MakeError(ErrorCode::kUsage, "LiB lexicon", Concat(n_tokens, " tokens do not hold all bytes"),
                     "ask for 256 or more");
  }
  LibLexicon best{lexicon.symbol, {}};
  uint64_t n_used = kBytes;
  for (const std::string& unit : lexicon.units) {
    n_used += unit.size() == 1 ? 0 : 1;  // else in the place of a byte
    if (n_used > n_tokens) break;
    best.units.push_back(unit);
  }
  return best;
}

absl::StatusOr<LibLexicon> LibLexiconOf(const TokenizerSpec& spec) {
  if (!std::holds_alternative<UnigramModelSpec>(spec.model)) return NotOurs("not a Unigram model");
  TOK_ASSIGN_OR_RETURN(std::vector<std::string> tokens, RawTokens(spec));
  const auto score = [&](size_t id) { return spec.vocabulary.Score(static_cast<TokenId>(id)); };
  size_t n_units = 0;
  while (n_units < tokens.size() && score(n_units) == UnitScore(n_units)) ++n_units;
  LibLexicon lexicon{LibSymbol::kByte, {}};
  // Units of code points are no single bytes like this one, so it is there and costs nothing.
  for (size_t id = n_units; id < tokens.size(); ++id) {
    if (tokens[id] == "\x80" && score(id) == 0) lexicon.symbol = LibSymbol::kCodePoint;
  }
  for (size_t id = n_units; id < tokens.size(); ++id) {
    if (tokens[id].size() != 1 ||
        score(id) != ByteScore(lexicon.symbol, static_cast<unsigned char>(tokens[id][0]), n_units)) {
      return NotOurs(Concat("the score of token ", id, " is neither a unit's nor a byte's"));
    }
  }
  tokens.resize(n_units);
  lexicon.units = std::move(tokens);
  TOK_RETURN_IF_ERROR(LibSegmenter::Create(lexicon).status());  // checks the units
  return lexicon;
}

}  // namespace tok
