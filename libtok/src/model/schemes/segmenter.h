// model/schemes/segmenter.h: the schemes that need nothing but a vocabulary, one file each.
//
// Threads: immutable and shareable; scratch per thread. Nothing recurses.
#ifndef TOK_SRC_MODEL_SCHEMES_SEGMENTER_H_
#define TOK_SRC_MODEL_SCHEMES_SEGMENTER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "src/base/random_stream.h"
#include "src/model/piece_model.h"
#include "src/model/schemes/document_draws.h"
#include "src/model/schemes/token_matcher.h"
#include "tok/types.h"

namespace tok {

struct SchemeScratch final : PieceScratch {
  void BeginDocument(uint64_t key) override { draws.BeginDocument(key); }

  struct Place {
    double cost;
    uint32_t n_bytes;  // of the last token of the best way to get here; 0: none is known
    TokenId id;
    uint32_t n_ways;  // by which it is got to at this cost
    uint32_t
        n_unspelled;  // characters on the way that no token spells: the fewer the better, whatever the cost
  };
  struct Step {
    TokenId id;  // kNoToken: what no token spells
    uint32_t begin, end;
  };
  DocumentDraws draws;
  std::vector<PieceToken> tokens;  // of several pieces
  std::vector<Place> places;
  std::vector<Step> steps;
  std::vector<uint64_t> agenda;
};

class Segmenter {
 public:
  virtual ~Segmenter() = default;
  // The tokens of [begin, piece.size()), which no token of the piece reaches out of. `draws` only where the scheme draws.
  virtual void Segment(std::string_view piece, size_t begin, RandomStream* draws, SchemeScratch* scratch,
                       SchemeOutput* output) const = 0;
};

std::unique_ptr<const Segmenter> MakeLongestPrefix(const TokenMatcher& matcher);
// Of a matcher made backward.
std::unique_ptr<const Segmenter> MakeLongestSuffix(const TokenMatcher& matcher);
// At most `max_tokens` of them, the rest of the piece is dropped; nothing: all.
std::unique_ptr<const Segmenter> MakeLongestToken(const TokenMatcher& matcher,
                                                  std::optional<uint32_t> max_tokens);
std::unique_ptr<const Segmenter> MakeFewestTokens(const TokenMatcher& matcher, bool random_ties);
// `costs`: by id. What no token spells is avoided at any cost.
std::unique_ptr<const Segmenter> MakeCheapestTokens(const TokenMatcher& matcher, std::vector<double> costs);

}  // namespace tok

#endif  // TOK_SRC_MODEL_SCHEMES_SEGMENTER_H_
