// encode/device_tables.h: what a tokenizer's work on a GPU is made from.
//
// Model: byte-level BPE behind one of the known patterns, without normalizer and prefix: GPT-2, cl100k, o200k, Llama 3 and their like.
// Everything else is refused by name.
#ifndef TOK_SRC_ENCODE_DEVICE_TABLES_H_
#define TOK_SRC_ENCODE_DEVICE_TABLES_H_

#include <array>
#include <cstddef>
#include <vector>

#include "src/model/bpe/join_filter.h"
#include "src/model/bpe/merge_table.h"
#include "src/model/piece_model.h"
#include "src/split/splitter.h"
#include "tok/tokenizer.h"

namespace tok {

// The most that a GPU's tables and records hold.
inline constexpr size_t kMaxDeviceIds = size_t{1} << 18, kMaxDeviceTokenBytes = 1024;

struct DeviceTables {
  PatternFamily family;
  std::array<TokenId, 256> byte_ids;
  const MergeTable* merges;
  const JoinFilter* joins;
  const std::vector<TokenId>* unmerged;  // tokens that whole pieces are, though merging does not reach them
  const PieceModel* model;
};

// Views into the tokenizer. Errors: those of CheckForGpu (tok/batch_encoder.h).
absl::StatusOr<DeviceTables> DeviceTablesOf(const Tokenizer& tokenizer);

}  // namespace tok

#endif  // TOK_SRC_ENCODE_DEVICE_TABLES_H_
