// cuda/tables/merge_tables.h: all that merging needs. Memory of the device.
#ifndef TOK_CUDA_TABLES_MERGE_TABLES_H_
#define TOK_CUDA_TABLES_MERGE_TABLES_H_

#include <cstdint>

#include "cuda/tables/pair_table.h"

namespace tok::cuda {

// The longest piece, and the longest token, that a warp merges.
inline constexpr int kMaxMergedBytes = 1024;

struct MergeTables {
  PairTableView pairs;
  const uint32_t* byte_ids;  // 256
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_TABLES_MERGE_TABLES_H_
