// train/pieces/piece_cutter.h: documents to pieces by the rules of a tokenizer that is yet to be trained.
//
// Threads: immutable and shareable; a Scratch belongs to one thread.
#ifndef TOK_SRC_TRAIN_PIECES_PIECE_CUTTER_H_
#define TOK_SRC_TRAIN_PIECES_PIECE_CUTTER_H_

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "src/normalize/normalizer.h"
#include "src/split/pre_tokenizer.h"
#include "tok/piece_counts.h"
#include "tok/status.h"
#include "tok/types.h"

namespace tok {

class PieceCutter {
 public:
  // Pieces of a text, increasing, in batches.
  using Use = std::function<void(std::string_view text, std::span<const PieceRange> pieces)>;

  // Errors: those of Normalizer::Create and PreTokenizer::Create.
  static absl::StatusOr<PieceCutter> Create(const PieceRules& rules);

  // Errors: TOK-E010 for invalid UTF-8, by policy; those of normalizers and patterns; their place is "byte N" where it is
  // known.
  absl::Status Cut(std::string_view document, Utf8Policy utf8, const Use& use) const;
  // Without a copy of the document. `is_invalid`: it has bytes that are not UTF-8, and they are to stay.
  bool CutsInPlace(std::string_view document, bool is_invalid) const;
  // The document in parts of about part_bytes whose pieces, together, are its own; one part if it cannot be cut.
  std::vector<std::string_view> Parts(std::string_view document, size_t part_bytes) const;

 private:
  PieceCutter() = default;
  absl::Status CutRewritten(std::string_view text, const Use& use) const;

  Normalizer normalizer_;
  PreTokenizer pre_tokenizer_;
  bool is_local_ = false;  // the normalizer never acts across a place where the splitter can be cut
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_PIECES_PIECE_CUTTER_H_
