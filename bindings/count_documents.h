// bindings/count_documents.h: pieces of the documents of a Python iterable.
//
// Model: the caller's thread takes documents from the iterable while others count those before: two batches are in memory.
#ifndef TOK_BINDINGS_COUNT_DOCUMENTS_H_
#define TOK_BINDINGS_COUNT_DOCUMENTS_H_

#include <pybind11/pybind11.h>

#include "bindings/training_progress.h"
#include "tok/piece_counts.h"

namespace tok::python {

// goes_on of `options` is its own. Raises what the iterable, signals and `progress` raise, and TypeError for documents that are
// neither str nor bytes.
PieceCounts CountDocuments(const pybind11::iterable& documents, const PieceRules& rules,
                           PieceCounterOptions options, TrainingProgress* progress);

}  // namespace tok::python

#endif  // TOK_BINDINGS_COUNT_DOCUMENTS_H_
