#include "src/model/bpe/byte_bpe.h"

#include "src/base/strings.h"

namespace tok {

bool FindByteIds(const Vocabulary& vocabulary, std::array<TokenId, 256>* byte_ids) {
  for (unsigned b = 0; b < 256; ++b) {
    const char byte = static_cast<char>(b);
    (*byte_ids)[b] = vocabulary.Find(std::string_view(&byte, 1));
    if ((*byte_ids)[b] == kNoToken) return false;
  }
  return true;
}

const std::vector<TokenId>& ByteBpe::EncodeIds(std::string_view piece, bool is_part, Scratch* scratch) const {
  std::vector<TokenId>& symbols = scratch->symbols;
  symbols.clear();
  if (whole_pieces_ && !is_part) {
    if (const TokenId id = vocabulary_.Find(piece); id != kNoToken) {
      symbols.push_back(id);
      return symbols;
    }
  }
  symbols.resize(piece.size());
  for (size_t i = 0; i < piece.size(); ++i) symbols[i] = byte_ids_[static_cast<unsigned char>(piece[i])];
  MergeSymbols(merges_, &symbols, &scratch->merge);
  return symbols;
}

void ByteBpe::EncodeTogether(std::span<const Piece> pieces, PieceScratch* scratch, std::vector<TokenId>* ids,
                             std::span<uint32_t> ends) const {
  for (size_t i = 0; i < pieces.size(); ++i) {
    const std::vector<TokenId>& piece_ids =
        EncodeIds(pieces[i].bytes, pieces[i].is_part, static_cast<Scratch*>(scratch));
    ids->insert(ids->end(), piece_ids.begin(), piece_ids.end());
    ends[i] = static_cast<uint32_t>(ids->size());
  }
}

absl::Status ByteBpe::Encode(std::string_view piece, PieceScratch* scratch,
                             std::vector<PieceToken>* tokens) const {
  uint32_t begin = 0;
  for (const TokenId id : EncodeIds(piece, /*is_part=*/false, static_cast<Scratch*>(scratch))) {
    const auto end = static_cast<uint32_t>(EndOf(id, begin, piece.size()));
    tokens->push_back({id, begin, end});
    begin = end;
  }
  return absl::OkStatus();
}

std::string ByteBpe::Name() const {
  return Concat("byte-level BPE, ", merges_.n_rules(), " merges",
                whole_pieces_ ? ", whole pieces first" : "");
}

}  // namespace tok
