// WordLevel: a piece is a token or unknown.
#include <memory>
#include <string>

#include "src/base/strings.h"
#include "src/model/piece_model.h"

namespace tok {
namespace {

class WordLevelModel : public PieceModel {
 public:
  WordLevelModel(const WordLevelModelSpec& spec, const Vocabulary& vocabulary)
      : unk_token_(spec.unk_token), vocabulary_(vocabulary), unk_id_(vocabulary.Find(spec.unk_token)) {}

  std::unique_ptr<PieceScratch> MakeScratch() const override { return std::make_unique<PieceScratch>(); }

  absl::Status Encode(std::string_view piece, PieceScratch*, std::vector<PieceToken>* tokens) const override {
    TokenId id = vocabulary_.Find(piece);
    if (id == kNoToken) id = unk_id_;
    if (id == kNoToken) {
      return MakeError(ErrorCode::kUnknownToken, "WordLevel",
                       Concat("no token for a piece, and the vocabulary lacks '", unk_token_, "'"),
                       "add the unknown token to the vocabulary");
    }
    tokens->push_back({id, 0, static_cast<uint32_t>(piece.size())});
    return absl::OkStatus();
  }

  std::string Name() const override { return "wordlevel (hash lookup)"; }

 private:
  const std::string unk_token_;
  const Vocabulary vocabulary_;  // shares its storage
  const TokenId unk_id_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const PieceModel>> MakeWordLevelModel(const WordLevelModelSpec& spec,
                                                                     const Vocabulary& vocabulary,
                                                                     VocabularyAlphabet) {
  return std::make_unique<WordLevelModel>(spec, vocabulary);
}

}  // namespace tok
