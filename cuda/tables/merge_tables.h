// cuda/tables/merge_tables.h: all that merging needs. Memory of the device.
#ifndef TOK_CUDA_TABLES_MERGE_TABLES_H_
#define TOK_CUDA_TABLES_MERGE_TABLES_H_

#include <cstdint>

#include "cuda/tables/pair_table.h"

namespace tok::cuda {

struct MergeTables {
  PairTableView pairs;
  const uint32_t* byte_ids;  // 256
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_TABLES_MERGE_TABLES_H_
