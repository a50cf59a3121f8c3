// encode/superword_pieces.h: pieces as long as lines to ids: words through the piece cache, then superwords.
//
// Cost: a look-up a word, as in EncodeCachedPieces, and one a token left. Threads: cache and scratch belong to one thread.
#ifndef TOK_SRC_ENCODE_SUPERWORD_PIECES_H_
#define TOK_SRC_ENCODE_SUPERWORD_PIECES_H_

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "src/encode/piece_cache.h"
#include "src/model/bpe/superword_bpe.h"
#include "src/split/splitter.h"
#include "tok/types.h"

namespace tok {

// Appends the ids of the pieces that tile [begin, ends.back()) of `text`. The cache is used for nothing else.
// `words`: a splitter of PatternFamily::kSpacedWords.
void EncodeSuperwordPieces(const SuperwordBpe& model, const Splitter& words, std::string_view text,
                           size_t begin, std::span<const size_t> ends, PieceCache* cache,
                           PieceScratch* scratch, std::vector<TokenId>* ids);

}  // namespace tok

#endif  // TOK_SRC_ENCODE_SUPERWORD_PIECES_H_
