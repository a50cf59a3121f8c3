// libtok._libtok: what Python calls. Thin: everything that can be Python is, in bindings/libtok.
#include <pybind11/pybind11.h>

#include "bindings/arrow_data.h"
#ifdef TOK_PYTHON_CUDA
#include "bindings/cuda/cuda_binding.h"
#endif
#include "bindings/errors.h"
#include "bindings/files_binding.h"
#include "bindings/hugging_face_binding.h"
#include "bindings/long_calls.h"
#include "bindings/measure_binding.h"
#include "bindings/piece_counts_binding.h"
#include "bindings/piece_rules_binding.h"
#include "bindings/ranks_binding.h"
#include "bindings/tokenizer_binding.h"
#include "bindings/training_binding.h"

namespace py = pybind11;

namespace {

PyObject* NewObject(PyTypeObject* type, PyObject* args, PyObject* kwargs) {
  return py::detail::pybind11_object_new(type, args, kwargs);
}

// Objects without a value crash, so `T.__new__(T)` must raise. That __new__ is the one of pybind11's base class, and Python refuses
// to let it make objects of a class that has another. Subclasses could do the same in their __init__.
void CloseClasses(const py::module_& module) {
  const py::dict names = module.attr("__dict__");
  for (const auto& [name, value] : names) {
    if (Py_TYPE(value.ptr()) != py::detail::get_internals().default_metaclass) continue;
    auto* const type = reinterpret_cast<PyTypeObject*>(value.ptr());
    type->tp_new = NewObject;
    type->tp_flags &= ~Py_TPFLAGS_BASETYPE;
    PyType_Modified(type);
  }
}

}  // namespace

PYBIND11_MODULE(_libtok, module, py::mod_gil_not_used()) {
  module.attr("__version__") = TOK_VERSION;
  tok::python::EndCallsAtExit();
  tok::python::DefineErrors(module);
  tok::python::BindTokenizer(module);
  tok::python::BindFiles(module);
  tok::python::BindRanks(module);
  tok::python::BindPieceRules(module);
  tok::python::BindPieceCounts(module);
  tok::python::BindTraining(module);
  tok::python::BindMeasure(module);
  module.def("arrow_of_ragged", &tok::python::ArrowOfRagged, py::arg("ids"), py::arg("offsets"));
  tok::python::BindHuggingFace(module);
#ifdef TOK_PYTHON_CUDA
  tok::python::BindCuda(module);
#endif
  CloseClasses(module);
}
