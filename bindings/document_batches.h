// bindings/document_batches.h: documents of a Python iterable, some at a time.
//
// A copy of their bytes: threads of the library work on it while Python goes on, and a str need not keep a second spelling.
#ifndef TOK_BINDINGS_DOCUMENT_BATCHES_H_
#define TOK_BINDINGS_DOCUMENT_BATCHES_H_

#include <pybind11/pybind11.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tok::python {

class DocumentBatch {
 public:
  size_t size() const { return ends_.size(); }
  std::string_view bytes() const { return bytes_; }
  // Valid while nothing is added.
  std::vector<std::string_view> views() const;
  // A str or bytes object; raises TypeError for another, naming it by `index`. A lone surrogate of a str becomes the three bytes
  // that UTF-8 would spell it with, which are invalid there.
  void Append(pybind11::handle document, uint64_t index);

 private:
  std::string bytes_;
  std::vector<size_t> ends_;
};

class DocumentBatches {
 public:
  // Of about n_bytes each, or what comes within a tenth of a second: one document or more.
  DocumentBatches(const pybind11::iterable& documents, size_t n_bytes);
  // The next ones; none at the end. Raises what the iterable raises, and as above.
  DocumentBatch Next();

 private:
  const pybind11::object iterator_;
  const size_t n_bytes_;
  uint64_t n_documents_ = 0;
};

}  // namespace tok::python

#endif  // TOK_BINDINGS_DOCUMENT_BATCHES_H_
