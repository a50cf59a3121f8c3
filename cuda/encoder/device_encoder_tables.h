// cuda/encoder/device_encoder_tables.h: what a DeviceEncoder and its copies look up, in the memory of their device.
#ifndef TOK_CUDA_ENCODER_DEVICE_ENCODER_TABLES_H_
#define TOK_CUDA_ENCODER_DEVICE_ENCODER_TABLES_H_

#include <cstdint>
#include <vector>

#include "cuda/encoder/uploads.h"
#include "cuda/encoder/workspace.h"
#include "cuda/kernels/learn.h"
#include "tok/cuda/device_encoder.h"

namespace tok::cuda {

struct DeviceEncoder::Tables {
  explicit Tables(const Tokenizer& of) : tokenizer(of) {}

  // On the current device.
  absl::Status Fill();
  MergeInput MergingOf(const Workspace& work) const {
    return {work.cut.starts, work.cut.cuts, longer, whole_tokens, merging};
  }

  Tokenizer tokenizer;
  int device = 0;
  PatternFamily family = {};
  std::vector<uint32_t> added_tokens;
  bool added_are_simple = true;
  Uploads uploads;
  CharTableView chars = {};
  JoinBitsView joins = {};
  MergeTables merging = {};
  WholeTokensView whole_tokens = {};
  TokenTrieView trie = {};
  PieceTableView<16> pieces = {};
  PieceTableView<32> longer = {};
  LearnOutput slots = {};
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_ENCODER_DEVICE_ENCODER_TABLES_H_
