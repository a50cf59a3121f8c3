// cuda/tables/host_tables.h: everything that the device looks up, made from a tokenizer, in the host's memory.
//
// Tables of pieces begin with the vocabulary, each token as the ids that the exact encoder gives for a piece of its bytes.
#ifndef TOK_CUDA_TABLES_HOST_TABLES_H_
#define TOK_CUDA_TABLES_HOST_TABLES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "cuda/split/char_table.h"
#include "cuda/tables/pair_table.h"
#include "cuda/tables/piece_table.h"
#include "cuda/tables/token_trie.h"
#include "cuda/tables/whole_tokens.h"
#include "src/split/splitter.h"
#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok::cuda {

struct TableSizes {
  unsigned log_pieces = 19;  // slots of 32 bytes: the L2 of an H100 holds them
  unsigned log_longer = 20;  // of 64 bytes
};

struct HostTables {
  PatternFamily family;
  CharTable chars;
  std::span<const uint64_t> joins;  // of the tokenizer
  std::vector<uint32_t> byte_ids;
  PairTable pairs;
  WholeTokens whole;
  PieceTable<16> pieces;
  PieceTable<32> longer;
  // Added tokens; `is_simple`: they can be matched in any order, and look at nothing beside them.
  TokenTrie added;
  std::vector<uint32_t> added_tokens;  // places in the spec's list, by the trie's numbers
  bool added_are_simple;
};

// Errors: TOK-E022 for what is not done on a GPU; TOK-E030 for ids or tokens too large for the tables.
absl::StatusOr<HostTables> MakeHostTables(const Tokenizer& tokenizer, const TableSizes& sizes = {});

}  // namespace tok::cuda

#endif  // TOK_CUDA_TABLES_HOST_TABLES_H_
