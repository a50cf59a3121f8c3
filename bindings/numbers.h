// bindings/numbers.h: an id that a caller gives, with plain words for what is none. Other numbers are checked in Python
// (libtok/_arguments.py).
#ifndef TOK_BINDINGS_NUMBERS_H_
#define TOK_BINDINGS_NUMBERS_H_

#include <pybind11/pybind11.h>

#include <cstdint>
#include <limits>
#include <string>

#include "bindings/errors.h"
#include "tok/types.h"

namespace tok::python {

// Raises TypeError for what is no whole number.
inline pybind11::int_ WholeNumber(const pybind11::object& value) {
  PyObject* const number = PyNumber_Index(value.ptr());
  if (number == nullptr) throw pybind11::error_already_set();
  return pybind11::reinterpret_steal<pybind11::int_>(number);
}

[[noreturn]] inline void RaiseUnknownId(const std::string& id) {
  Raise(MakeError(ErrorCode::kInvalidId, "id " + id, "is not in the vocabulary"));
}

// Raises UnknownIdError for what no vocabulary has.
inline TokenId IdOf(const pybind11::object& value) {
  const pybind11::int_ number = WholeNumber(value);
  const bool fits =
      !(number < pybind11::int_(0)) && !(number > pybind11::int_(std::numeric_limits<TokenId>::max()));
  if (!fits) RaiseUnknownId(pybind11::str(number));
  return number.cast<TokenId>();
}

}  // namespace tok::python

#endif  // TOK_BINDINGS_NUMBERS_H_
