// libtok._libtok: what Python calls. Thin: everything that can be Python is, in bindings/libtok.
#include <pybind11/pybind11.h>

#include "bindings/arrow_data.h"
#include "bindings/errors.h"
#include "bindings/files_binding.h"
#include "bindings/hugging_face_binding.h"
#include "bindings/long_calls.h"
#include "bindings/piece_counts_binding.h"
#include "bindings/piece_rules_binding.h"
#include "bindings/tokenizer_binding.h"
#include "bindings/training_binding.h"

PYBIND11_MODULE(_libtok, module, pybind11::mod_gil_not_used()) {
  module.attr("__version__") = TOK_VERSION;
  tok::python::EndCallsAtExit();
  tok::python::DefineErrors(module);
  tok::python::BindTokenizer(module);
  tok::python::BindFiles(module);
  tok::python::BindPieceRules(module);
  tok::python::BindPieceCounts(module);
  tok::python::BindTraining(module);
  module.def("arrow_of_ragged", &tok::python::ArrowOfRagged, pybind11::arg("ids"), pybind11::arg("offsets"));
  tok::python::BindHuggingFace(module);
}
