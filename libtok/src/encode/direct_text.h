// encode/direct_text.h: tokenizers that need not normalize a text before it is cut into pieces and looked up.
//
// Model: SentencePiece vocabularies (Llama 2, Gemma, Mistral) normalize by writing another character for the blank and
// perhaps a prefix before the text, have no splitter, and merge over the whole text. Where the model can be cut between the
// characters that nothing joins (PieceModel::MakeDirect), the document's own bytes are cut and encoded piece by piece.
// Threads: immutable and shareable.
#ifndef TOK_SRC_ENCODE_DIRECT_TEXT_H_
#define TOK_SRC_ENCODE_DIRECT_TEXT_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "src/model/piece_model.h"
#include "src/split/splitter.h"
#include "tok/status.h"
#include "tok/tokenizer_spec.h"

namespace tok {

// What a chain of normalizers and pre-tokenizers that keeps the text in one piece does to it.
struct BlankSpelling {
  enum class Prefix : uint8_t {
    kAlways,           // before every text
    kUnlessBlank,      // not before one that begins with a blank or its spelling
    kAtDocumentBegin,  // as kUnlessBlank, and only before the text that a document begins with
  };

  std::string blank = " ";  // one character
  std::string prefix;       // as normalized
  Prefix when = Prefix::kAlways;

  // False if the chain does anything else.
  static bool Find(const TokenizerSpec& spec, BlankSpelling* spelling);
  // What to put before `text`, which begins at byte `begin` of the document and is not empty.
  std::string_view PrefixOf(std::string_view text, uint64_t begin) const;
};

class DirectText {
 public:
  // Null if the tokenizer does not allow it. `added`: the added tokens that are looked for in the text. Errors: those of
  // MakePairSplitter.
  static absl::StatusOr<std::unique_ptr<const DirectText>> Create(const TokenizerSpec& spec,
                                                                  const PieceModel& model,
                                                                  std::span<const AddedToken> added);

  // Any text of a document may be cut where this cuts it; a prefix belongs to the first piece.
  const Splitter& splitter() const { return *splitter_; }
  const PieceEncoder& encoder() const { return *encoder_; }
  const BlankSpelling& spelling() const { return spelling_; }
  // Whether the model makes added[index] of the token's content, so that it may be taken for a piece. Looked at are only
  // short tokens of ASCII, the frequent ones.
  bool IsPiece(size_t index) const { return is_piece_[index]; }

  // As Splitter::SafeCut, of valid UTF-8; also where the encoder would cut a piece.
  size_t SafeCut(std::string_view text, size_t begin, size_t limit) const;

 private:
  DirectText() = default;
  void FindAddedPieces(const PieceModel& model, std::span<const AddedToken> added);

  BlankSpelling spelling_;
  std::shared_ptr<const Splitter> splitter_;
  std::unique_ptr<const PieceEncoder> encoder_;
  std::vector<bool> is_piece_;
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_DIRECT_TEXT_H_
