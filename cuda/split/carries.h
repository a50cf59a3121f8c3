// cuda/split/carries.h: what comes into each chunk, out of the summaries of those before it and behind it.
#ifndef TOK_CUDA_SPLIT_CARRIES_H_
#define TOK_CUDA_SPLIT_CARRIES_H_

#include <cstdint>

#include "cuda/base/device_code.h"
#include "cuda/split/starts.h"

namespace tok::cuda {

// Of two neighbours that the text goes through in this order: associative.
struct CombineUp {
  TOK_DEVICE_METHOD ChunkSummary operator()(const ChunkSummary& first, const ChunkSummary& second) const {
    ChunkSummary both;
    both.up = static_cast<uint8_t>(second.up | (second.up_passes & first.up));
    both.up_passes = second.up_passes & first.up_passes;
    both.n_numbers = static_cast<uint8_t>(second.numbers_pass ? (first.n_numbers + second.n_numbers) % 3
                                                              : second.n_numbers);
    both.numbers_pass = second.numbers_pass & first.numbers_pass;
    return both;
  }
};

// The other way round: `first` is the one that lies behind.
struct CombineDown {
  TOK_DEVICE_METHOD ChunkSummary operator()(const ChunkSummary& first, const ChunkSummary& second) const {
    ChunkSummary both;
    both.down = static_cast<uint8_t>(second.down | (second.down_passes & first.down));
    both.down_passes = second.down_passes & first.down_passes;
    return both;
  }
};

// What a chunk brings to the one behind it, by its summary. Not always what it brings in the end: whether symbols absorb what it
// begins with decides whether marks behind that are symbols. Then its edge, a byte of a run that reaches there, is unsure.
// (White space depends on that too, but what goes on before the chunk as white space has not been absorbed.)
TOK_DEVICE_CODE uint8_t ExpectedUp(const Carries& in, const ChunkSummary& summary) {
  return static_cast<uint8_t>(summary.up | (summary.up_passes & in.up));
}

}  // namespace tok::cuda

#endif  // TOK_CUDA_SPLIT_CARRIES_H_
