// cuda/host/split.h: the device's splitter on the host, for tests.
#ifndef TOK_CUDA_HOST_SPLIT_H_
#define TOK_CUDA_HOST_SPLIT_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "src/split/splitter.h"

namespace tok::cuda {

// Bits of bytes, 32 a word.
struct HostSplit {
  std::vector<uint32_t> starts, unsure, invalid;
};

// `offsets`: of documents, the first 0, the last the size of the text.
HostSplit SplitOnHost(PatternFamily family, std::string_view text, std::span<const int64_t> offsets);

}  // namespace tok::cuda

#endif  // TOK_CUDA_HOST_SPLIT_H_
