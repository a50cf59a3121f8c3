#include "src/encode/superword_pieces.h"

#include <algorithm>

#include "src/encode/cached_pieces.h"

namespace tok {
namespace {

// Ends of words and of pieces, in one order.
struct WordBatch {
  size_t n = 0, n_pieces = 0;
  size_t ends[kMaxBatchPieces];
  size_t last_words[kMaxBatchPieces];  // of each piece that ends here
};

}  // namespace

void EncodeSuperwordPieces(const SuperwordBpe& model, const Splitter& words, std::string_view text,
                           size_t begin, std::span<const size_t> ends, PieceCache* cache,
                           PieceScratch* scratch, std::vector<TokenId>* ids) {
  const std::string_view upto = text.substr(0, ends.back());
  SplitState state;
  state.position = begin;
  size_t places[kMaxBatchPieces], place = 0, n_places = 0;
  bool only_short_characters = true;
  size_t first = ids->size();  // of the piece at hand
  for (size_t piece = 0; piece < ends.size();) {
    WordBatch batch;
    if (place == n_places) only_short_characters = true;
    while (batch.n < kMaxBatchPieces && piece < ends.size()) {
      if (place == n_places) {
        n_places = words.Fill(upto, &state, places, kMaxBatchPieces);
        place = 0;
        only_short_characters = only_short_characters && state.only_short_characters;
      }
      const size_t end = std::min(places[place], ends[piece]);
      const bool is_last = end == ends[piece];
      batch.last_words[batch.n_pieces] = batch.n;
      batch.ends[batch.n++] = end;
      batch.n_pieces += is_last;
      piece += is_last;
      place += end == places[place];
    }
    size_t id_ends[kMaxBatchPieces];
    EncodeCachedPieces(model.words(), text, begin, std::span(batch.ends, batch.n), only_short_characters,
                       cache, scratch, ids, id_ends);
    begin = batch.ends[batch.n - 1];
    for (size_t i = 0; i < batch.n_pieces; ++i) id_ends[i] = id_ends[batch.last_words[i]];
    first = model.MergeWords(ids, first, std::span(id_ends, batch.n_pieces), scratch);
  }
}

}  // namespace tok
