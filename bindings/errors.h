// bindings/errors.h: a Status as a Python exception.
//
// libtok.TokError is a ValueError; its subclasses are also what Python's own would be: NotFoundError a FileNotFoundError,
// LimitError a MemoryError, FileError an OSError. `code` is "TOK-E012". The message is the one of the command line.
#ifndef TOK_BINDINGS_ERRORS_H_
#define TOK_BINDINGS_ERRORS_H_

#include <pybind11/pybind11.h>

#include <utility>

#include "tok/status.h"

namespace tok::python {

void DefineErrors(pybind11::module_& module);

// With the GIL held.
[[noreturn]] void Raise(const absl::Status& status);

inline void RaiseIfError(const absl::Status& status) {
  if (!status.ok()) Raise(status);
}
template <typename Value>
Value ValueOrRaise(absl::StatusOr<Value> value) {
  if (!value.ok()) Raise(value.status());
  return *std::move(value);
}

}  // namespace tok::python

#endif  // TOK_BINDINGS_ERRORS_H_
