// model/bpe/superword_bpe.h: byte-level BPE whose later merges reach across words (SuperBPE).
//
// Model: pieces are as long as lines, and no cache meets one twice. But merging takes the lowest rank first, and no rule below
// that of the first superword makes a token with a word place inside. So until no such rule applies any more, words are
// merged each on its own: a cache knows what becomes of them. From there on the later rules work on the tokens of the whole
// piece. Each of them joins what is made of words' tokens: a place between two of these is crossed only if some later rule
// has that very pair where its two sides meet. Most places are not like that, and the stretches between them are short.
// This holds of lists in which a token is made by one rule, and only then taken by others, as training makes them.
// Threads: immutable and shareable.
#ifndef TOK_SRC_MODEL_BPE_SUPERWORD_BPE_H_
#define TOK_SRC_MODEL_BPE_SUPERWORD_BPE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/model/bpe/byte_bpe.h"
#include "src/model/bpe/merge_table.h"
#include "src/model/piece_model.h"
#include "tok/status.h"
#include "tok/vocabulary.h"

namespace tok {

class SuperwordBpe final : public PieceModel {
 public:
  // Null if there are no superwords, tokens that merging does not reach, or rules in another order. `tables` belong to
  // `vocabulary`. Errors: those of MergeTableBuilder::Build.
  static absl::StatusOr<std::unique_ptr<const SuperwordBpe>> Create(const Vocabulary& vocabulary,
                                                                    const std::array<TokenId, 256>& byte_ids,
                                                                    const ByteBpe::Tables& tables);

  // The model of words alone, with scratches of its own.
  const ByteBpe& words() const { return *words_; }
  // Merges what words() made of the words of some pieces: ids[first, piece_ends[0]), and so on. What lies behind those moves
  // up: returns where to. `scratch`: one of words().
  size_t MergeWords(std::vector<TokenId>* ids, size_t first, std::span<const size_t> piece_ends,
                    PieceScratch* scratch) const;

  // All in one, without a cache.
  const ByteBpe& whole() const { return *whole_; }
  std::unique_ptr<PieceScratch> MakeScratch() const override { return whole_->MakeScratch(); }
  absl::Status Encode(std::string_view piece, PieceScratch* scratch,
                      std::vector<PieceToken>* tokens) const override {
    return whole_->Encode(piece, scratch, tokens);
  }
  std::string Name() const override;
  ModelTables tables() const override { return whole_->tables(); }

 private:
  SuperwordBpe() = default;
  // False if the rules are not in order.
  bool FindJoins(const MergeTable& merges, std::span<const MergeRule> later, size_t n_tokens);
  size_t Merge(std::span<TokenId> tokens, ByteBpe::Scratch* scratch) const;
  size_t JoinBit(TokenId left, TokenId right) const {
    return (left * 0x9E3779B97F4A7C15u + right * 0xD6E8FEB86659FD93u) * 0xA0761D6478BD642Fu >> join_shift_;
  }
  uint64_t MayJoin(TokenId left, TokenId right) const {
    const size_t bit = JoinBit(left, right);
    return joins_[bit / 64] >> (bit % 64) & 1;
  }

  std::optional<ByteBpe> whole_, words_;
  MergeTable later_;             // rules that are left when those of words are done
  std::vector<uint64_t> joins_;  // bits: words' tokens that some later rule joins
  unsigned join_shift_ = 0;      // of a hash, to a bit
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_SUPERWORD_BPE_H_
