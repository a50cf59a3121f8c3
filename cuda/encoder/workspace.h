// cuda/encoder/workspace.h: what one call of DeviceEncoder works in, laid out in the caller's memory.
#ifndef TOK_CUDA_ENCODER_WORKSPACE_H_
#define TOK_CUDA_ENCODER_WORKSPACE_H_

#include <cstddef>
#include <cstdint>

#include "cuda/kernels/amend.h"
#include "cuda/kernels/cut.h"
#include "cuda/kernels/emit.h"
#include "cuda/kernels/matches.h"
#include "cuda/kernels/merge.h"
#include "cuda/kernels/pieces.h"
#include "cuda/kernels/prepare.h"
#include "cuda/kernels/splice.h"
#include "cuda/kernels/split.h"

namespace tok::cuda {

struct Workspace {
  TextOnDevice text;
  Counters* counters;
  uint32_t* document_statuses;
  uint32_t* document_begins;
  SplitOutput split;
  CutOutput cut;
  MatchOutput matches;
  SpliceWork splice;
  PieceOutput pieces;
  MergeOutput merge;
  void* scratch;  // of one stage at a time
  size_t n_bytes;

  // At `memory`, or with null only its size.
  static Workspace At(void* memory, PatternFamily family, int64_t max_text_bytes, int64_t n_documents);
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_ENCODER_WORKSPACE_H_
