// bindings/numbers.h: whole numbers that callers give, with plain words for those that do not fit.
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

template <typename Unsigned>
bool Fits(const pybind11::int_& number) {
  return !(number < pybind11::int_(0)) && !(number > pybind11::int_(std::numeric_limits<Unsigned>::max()));
}

// Raises ValueError for what is below 0 or too large.
template <typename Unsigned>
Unsigned NumberOf(const char* name, const pybind11::object& value) {
  const pybind11::int_ number = WholeNumber(value);
  if (Fits<Unsigned>(number)) return number.cast<Unsigned>();
  throw pybind11::value_error(std::string(name) + " is 0 to " +
                              std::to_string(std::numeric_limits<Unsigned>::max()) + ", not " +
                              pybind11::str(number).cast<std::string>());
}

[[noreturn]] inline void RaiseUnknownId(const std::string& id) {
  Raise(MakeError(ErrorCode::kInvalidId, "id " + id, "is not in the vocabulary"));
}

// Raises UnknownIdError for what no vocabulary has.
inline TokenId IdOf(const pybind11::object& value) {
  const pybind11::int_ number = WholeNumber(value);
  if (!Fits<TokenId>(number)) RaiseUnknownId(pybind11::str(number));
  return number.cast<TokenId>();
}

}  // namespace tok::python

#endif  // TOK_BINDINGS_NUMBERS_H_
