// bindings/released.h: work while other Python threads run. It touches nothing of Python's, and is not interrupted.
#ifndef TOK_BINDINGS_RELEASED_H_
#define TOK_BINDINGS_RELEASED_H_

#include <pybind11/pybind11.h>

#include "bindings/errors.h"

namespace tok::python {

template <typename Work>
auto WithoutGil(const Work& work) {
  const pybind11::gil_scoped_release released;
  return work();
}

// The value that work(), a StatusOr, has; or its error, raised.
template <typename Work>
auto Released(const Work& work) {
  return ValueOrRaise(WithoutGil(work));
}

}  // namespace tok::python

#endif  // TOK_BINDINGS_RELEASED_H_
