// encode/seeded_pieces.h: piece -> ids, worked out before a tokenizer was frozen: what its first texts need not work out.
//
// Model: two read-only tables of the layout of piece_table.h, mapped from the image and so shared by all threads and
// processes. A piece that a thread's own cache does not know is looked up here before it is merged. Every entry carries a
// check of its own, made when it is used: loading reads nothing of the tables, and a damaged or forged entry is one that
// is not there.
// Cost: one cache line that is not in the cache yet; prefetch it.
// Threads: immutable and shareable.
#ifndef TOK_SRC_ENCODE_SEEDED_PIECES_H_
#define TOK_SRC_ENCODE_SEEDED_PIECES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "src/encode/piece_table.h"
#include "tok/types.h"

namespace tok {

using ShortPieces = PieceTable<16>;
using MediumPieces = PieceTable<32>;

class SeededPieces {
 public:
  // The tables as bytes, for an image.
  struct Tables {
    std::string shorts, mediums;
  };
  // Of all entries that hold their ids themselves.
  static Tables Build(const ShortPieces& shorts, const MediumPieces& mediums);

  // Without pieces.
  SeededPieces() = default;
  // Borrows tables, which `owner` keeps alive. Bytes that are no table are one without pieces; entries with ids of n_ids
  // and above are not there.
  SeededPieces(std::string_view shorts, std::string_view mediums, size_t n_ids,
               std::shared_ptr<const void> owner);

  void Prefetch(const ShortPieces::Key&, uint32_t hash) const { shorts_.Prefetch(hash); }
  void Prefetch(const MediumPieces::Key&, uint32_t hash) const { mediums_.Prefetch(hash); }
  // False if it is not there.
  bool Find(const ShortPieces::Key& key, uint32_t hash, ShortPieces::Entry* found) const {
    return FindIn<ShortPieces>(shorts_, key, hash, found);
  }
  bool Find(const MediumPieces::Key& key, uint32_t hash, MediumPieces::Entry* found) const {
    return FindIn<MediumPieces>(mediums_, key, hash, found);
  }

 private:
  template <typename Table>
  bool FindIn(const typename Table::View& view, const typename Table::Key& key, uint32_t hash,
              typename Table::Entry* found) const;

  ShortPieces::View shorts_ = NoPieces<ShortPieces>();
  MediumPieces::View mediums_ = NoPieces<MediumPieces>();
  size_t n_ids_ = 0;
  std::shared_ptr<const void> owner_;

  template <typename Table>
  static typename Table::View NoPieces();
  template <typename Table>
  static typename Table::View ViewOf(std::string_view bytes);
};

}  // namespace tok

#endif  // TOK_SRC_ENCODE_SEEDED_PIECES_H_
