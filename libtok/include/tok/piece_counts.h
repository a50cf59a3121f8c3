// tok/piece_counts.h: how often each piece occurs in a corpus: what every trainer starts from.
//
// Model: the multiset of pieces that a splitter cuts out of documents, as unique byte strings with counts. Adding up is all
// that ever happens to counts: any split of a corpus into parts, counted in any order by any number of threads or machines
// and merged, gives the same counts. Counts cut by different rules are not to be mixed: PieceRules and the unit of sequence
// travel with them.
// Units: counts are u64 (a sum beyond is TOK-E030); bytes are raw for byte-level rules (VocabularyAlphabet::kBytes), else
// text as the normalizer left it.
// Threads: immutable once made; plain values.
#ifndef TOK_PIECE_COUNTS_H_
#define TOK_PIECE_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tok/tokenizer_spec.h"

namespace tok {

struct CountedPiece {
  std::string_view bytes;
  uint64_t count;
};

// What decides where pieces begin and end.
struct PieceRules {
  UnicodeProfileName unicode_profile = UnicodeProfileName::kHuggingFace;
  VocabularyAlphabet alphabet = VocabularyAlphabet::kBytes;
  std::vector<normalizer::Step> normalizers;
  std::vector<pretokenizer::Step> pre_tokenizers;
};

class PieceCounts {
 public:
  struct Origin {
    PieceRules rules;
    std::string sequence_unit;  // "file", "lines", "lines-lf", "jsonl:FIELD", "sep:STR": what was one document
    uint64_t n_documents = 0;
    uint64_t n_bytes = 0;  // of the documents
  };

  PieceCounts() = default;
  // Views into storage that `owner` keeps alive: piece i is blob[ends[i-1] .. ends[i]), with counts[i] > 0. Pieces differ.
  PieceCounts(Origin origin, std::string_view blob, std::span<const uint64_t> ends,
              std::span<const uint64_t> counts, std::shared_ptr<const void> owner)
      : origin_(std::move(origin)), blob_(blob), ends_(ends), counts_(counts), owner_(std::move(owner)) {}

  const Origin& origin() const { return origin_; }
  size_t n_unique() const { return ends_.size(); }
  size_t n_unique_bytes() const { return blob_.size(); }
  CountedPiece operator[](size_t i) const {
    const uint64_t begin = i == 0 ? 0 : ends_[i - 1];
    return {blob_.substr(begin, ends_[i] - begin), counts_[i]};
  }

 private:
  Origin origin_;
  std::string_view blob_;
  std::span<const uint64_t> ends_, counts_;
  std::shared_ptr<const void> owner_;
};

}  // namespace tok

#endif  // TOK_PIECE_COUNTS_H_
