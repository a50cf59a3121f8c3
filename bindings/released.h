// bindings/released.h: work while other Python threads run. It touches nothing of Python's, and is not interrupted.
#ifndef TOK_BINDINGS_RELEASED_H_
#define TOK_BINDINGS_RELEASED_H_

#include "bindings/errors.h"
#include "bindings/long_calls.h"

namespace tok::python {

// What work() gives.
template <typename Work>
auto OutsideGil(const Work& work) {
  const WithoutGil released;
  return work();
}

// The value that work(), a StatusOr, has; or its error, raised.
template <typename Work>
auto Released(const Work& work) {
  return ValueOrRaise(OutsideGil(work));
}

}  // namespace tok::python

#endif  // TOK_BINDINGS_RELEASED_H_
