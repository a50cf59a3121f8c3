// encode/cpu_batch_encoder.h: the BatchEncoder of the CPU, with sizes that tests make small.
#ifndef TOK_SRC_ENCODE_CPU_BATCH_ENCODER_H_
#define TOK_SRC_ENCODE_CPU_BATCH_ENCODER_H_

#include <cstddef>
#include <memory>

#include "tok/batch_encoder.h"
#include "tok/tokenizer.h"

namespace tok {

struct CpuBatchSizes {
  size_t n_window_bytes =
      size_t{64} << 20;  // of text worked on at once, about; a longer document goes by itself, in parts
  size_t n_chunk_ids = size_t{4} << 20;  // at most
};

std::unique_ptr<BatchEncoder> MakeCpuBatchEncoder(const Tokenizer& tokenizer, unsigned n_threads,
                                                  const CpuBatchSizes& sizes);

}  // namespace tok

#endif  // TOK_SRC_ENCODE_CPU_BATCH_ENCODER_H_
