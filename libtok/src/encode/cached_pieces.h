// encode/cached_pieces.h: pieces to ids through the piece cache: the loop that nearly all text goes through.
//
// Model: long pieces are cut where no token reaches across (PieceEncoder::NextCuts) and their parts take their place; keys
// of a batch are made and their cache lines prefetched before the first one is needed; what the cache does not know is
// worked out, many at once, and remembered.
// Cost: a hit is one cache line and about 49 instructions, key and hash included; no allocation a piece.
// Threads: cache and scratch belong to one thread.
#ifndef TOK_SRC_ENCODE_CACHED_PIECES_H_
#define TOK_SRC_ENCODE_CACHED_PIECES_H_

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "src/encode/piece_cache.h"
#include "src/model/piece_model.h"
#include "tok/types.h"

namespace tok {

inline constexpr size_t kMaxBatchPieces = 256;

// Appends the ids of the pieces that tile [begin, ends.back()) of `text`: at most kMaxBatchPieces of them or none, each
// shorter than 4 GiB. `only_short_characters`: they surely have none of more than two bytes. `scratch` is one of the model
// that `encoder` is.
void EncodeCachedPieces(const PieceEncoder& encoder, std::string_view text, size_t begin,
                        std::span<const size_t> ends, bool only_short_characters, PieceCache* cache,
                        PieceScratch* scratch, std::vector<TokenId>* ids);
// Also how many ids there are behind each piece: id_ends[i] belongs to ends[i].
void EncodeCachedPieces(const PieceEncoder& encoder, std::string_view text, size_t begin,
                        std::span<const size_t> ends, bool only_short_characters, PieceCache* cache,
                        PieceScratch* scratch, std::vector<TokenId>* ids, size_t* id_ends);

}  // namespace tok

#endif  // TOK_SRC_ENCODE_CACHED_PIECES_H_
