// SentencePiece `char` and `word` models: cut the normalized text into units and look each up whole.
//
// char: user-defined symbols (longest first), else characters. word: a unit begins at each U+2581 and at the front of
// the text, whatever the model says about white space as a suffix; user-defined symbols do not cut. Unused pieces are
// unknown. Source: SentencePiece 0.2.3. Cost: O(n).
#include <utility>

#include "src/base/status_macros.h"
#include "src/model/piece_model.h"
#include "src/model/sentencepiece_output.h"
#include "src/normalize/sentencepiece_normalizer.h"
#include "src/unicode/space_symbol.h"

namespace tok {
namespace {

using Unit = SentencePieceLookupModelSpec::Unit;

class SentencePieceLookupModel : public PieceModel {
 public:
  SentencePieceLookupModel(Unit unit, const Vocabulary& vocabulary, SentencePieceIds ids,
                           ByteTrie user_defined)
      : unit_(unit), vocabulary_(vocabulary), ids_(ids), user_defined_(std::move(user_defined)) {}

  std::unique_ptr<PieceScratch> MakeScratch() const override { return std::make_unique<PieceScratch>(); }

  absl::Status Encode(std::string_view piece, PieceScratch*, std::vector<PieceToken>* tokens) const override {
    SentencePieceOutput output(ids_, piece, tokens);
    for (size_t begin = 0; begin < piece.size();) {
      const size_t end = unit_ == Unit::kWord ? WordEnd(piece, begin) : CharEnd(piece, begin);
      const TokenId id = vocabulary_.Find(piece.substr(begin, end - begin));
      const TokenKind kind = id == kNoToken ? TokenKind::kAbsent : vocabulary_.Kind(id);
      if (kind == TokenKind::kNormal || kind == TokenKind::kUserDefined) {
        output.Known(id, begin, end);
      } else {
        output.Unknown(begin, end);
      }
      begin = end;
    }
    return absl::OkStatus();
  }

  std::string Name() const override {
    return unit_ == Unit::kWord ? "SentencePiece word lookup" : "SentencePiece char lookup";
  }

 private:
  static size_t WordEnd(std::string_view text, size_t begin) {
    size_t end = begin;
    do {
      end += SentencePieceCharLength(text, end);
    } while (end < text.size() && !text.substr(end).starts_with(kSpaceSymbol));
    return end;
  }

  size_t CharEnd(std::string_view text, size_t begin) const {
    const size_t n_symbol = user_defined_.LongestPrefix(text.substr(begin), kMaxUserDefinedMatches).n_bytes;
    return begin + (n_symbol > 0 ? n_symbol : SentencePieceCharLength(text, begin));
  }

  const Unit unit_;
  const Vocabulary vocabulary_;
  const SentencePieceIds ids_;
  const ByteTrie user_defined_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const PieceModel>> MakeSentencePieceLookupModel(
    const SentencePieceLookupModelSpec& spec, const Vocabulary& vocabulary) {
  TOK_ASSIGN_OR_RETURN(const SentencePieceIds ids, SentencePieceIds::Create(vocabulary, spec.byte_fallback));
  TOK_ASSIGN_OR_RETURN(ByteTrie user_defined, MakeUserDefinedTrie(vocabulary));
  return std::make_unique<const SentencePieceLookupModel>(spec.unit, vocabulary, ids,
                                                          std::move(user_defined));
}

}  // namespace tok
