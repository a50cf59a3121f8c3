// cuda/stream/staging.h: the host's text where a device can copy it at full speed.
#ifndef TOK_CUDA_STREAM_STAGING_H_
#define TOK_CUDA_STREAM_STAGING_H_

#include <cstddef>
#include <string_view>

namespace tok::cuda {

// Whether CUDA knows the memory of the first byte and of the last as pinned.
bool IsPinned(std::string_view text);

// memcpy by several threads, n_threads as for ParallelFor.
void CopyWithThreads(std::string_view text, unsigned n_threads, char* to);

}  // namespace tok::cuda

#endif  // TOK_CUDA_STREAM_STAGING_H_
