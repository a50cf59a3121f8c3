#include "bindings/text_view.h"

#include <string>

namespace py = pybind11;

namespace tok::python {

std::string_view ViewOf(py::handle text) {
  if (PyUnicode_Check(text.ptr())) {
    Py_ssize_t n_bytes = 0;
    const char* const bytes = PyUnicode_AsUTF8AndSize(text.ptr(), &n_bytes);
    if (bytes == nullptr) throw py::error_already_set();
    return {bytes, static_cast<size_t>(n_bytes)};
  }
  if (PyBytes_Check(text.ptr())) {
    return {PyBytes_AS_STRING(text.ptr()), static_cast<size_t>(PyBytes_GET_SIZE(text.ptr()))};
  }
  throw py::type_error(std::string("text is str or bytes, not ") + Py_TYPE(text.ptr())->tp_name);
}

TextViews::TextViews(const py::object& texts) {
  if (PyUnicode_Check(texts.ptr()) || PyBytes_Check(texts.ptr())) {
    throw py::type_error("texts are a list of str or bytes, not one of them; use encode for a single text");
  }
  if (IsArrow(texts)) {
    columns_.emplace(texts, &views_);
  } else {
    objects_ = py::tuple(texts);
    views_.reserve(objects_.size());
    for (const py::handle text : objects_) {
      if (!PyUnicode_Check(text.ptr()) && !PyBytes_Check(text.ptr())) {
        throw py::type_error("text " + std::to_string(views_.size()) + " is str or bytes, not " +
                             Py_TYPE(text.ptr())->tp_name);
      }
      views_.push_back(ViewOf(text));
    }
  }
  for (const std::string_view view : views_) n_bytes_ += view.size();
}

}  // namespace tok::python
