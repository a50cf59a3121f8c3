#include "src/model/schemes/dropout_bpe.h"

#include <string>
#include <utility>
#include <vector>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/model/bpe/first_symbols.h"
#include "src/model/bpe/merge_symbols.h"
#include "src/model/bpe/superword_bpe.h"
#include "src/model/schemes/document_draws.h"

namespace tok {
namespace {

class DropoutBpe final : public PieceModel {
 public:
  DropoutBpe(std::unique_ptr<const PieceModel> bpe, const PieceModel& owner, const FirstSymbols& start,
             const Scheme& scheme)
      : bpe_(std::move(bpe)), owner_(owner), start_(start), scheme_(scheme) {}

  std::unique_ptr<PieceScratch> MakeScratch() const override {
    auto scratch = std::make_unique<Scratch>();
    scratch->first = owner_.MakeScratch();
    return scratch;
  }

  absl::Status Encode(std::string_view piece, PieceScratch* piece_scratch,
                      std::vector<PieceToken>* tokens) const override {
    auto* scratch = static_cast<Scratch*>(piece_scratch);
    TOK_RETURN_IF_ERROR(start_.FindFirstSymbols(piece, scratch->first.get(), &scratch->symbols));
    RandomStream draws = scratch->draws.NextPiece(scheme_.seed);
    MergeSymbolsAtRandom(start_.merges(), scheme_.probability, &draws, &scratch->symbols, &scratch->merge);
    tokens->insert(tokens->end(), scratch->symbols.begin(), scratch->symbols.end());
    return absl::OkStatus();
  }

  bool IsRandom() const override { return true; }
  std::string Name() const override { return Concat(SchemeName(scheme_), ", ", bpe_->Name()); }

 private:
  struct Scratch final : PieceScratch {
    void BeginDocument(uint64_t key) override { draws.BeginDocument(key); }

    std::unique_ptr<PieceScratch> first;
    DocumentDraws draws;
    std::vector<PieceToken> symbols;
    MergeScratch merge;
  };

  const std::unique_ptr<const PieceModel> bpe_;
  const PieceModel& owner_;  // whose scratch start_ takes: bpe_, or a part of it
  const FirstSymbols& start_;
  const Scheme scheme_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const PieceModel>> MakeDropoutBpe(std::unique_ptr<const PieceModel> bpe,
                                                                 const Scheme& scheme) {
  const PieceModel* owner = bpe.get();
  if (const auto* superwords = dynamic_cast<const SuperwordBpe*>(owner)) owner = &superwords->whole();
  const auto* start = dynamic_cast<const FirstSymbols*>(owner);
  if (start == nullptr) {
    return MakeError(ErrorCode::kUnsupportedFeature, "scheme dropout",
                     "is not done with the merges of SentencePiece models",
                     "convert the tokenizer to tokenizer.json first (tok convert)");
  }
  return std::make_unique<DropoutBpe>(std::move(bpe), *owner, *start, scheme);
}

}  // namespace tok
