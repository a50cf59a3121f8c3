#ifndef TOK_BINDINGS_PIECE_COUNTS_BINDING_H_
#define TOK_BINDINGS_PIECE_COUNTS_BINDING_H_

#include <pybind11/pybind11.h>

#include <utility>

#include "tok/piece_counts.h"

namespace tok::python {

// libtok._libtok.PieceCounts. Counting leaves pieces in an order that differs from run to run, which nobody may see; trainers need
// none. They are put into byte order when first looked at.
// Threads, forks: all is called with the GIL, which guards the members. So no fork from Python comes while another thread is at
// them, and no lock is held while pieces are sorted: where several threads sort at once, one's result stays.
class SharedCounts {
 public:
  explicit SharedCounts(PieceCounts counts, bool is_sorted = false)
      : counts_(std::move(counts)), is_sorted_(is_sorted) {}

  // In some order. A cheap copy, which stays as it is.
  PieceCounts InAnyOrder() const { return counts_; }
  // In byte order. The GIL is released meanwhile. Raises LimitError where counts stand for 2^63 bytes of text.
  PieceCounts InOrder() const;

 private:
  mutable PieceCounts counts_;
  mutable bool is_sorted_;
};

void BindPieceCounts(pybind11::module_& module);

}  // namespace tok::python

#endif  // TOK_BINDINGS_PIECE_COUNTS_BINDING_H_
