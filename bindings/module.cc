// libtok._libtok: what Python calls. Thin: everything that can be Python is, in bindings/libtok.
#include <pybind11/pybind11.h>

#include "bindings/errors.h"
#include "bindings/hugging_face_binding.h"
#include "bindings/tokenizer_binding.h"

PYBIND11_MODULE(_libtok, module, pybind11::mod_gil_not_used()) {
  module.attr("__version__") = TOK_VERSION;
  tok::python::DefineErrors(module);
  tok::python::BindTokenizer(module);
  tok::python::BindHuggingFace(module);
}
