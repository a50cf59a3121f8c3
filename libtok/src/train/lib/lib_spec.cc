// Source: see tok/train_lib.h.
#include <string>
#include <utility>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/train/lib/symbols.h"
#include "tok/train_lib.h"

namespace tok {
namespace {

// What one more unit costs, far above ranks: fewest units first, as long as two paths part for fewer than
// 2^28 / units tokens. Sums stay exact in double precision up to 2^25 tokens.
constexpr double kUnitCost = 0x1p28;

double UnitScore(size_t rank) { return -(kUnitCost + static_cast<double>(rank)); }

bool IsContinuation(unsigned byte) { return (byte & 0xC0) == 0x80; }

// A byte that stands in for a symbol outside the lexicon. One rank above that of a unit with the same id, which tells the
// two apart.
double ByteScore(LibSymbol symbol, unsigned byte, size_t n_units) {
  return symbol == LibSymbol::kCodePoint && IsContinuation(byte) ? 0 : UnitScore(n_units + 1);
}

absl::Status NotOurs(std::string_view fact) {
  return MakeError(ErrorCode::kUnsupportedFeature, "LiB lexicon", fact,
                   "give a tokenizer that FewestUnitsSpec made");
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

absl::StatusOr<LibLexicon> LibLexiconOf(const TokenizerSpec& spec) {
  if (!std::holds_alternative<UnigramModelSpec>(spec.model) || spec.alphabet != VocabularyAlphabet::kBytes)
    return NotOurs("not a Unigram model over bytes");
  const Vocabulary& vocabulary = spec.vocabulary;
  LibLexicon lexicon;
  TokenId id = 0;
  for (; id < vocabulary.size() && vocabulary.Score(id) == UnitScore(id); ++id)
    lexicon.units.emplace_back(vocabulary.Bytes(id));
  const size_t n_units = id;
  // 0x80 is a unit or a symbol of its own only where symbols are bytes.
  const TokenId continuation = vocabulary.Find("\x80");
  if (continuation == kNoToken) return NotOurs("there is no token for the byte 80");
  lexicon.symbol = vocabulary.Score(continuation) == 0 ? LibSymbol::kCodePoint : LibSymbol::kByte;
  for (; id < vocabulary.size(); ++id) {
    const std::string_view bytes = vocabulary.Bytes(id);
    if (bytes.size() != 1 ||
        vocabulary.Score(id) != ByteScore(lexicon.symbol, static_cast<unsigned char>(bytes[0]), n_units))
      return NotOurs(Concat("the score of token ", id, " is neither a unit's nor a byte's"));
  }
  TOK_RETURN_IF_ERROR(LibSegmenter::Create(lexicon).status());
  return lexicon;
}

}  // namespace tok
