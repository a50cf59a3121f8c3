#include "bindings/document_batches.h"

#include <chrono>

#include "bindings/text_view.h"

namespace py = pybind11;

namespace tok::python {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kMostTime(100);

}  // namespace

std::vector<std::string_view> DocumentBatch::views() const {
  std::vector<std::string_view> views;
  views.reserve(ends_.size());
  size_t begin = 0;
  for (const size_t end : ends_) {
    views.push_back(std::string_view(bytes_).substr(begin, end - begin));
    begin = end;
  }
  return views;
}

void DocumentBatch::Append(py::handle document, uint64_t index) {
  PyObject* const object = document.ptr();
  if (PyUnicode_Check(object) && !PyUnicode_IS_COMPACT_ASCII(object)) {
    const auto encoded =
        py::reinterpret_steal<py::object>(PyUnicode_AsEncodedString(object, "utf-8", "surrogatepass"));
    if (!encoded) throw py::error_already_set();
    bytes_ += ViewOf(encoded);
  } else if (PyUnicode_Check(object) || PyBytes_Check(object)) {
    bytes_ += ViewOf(document);
  } else {
    throw py::type_error("document " + std::to_string(index) + " is of type " + Py_TYPE(object)->tp_name +
                         ", not str or bytes");
  }
  ends_.push_back(bytes_.size());
}

DocumentBatches::DocumentBatches(const py::iterable& documents, size_t n_bytes)
    : iterator_(py::reinterpret_steal<py::object>(PyObject_GetIter(documents.ptr()))), n_bytes_(n_bytes) {
  if (!iterator_) throw py::error_already_set();
}

DocumentBatch DocumentBatches::Next() {
  // A document takes more than its bytes: empty ones end a batch too.
  constexpr size_t kBytesBeside = 32;
  DocumentBatch batch;
  const Clock::time_point end = Clock::now() + kMostTime;
  while (batch.bytes().size() + batch.size() * kBytesBeside < n_bytes_ &&
         (batch.size() == 0 || Clock::now() < end)) {
    const auto document = py::reinterpret_steal<py::object>(PyIter_Next(iterator_.ptr()));
    if (!document) {
      if (PyErr_Occurred() != nullptr) throw py::error_already_set();
      break;
    }
    batch.Append(document, n_documents_++);
  }
  return batch;
}

}  // namespace tok::python
