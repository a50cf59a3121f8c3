#include "src/encode/superword_pieces.h"

#include "src/encode/cached_pieces.h"
#include "src/model/bpe/word_places.h"
#include "src/unicode/utf8.h"

namespace tok {

void EncodeSuperwordPieces(const SuperwordBpe& model, std::string_view text, size_t begin,
                           std::span<const size_t> ends, PieceCache* cache, PieceScratch* scratch,
                           std::vector<TokenId>* ids) {
  for (const size_t end : ends) {
    const size_t first = ids->size();
    const std::string_view upto = text.substr(0, end);
    // Words hold no places to cut at but between long characters.
    const bool only_short_characters = !HasLongCharacter(upto.substr(begin));
    size_t words[kMaxBatchPieces], n;
    do {
      n = NextWordPlaces(upto, begin, std::span(words, kMaxBatchPieces - 1));
      if (n < kMaxBatchPieces - 1) words[n++] = end;
      EncodeCachedPieces(model.words(), text, begin, std::span(words, n), only_short_characters, cache,
                         scratch, ids);
      begin = words[n - 1];
    } while (begin < end);
    model.MergeWords(ids, first, scratch);
  }
}

}  // namespace tok
