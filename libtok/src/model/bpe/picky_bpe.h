// model/bpe/picky_bpe.h: PickyBPE, encoding side: merges and splits in the order in which training made them.
//
// Model: the bytes of a piece are the first symbols; each event in turn is applied wherever its pair, or its token, stands
// then, from the left to the right. An agenda of (event, place) leads from one event that matters to the next. Deleted
// tokens have ids behind the vocabulary's; their last event is a split, so none is left in the end.
// Source: Chizhov, Arnett, Korotkova and Yamshchikov, 2024, "BPE Gets Picky: Efficient Vocabulary Refinement During
// Tokenizer Training". Their code takes a piece that is a token for that token at once; here events alone decide.
// Cost: O(n log n) for n bytes, times how often a place is merged and split again: about once in trained tokenizers. At most
// kMaxPickySplits times for each length that tokens have, whatever a file says: a string has one token, which is split so often,
// and n strings of a length begin in the piece. 28 bytes a byte of the piece.
// Threads: immutable and shareable; scratch per thread.
#ifndef TOK_SRC_MODEL_BPE_PICKY_BPE_H_
#define TOK_SRC_MODEL_BPE_PICKY_BPE_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/model/piece_model.h"

namespace tok {

// No token is split more often; training keeps to it.
inline constexpr uint32_t kMaxPickySplits = 64;

class PickyBpe final : public PieceModel, public PieceEncoder {
 public:
  // Errors: TOK-E021 if a byte is no token, TOK-E023 for events that contradict each other or the vocabulary, or
  // that split a token too often.
  static absl::StatusOr<std::unique_ptr<const PickyBpe>> Create(const PickyBpeModelSpec& spec,
                                                                const Vocabulary& vocabulary);

  const PieceEncoder* piece_encoder() const override { return this; }
  // Pieces are not cut.
  bool PartsDiffer() const override { return false; }
  size_t NextCuts(std::string_view, size_t, size_t, size_t, std::span<size_t>) const override { return 0; }

  std::unique_ptr<PieceScratch> MakeScratch() const override { return std::make_unique<Scratch>(); }
  absl::Status Encode(std::string_view piece, PieceScratch* scratch,
                      std::vector<PieceToken>* tokens) const override;
  std::string Name() const override;

 private:
  using Event = PickyBpeModelSpec::Event;
  // A token stands at its first byte.
  struct Scratch final : PieceScratch {
    std::vector<TokenId> tokens;     // kNoToken: inside a token
    std::vector<uint32_t> previous;  // first byte of the token before
    std::vector<uint64_t> agenda;    // a min-heap: event in the upper, place in the lower half
  };
  // The times of what may happen to a pair or a token, in times_.
  struct Times {
    uint32_t begin = 0, end = 0;
  };

  PickyBpe() = default;
  absl::Status CheckEvents(const Vocabulary& vocabulary);
  absl::Status CheckWork(const Vocabulary& vocabulary) const;
  void IndexEvents();
  // The first at `from` or later; kNever if there is none.
  uint32_t NextTime(const Times& times, uint32_t from) const;
  uint32_t EndOf(const Scratch& scratch, uint32_t place) const {
    return place + lengths_[scratch.tokens[place]];
  }
  // Leaves the tokens of the piece in the scratch, each at its first byte.
  void Run(std::string_view piece, Scratch* scratch) const;
  void Plan(uint32_t place, uint32_t n_bytes, uint32_t from, Scratch* scratch) const;
  void EncodeGroup(std::span<const Piece> pieces, PieceScratch* scratch, std::vector<TokenId>* ids,
                   std::span<uint32_t> ends) const override;

  std::vector<Event> events_;
  std::array<TokenId, 256> byte_ids_;
  std::vector<uint32_t> lengths_;  // in bytes, of deleted tokens too
  std::vector<uint32_t> times_;
  absl::flat_hash_map<uint64_t, Times> merges_of_;  // by pair
  std::vector<Times> splits_of_;                    // by token
  size_t n_splits_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_PICKY_BPE_H_
