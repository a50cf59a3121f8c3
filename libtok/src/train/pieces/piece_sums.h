// train/pieces/piece_sums.h: tables of several threads added up into PieceCounts.
#ifndef TOK_SRC_TRAIN_PIECES_PIECE_SUMS_H_
#define TOK_SRC_TRAIN_PIECES_PIECE_SUMS_H_

#include <memory>
#include <vector>

#include "src/train/pieces/counting_table.h"
#include "tok/piece_counts.h"

namespace tok {

// The sums of all tables, in no particular order. Each part of the tables is added up by a thread of its own.
PieceCounts SumTables(std::vector<std::unique_ptr<CountingTable>> tables, PieceCounts::Origin origin,
                      unsigned n_threads);

}  // namespace tok

#endif  // TOK_SRC_TRAIN_PIECES_PIECE_SUMS_H_
