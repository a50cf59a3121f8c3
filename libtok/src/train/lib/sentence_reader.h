// train/lib/sentence_reader.h: how LiB reads a sentence: cuts it into chunks and learns from them.
//
// Source: see tok/train_lib.h. Threads: one at a time.
#ifndef TOK_SRC_TRAIN_LIB_SENTENCE_READER_H_
#define TOK_SRC_TRAIN_LIB_SENTENCE_READER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "src/base/random_stream.h"
#include "src/train/lib/open_races.h"
#include "src/train/lib/unit_memory.h"
#include "tok/train_lib.h"

namespace tok {

class SentenceReader {
 public:
  // `random` and `memory` outlive the reader.
  SentenceReader(const LibOptions& options, RandomStream* random, UnitMemory* memory)
      : options_(options), random_(*random), memory_(*memory), races_(options.symbol, memory) {}

  // Valid symbols, at most 2^32 - 2 bytes, that stay where they are as long as the memory lives.
  void Read(std::string_view sentence);

  uint64_t n_chunks() const { return n_chunks_; }
  const OpenRaces& races() const { return races_; }

 private:
  using Unit = UnitMemory::Unit;

  // Bytes of the sentence.
  struct Place {
    size_t begin, end;
  };
  // Returns the end of the chunk that begins at `position`.
  size_t ReadChunk(size_t position);
  // The chunk at `place`, with the chunk `right` behind it, is a unit on probation: has its context changed?
  void InspectProbation(Unit unit, Place place, std::string_view right);
  // The longest unit at `position`, else the symbol there, empty at the end.
  std::string_view ChunkAt(size_t position);
  std::string_view Slice(size_t begin, size_t end) const { return sentence_.substr(begin, end - begin); }
  std::string_view LeftNeighbor() const { return Slice(previous_.begin, previous_.end); }

  const LibOptions options_;
  RandomStream& random_;
  UnitMemory& memory_;
  OpenRaces races_;
  std::string_view sentence_;
  Place before_previous_{}, previous_{};  // the two chunks before the present one, empty where there is none
  uint64_t n_chunks_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_LIB_SENTENCE_READER_H_
