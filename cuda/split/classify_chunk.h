// cuda/split/classify_chunk.h: the class masks of a chunk (starts.h).
#ifndef TOK_CUDA_SPLIT_CLASSIFY_CHUNK_H_
#define TOK_CUDA_SPLIT_CLASSIFY_CHUNK_H_

#include <cstdint>

#include "cuda/split/class_masks.h"

namespace tok::cuda {

// A word's classes, and what it leaves to the next.
struct ClassifiedWord {
  ClassMasks<uint32_t> masks;
  uint32_t spilled;  // SpilledChar: class << 2 | bytes
};

TOK_DEVICE_CODE ClassifiedWord ClassifyWord(const TextWord& word, uint32_t ahead,
                                            const CharTableView& table) {
  const BytePlanes planes = PlanesOf(word);
  ClassifiedWord classified = {ClassifyAscii(planes), 0};
  if (planes.bit[7] == 0) return classified;
  const SpilledChar spilled = ClassifyLongChars(word, ahead, planes.bit[7], table, &classified.masks);
  classified.spilled = spilled.char_class << 2 | spilled.n_bytes;
  return classified;
}

// `ahead`: the four bytes behind each word.
template <typename Warp>
TOK_WARP_CODE auto ClassifyChunk(const Warp& warp, const typename Warp::template Value<TextWord>& text,
                                 const typename Warp::template Value<uint32_t>& ahead,
                                 const CharTableView& table) {
  using Mask = typename Warp::template Value<uint32_t>;
  auto words =
      warp.Map([&table](const TextWord& word, uint32_t behind) { return ClassifyWord(word, behind, table); },
               text, ahead);
  const Mask spilled = warp.Map([](const ClassifiedWord& word) { return word.spilled; }, words);
  if (warp.Any(spilled)) {
    words = warp.Map(
        [](ClassifiedWord word, uint32_t bits) {
          AddSpilled({bits >> 2, bits & 3}, &word.masks);
          return word;
        },
        words, warp.FromLaneBefore(spilled));
  }
  const auto mask = [&](auto member) {
    return warp.Map([member](const ClassifiedWord& word) { return word.masks.*member; }, words);
  };
  using Word = ClassMasks<uint32_t>;
  return ClassMasks<Mask>{mask(&Word::upper),      mask(&Word::lower),        mask(&Word::digit),
                          mask(&Word::space),      mask(&Word::newline),      mask(&Word::blank),
                          mask(&Word::apostrophe), mask(&Word::slash),        mask(&Word::caseless),
                          mask(&Word::mark),       mask(&Word::continuation), mask(&Word::invalid)};
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_SPLIT_CLASSIFY_CHUNK_H_
