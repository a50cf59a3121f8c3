#include "src/model/bpe/direct_bpe.h"

#include <string>
#include <utility>

#include "src/unicode/utf8.h"

namespace tok {

DirectBpe::DirectBpe(Parts parts, std::string_view blank) : parts_(std::move(parts)) {
  for (unsigned c = 0; c < ascii_.size(); ++c) ascii_[c] = parts_.characters.Find(c);
  AppendCharacter(DecodeUtf8(blank, 0).code_point, blank, &blank_);
  ascii_[' '] = blank_.size() == 1 ? blank_[0] : kNoToken;
}

void DirectBpe::AppendUnknown(std::string_view bytes, std::vector<TokenId>* ids) const {
  if (parts_.unknown != kNoToken) return ids->push_back(parts_.unknown);
  for (const char byte : bytes) ids->push_back(parts_.byte_ids[static_cast<unsigned char>(byte)]);
}

void DirectBpe::AppendCharacter(char32_t c, std::string_view bytes, std::vector<TokenId>* symbols) const {
  const TokenId symbol = parts_.characters.Find(c);
  if (symbol != kNoToken) return symbols->push_back(symbol);
  AppendUnknown(bytes, symbols);
}

void DirectBpe::AppendFirstSymbols(std::string_view piece, std::vector<TokenId>* symbols) const {
  for (size_t i = 0; i < piece.size();) {
    const auto first = static_cast<unsigned char>(piece[i]);
    if (first < ascii_.size() && ascii_[first] != kNoToken) {
      symbols->push_back(ascii_[first]);
      ++i;
    } else if (first == ' ') {
      symbols->insert(symbols->end(), blank_.begin(), blank_.end());
      ++i;
    } else {
      const DecodedChar c = DecodeUtf8(piece, i);
      AppendCharacter(c.code_point, piece.substr(i, c.n_bytes), symbols);
      i += c.n_bytes;
    }
  }
}

void DirectBpe::EncodeTogether(std::span<const Piece> pieces, PieceScratch* scratch,
                               std::vector<TokenId>* ids, std::span<uint32_t> ends) const {
  auto* own = static_cast<Scratch*>(scratch);
  std::string untold;
  for (size_t i = 0; i < pieces.size(); ++i) {
    own->symbols.clear();
    AppendFirstSymbols(pieces[i].bytes, &own->symbols);
    MergeSymbols(parts_.merges, &own->symbols, &own->merge);
    if (parts_.untold.empty()) {
      ids->insert(ids->end(), own->symbols.begin(), own->symbols.end());
    } else {
      for (const TokenId symbol : own->symbols) {
        if (symbol < parts_.n_ids) {
          ids->push_back(symbol);
          continue;
        }
        untold.clear();
        AppendUtf8(parts_.untold[symbol - parts_.n_ids], &untold);
        AppendUnknown(untold, ids);
      }
    }
    ends[i] = static_cast<uint32_t>(ids->size());
  }
}

}  // namespace tok
