// model/piece_model.h: the interface between pieces and a segmentation model, for cache misses and general paths.
#ifndef TOK_SRC_MODEL_PIECE_MODEL_H_
#define TOK_SRC_MODEL_PIECE_MODEL_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/model/bpe/byte_pairs.h"
#include "src/model/bpe/join_filter.h"
#include "src/model/bpe/merge_table.h"
#include "src/split/pair_splitter.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"
#include "tok/types.h"
#include "tok/vocabulary.h"

namespace tok {

// One token of a piece: bytes [begin, end) of the piece. Tokens are in text order; they need not tile the piece
// (dropped unknown characters) and several may share one range (byte fallback of a character).
struct PieceToken {
  TokenId id;
  uint32_t begin, end;
  friend bool operator==(const PieceToken&, const PieceToken&) = default;
};

// Where a token of a text ends that begins at byte `begin`, where tokens tile (PieceModel::TokensTile). Never beyond `limit`:
// a forged image may hold merges whose product is longer than its parts, and nothing but spans depends on it.
inline size_t EndOfToken(const Vocabulary& vocabulary, TokenId id, size_t begin, size_t limit) {
  return std::min(begin + vocabulary.Bytes(id).size(), limit);
}

// Reusable working memory of one thread; each model derives its own.
class PieceScratch {
 public:
  virtual ~PieceScratch() = default;
  // Of models that draw by lot: what is drawn from now on follows from `key`.
  virtual void BeginDocument(uint64_t key) { (void)key; }
};

// What the piece cache asks when it does not know a piece: models whose ids of a piece follow from its bytes alone.
class PieceEncoder {
 public:
  // A piece, or a part of one: cut where no token reaches across.
  struct Piece {
    std::string_view bytes;
    bool is_part;
  };

  virtual ~PieceEncoder() = default;
  // Appends the ids of all pieces; ends[i] is where those of piece i end in `ids`. Several at once, because the memory
  // that one waits for can be fetched while another is worked on.
  void EncodeTogether(std::span<const Piece> pieces, PieceScratch* scratch, std::vector<TokenId>* ids,
                      std::span<uint32_t> ends) const {
    for (; pieces.size() > kMaxGroup; pieces = pieces.subspan(kMaxGroup), ends = ends.subspan(kMaxGroup)) {
      EncodeGroup(pieces.first(kMaxGroup), scratch, ids, ends.first(kMaxGroup));
    }
    EncodeGroup(pieces, scratch, ids, ends);
  }
  // Whether a part may have other ids than a piece of the same bytes.
  virtual bool PartsDiffer() const = 0;
  // Writes the next places behind `begin` (0 or a place that this wrote) where `piece` may be cut, `base` added to each: as
  // many as `cuts` holds. Returns how many; fewer are the last ones, and what is behind them in `cuts` may be
  // overwritten. `readable`: bytes that may be read from piece.data() on (at least piece.size()). Only between characters
  // of three bytes or more; pieces short enough to be looked up at once are not asked about.
  virtual size_t NextCuts(std::string_view piece, size_t readable, size_t begin, size_t base,
                          std::span<size_t> cuts) const = 0;
  // The same between words, before blanks: whatever may be cut there is cut before NextCuts is asked about its parts. Only
  // pieces that are too long to be looked up are asked about.
  virtual size_t NextWordCuts(std::string_view piece, size_t begin, std::span<size_t> cuts) const {
    (void)piece, (void)begin, (void)cuts;
    return 0;
  }

 protected:
  static constexpr size_t kMaxGroup = 32;
  // EncodeTogether for at most kMaxGroup pieces.
  virtual void EncodeGroup(std::span<const Piece> pieces, PieceScratch* scratch, std::vector<TokenId>* ids,
                           std::span<uint32_t> ends) const = 0;
};

// What a BPE model works out from its spec, null where a model has nothing of the kind.
struct ModelTables {
  const MergeTable* merges = nullptr;
  const BytePairs* byte_pairs = nullptr;
  const JoinFilter* joins = nullptr;
  const std::vector<TokenId>* unmerged =
      nullptr;  // tokens that whole pieces are, though merging does not reach them
};

// A model for text that no normalizer has rewritten: where it may be cut, and what encodes the pieces (with the scratch of
// the model it comes from).
struct DirectModel {
  CutPairs cuts;
  std::unique_ptr<const PieceEncoder> encoder;
};

class PieceModel {
 public:
  virtual ~PieceModel() = default;
  virtual std::unique_ptr<PieceScratch> MakeScratch() const = 0;
  // Itself as what the piece cache asks; null if its pieces are not remembered.
  virtual const PieceEncoder* piece_encoder() const { return nullptr; }
  // For a text as a whole (no splitter cuts it) whose normalizer does nothing but write the character `blank` for each
  // blank: what encodes the text as it was before, with the same ids. Nothing if ids could differ where a text is cut.
  virtual std::optional<DirectModel> MakeDirect(std::string_view blank) const {
    (void)blank;
    return std::nullopt;
  }
  // Appends the tokens of `piece`. Pieces are at most 4 GiB - 1 bytes. O(n log n) or better.
  // Errors: TOK-E013 where the peer fails too (unknown token wanted but not in the vocabulary).
  virtual absl::Status Encode(std::string_view piece, PieceScratch* scratch,
                              std::vector<PieceToken>* tokens) const = 0;
  virtual std::string Name() const = 0;
  // Its tokens are the bytes of the piece, end to end, each as long as the vocabulary says.
  virtual bool TokensTile() const { return false; }
  // It draws by lot: piece_encoder() is null, and BeginDocument is told of each document.
  virtual bool IsRandom() const { return false; }
  // What a frozen image keeps of the model.
  virtual ModelTables tables() const { return {}; }
};

// The same out of a frozen image; what is missing is built from the spec.
struct ReadyBpeTables {
  std::optional<MergeTable> merges;
  std::optional<BytePairs> byte_pairs;
  std::optional<JoinFilter> joins;
  std::optional<std::vector<TokenId>> unmerged;
};
absl::StatusOr<std::unique_ptr<const PieceModel>> MakeBpeModel(const BpeModelSpec& spec,
                                                               const Vocabulary& vocabulary,
                                                               VocabularyAlphabet alphabet,
                                                               ReadyBpeTables ready = {});
absl::StatusOr<std::unique_ptr<const PieceModel>> MakeSentencePieceBpeModel(const BpeModelSpec& spec,
                                                                            const Vocabulary& vocabulary);
absl::StatusOr<std::unique_ptr<const PieceModel>> MakePickyBpeModel(const PickyBpeModelSpec& spec,
                                                                    const Vocabulary& vocabulary,
                                                                    VocabularyAlphabet alphabet);
absl::StatusOr<std::unique_ptr<const PieceModel>> MakeUnigramModel(const UnigramModelSpec& spec,
                                                                   const Vocabulary& vocabulary,
                                                                   VocabularyAlphabet alphabet);
absl::StatusOr<std::unique_ptr<const PieceModel>> MakeWordPieceModel(const WordPieceModelSpec& spec,
                                                                     const Vocabulary& vocabulary,
                                                                     VocabularyAlphabet alphabet);
absl::StatusOr<std::unique_ptr<const PieceModel>> MakeWordLevelModel(const WordLevelModelSpec& spec,
                                                                     const Vocabulary& vocabulary,
                                                                     VocabularyAlphabet alphabet);
absl::StatusOr<std::unique_ptr<const PieceModel>> MakeSentencePieceLookupModel(
    const SentencePieceLookupModelSpec& spec, const Vocabulary& vocabulary);
// Of spec.scheme, which is not own. Errors: TOK-E022 if the vocabulary cannot be used so.
absl::StatusOr<std::unique_ptr<const PieceModel>> MakeSchemeModel(const TokenizerSpec& spec);

}  // namespace tok

#endif  // TOK_SRC_MODEL_PIECE_MODEL_H_
