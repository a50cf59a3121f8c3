#include "src/model/bpe/direct_bpe.h"

#include <algorithm>
#include <cstddef>
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

void DirectBpe::EncodeGroup(std::span<const Piece> pieces, PieceScratch* piece_scratch,
                            std::vector<TokenId>* ids, std::span<uint32_t> ends) const {
  static_assert(kMaxGroup <= MergeLanes::kMaxLanes);
  auto* scratch = static_cast<Scratch*>(piece_scratch);
  MergeLanes& lanes = scratch->lanes;
  size_t symbols_begin[MergeLanes::kMaxLanes + 1] = {};
  lanes.Clear(parts_.merges);
  scratch->symbols.clear();
  const auto symbols_of = [&](size_t i) {
    return std::span(scratch->symbols).subspan(symbols_begin[i], symbols_begin[i + 1] - symbols_begin[i]);
  };
  for (size_t i = 0; i < pieces.size(); ++i) {
    AppendFirstSymbols(pieces[i].bytes, &scratch->symbols);
    symbols_begin[i + 1] = scratch->symbols.size();
    if (symbols_of(i).size() <= MergeLanes::kMaxSymbols) lanes.Add(parts_.merges, symbols_of(i));
  }
  lanes.Merge(parts_.merges);
  for (size_t i = 0, lane = 0; i < pieces.size(); ++i) {
    const size_t begin = ids->size();
    if (const auto symbols = symbols_of(i); symbols.size() <= MergeLanes::kMaxSymbols) {
      lanes.AppendTo(ids, lane++);
    } else {
      scratch->long_piece.assign(symbols.begin(), symbols.end());
      MergeSymbols(parts_.merges, &scratch->long_piece, &scratch->merge);
      ids->insert(ids->end(), scratch->long_piece.begin(), scratch->long_piece.end());
    }
    if (!parts_.untold.empty()) SpellUntold(begin, ids);
    ends[i] = static_cast<uint32_t>(ids->size());
  }
}

void DirectBpe::SpellUntold(size_t begin, std::vector<TokenId>* ids) const {
  const auto is_untold = [this](TokenId symbol) { return symbol >= parts_.n_ids; };
  const auto from = ids->begin() + static_cast<std::ptrdiff_t>(begin);
  if (std::none_of(from, ids->end(), is_untold)) return;
  const std::vector<TokenId> symbols(from, ids->end());
  ids->resize(begin);
  std::string bytes;
  for (const TokenId symbol : symbols) {
    if (!is_untold(symbol)) {
      ids->push_back(symbol);
      continue;
    }
    bytes.clear();
    AppendUtf8(parts_.untold[symbol - parts_.n_ids], &bytes);
    AppendUnknown(bytes, ids);
  }
}

}  // namespace tok
