#include "bindings/errors.h"

#include <string>

namespace py = pybind11;

namespace tok::python {
namespace {

constexpr size_t kCodeWidth = 8;  // "TOK-E012"

struct ErrorTypes {
  PyObject *error, *not_found, *write, *limit, *special_in_text, *unknown_id, *interrupted;
};
ErrorTypes types;  // live as long as the process, as extension types do

PyObject* Define(py::module_& module, const char* name, const char* doc, PyObject* first, PyObject* second) {
  const std::string full = std::string("libtok.") + name;
  py::tuple bases = py::make_tuple(py::handle(first));
  if (second != nullptr) bases = py::make_tuple(py::handle(first), py::handle(second));
  PyObject* const type = PyErr_NewExceptionWithDoc(full.c_str(), doc, bases.ptr(), nullptr);
  if (type == nullptr) throw py::error_already_set();
  module.add_object(name, type);
  return type;
}

PyObject* TypeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNotFound: return types.not_found;
    case ErrorCode::kUnreadable:
    case ErrorCode::kWriteFailed: return types.write;
    case ErrorCode::kLimit:
    case ErrorCode::kPatternLimit: return types.limit;
    case ErrorCode::kSpecialInText: return types.special_in_text;
    case ErrorCode::kInvalidId: return types.unknown_id;
    case ErrorCode::kInterrupted: return types.interrupted;
    default: return types.error;
  }
}

}  // namespace

void DefineErrors(py::module_& module) {
  types.error = Define(module, "TokError", "What libtok could not do. `code` is stable: 'TOK-E012'.",
                       PyExc_ValueError, nullptr);
  types.not_found = Define(module, "NotFoundError", "A file or bundled name does not exist.", types.error,
                           PyExc_FileNotFoundError);
  types.write =
      Define(module, "FileError", "A file could not be read or written.", types.error, PyExc_OSError);
  types.limit = Define(module, "LimitError", "A stated limit was exceeded.", types.error, PyExc_MemoryError);
  types.special_in_text =
      Define(module, "SpecialTokenError", "Text spells out a special token.", types.error, nullptr);
  types.unknown_id =
      Define(module, "UnknownIdError", "An id that is not in the vocabulary.", types.error, PyExc_KeyError);
  types.interrupted =
      Define(module, "InterruptedByCaller", "A callback asked to stop.", types.error, nullptr);
}

void Raise(const absl::Status& status) {
  const std::string message(status.message());
  const py::object type = py::reinterpret_borrow<py::object>(TypeOf(ErrorCodeOf(status)));
  const py::object error = type(message);
  error.attr("code") = message.substr(0, kCodeWidth);
  PyErr_SetObject(type.ptr(), error.ptr());
  throw py::error_already_set();
}

}  // namespace tok::python
