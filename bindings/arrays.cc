#include "bindings/arrays.h"

namespace py = pybind11;

namespace tok::python {

IdsArgument::IdsArgument(const py::object& ids) : held_(py::array::ensure(ids)) {
  if (!held_) {
    PyErr_Clear();
    throw py::type_error("ids are a sequence or an array of integers");
  }
  if (held_.ndim() != 1) throw py::type_error("ids have one dimension, not " + std::to_string(held_.ndim()));
  const char kind = held_.dtype().kind();
  if (held_.size() > 0 && kind != 'i' && kind != 'u') throw py::type_error("ids are integers");
  if (kind == 'u' && held_.itemsize() == sizeof(TokenId) && (held_.flags() & py::array::c_style) != 0) {
    ids_ = {static_cast<const TokenId*>(held_.data()), static_cast<size_t>(held_.size())};
    return;
  }
  const py::array_t<int64_t, py::array::forcecast> wide(held_);
  const auto values = wide.unchecked<1>();
  copied_.resize(static_cast<size_t>(wide.size()));
  for (py::ssize_t i = 0; i < wide.size(); ++i) {
    if (values(i) < 0 || values(i) > int64_t{UINT32_MAX}) {
      PyErr_SetString(PyExc_OverflowError, (std::to_string(values(i)) + " is no id").c_str());
      throw py::error_already_set();
    }
    copied_[static_cast<size_t>(i)] = static_cast<TokenId>(values(i));
  }
  ids_ = copied_;
}

}  // namespace tok::python
