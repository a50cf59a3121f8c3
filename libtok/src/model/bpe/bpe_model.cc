#include <array>
#include <utility>

#include "src/base/status_macros.h"
#include "src/model/bpe/byte_bpe.h"
#include "src/model/bpe/char_bpe.h"
#include "src/model/bpe/superword_bpe.h"
#include "src/model/piece_model.h"

namespace tok {

absl::StatusOr<std::unique_ptr<const PieceModel>> MakeBpeModel(const BpeModelSpec& spec,
                                                               const Vocabulary& vocabulary,
                                                               VocabularyAlphabet alphabet,
                                                               ReadyBpeTables ready) {
  if (spec.mode == BpeModelSpec::Mode::kSentencePiece) return MakeSentencePieceBpeModel(spec, vocabulary);
  const bool by_rank = spec.mode == BpeModelSpec::Mode::kRank;
  std::array<TokenId, 256> byte_ids;
  const bool all_bytes = alphabet == VocabularyAlphabet::kBytes && FindByteIds(vocabulary, &byte_ids);
  if (by_rank && !all_bytes) {
    return MakeError(ErrorCode::kBadVocabulary, "rank vocabulary", "does not hold all 256 single bytes");
  }
  MergeTable merges;
  if (ready.merges.has_value()) {
    merges = *std::move(ready.merges);
  } else if (by_rank) {
    TOK_ASSIGN_OR_RETURN(merges, BuildRankTable(vocabulary, byte_ids));
  } else {
    TOK_ASSIGN_OR_RETURN(merges, BuildMergeListTable(spec, vocabulary));
  }
  const bool plain = spec.continuing_subword_prefix.empty() && spec.end_of_word_suffix.empty();
  if (all_bytes && plain) {
    ByteBpe::Tables tables;
    tables.byte_pairs =
        ready.byte_pairs.has_value() ? *std::move(ready.byte_pairs) : BytePairs::Build(byte_ids, merges);
    tables.joins = ready.joins.has_value() ? *std::move(ready.joins) : JoinFilter::Build(vocabulary);
    if (ready.unmerged.has_value()) {
      tables.unmerged = *std::move(ready.unmerged);
    } else if (by_rank || spec.ignore_merges) {
      tables.unmerged = FindUnmergedTokens(vocabulary, byte_ids, merges);
    }
    tables.first_superword = FirstSuperword(merges, vocabulary);
    tables.merges = std::move(merges);
    TOK_ASSIGN_OR_RETURN(std::unique_ptr<const PieceModel> superwords,
                         SuperwordBpe::Create(vocabulary, byte_ids, tables));
    if (superwords != nullptr) return superwords;
    return std::make_unique<ByteBpe>(vocabulary, byte_ids, std::move(tables));
  }
  return std::make_unique<CharBpe>(spec, vocabulary, alphabet, std::move(merges), std::move(ready.joins));
}

}  // namespace tok
