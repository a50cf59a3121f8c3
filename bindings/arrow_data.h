// bindings/arrow_data.h: the Arrow C data interface: columns of other libraries, without them and without a copy.
//
// The three structures are laid out as its specification says (arrow.apache.org/docs/format/CDataInterface.html); Python libraries
// hand them over in capsules (PyCapsule interface): pyarrow, polars, pandas, nanoarrow, duckdb, ...
#ifndef TOK_BINDINGS_ARROW_DATA_H_
#define TOK_BINDINGS_ARROW_DATA_H_

#include <pybind11/numpy.h>

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

extern "C" {

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  ArrowSchema** children;
  ArrowSchema* dictionary;
  void (*release)(ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  ArrowArray** children;
  ArrowArray* dictionary;
  void (*release)(ArrowArray*);
  void* private_data;
};

struct ArrowArrayStream {
  int (*get_schema)(ArrowArrayStream*, ArrowSchema*);
  int (*get_next)(ArrowArrayStream*, ArrowArray*);
  const char* (*get_last_error)(ArrowArrayStream*);
  void (*release)(ArrowArrayStream*);
  void* private_data;
};

}  // extern "C"

namespace tok::python {

// One of the structures above, released at the end.
template <typename Structure>
class ArrowOwned {
 public:
  ArrowOwned() : value_() {}
  ~ArrowOwned() {
    if (value_.release != nullptr) value_.release(&value_);
  }
  ArrowOwned(const ArrowOwned&) = delete;
  ArrowOwned& operator=(const ArrowOwned&) = delete;
  Structure* get() { return &value_; }
  Structure* operator->() { return &value_; }
  const Structure& operator*() const { return value_; }

 private:
  Structure value_;
};

// Whether an object is a column to Arrow.
bool IsArrow(pybind11::handle object);

// The texts of a column of strings or binary values, in chunks or not.
class ArrowTexts {
 public:
  // Appends to *views. Raises TypeError for another type of column, and ValueError for a null, naming its place,
  // and for texts that are not where the column's buffers are.
  ArrowTexts(const pybind11::object& column, std::vector<std::string_view>* views);

 private:
  std::vector<std::unique_ptr<ArrowOwned<ArrowArray>>> chunks_;  // whose memory the views are
};

// What __arrow_c_array__ gives for the rows of a Ragged: capsules of the schema and the array, a large list of integers. ids and
// offsets stay where they are, so whoever writes to them later writes to the array. Raises what RaggedArguments does.
pybind11::tuple ArrowOfRagged(const pybind11::object& ids, const pybind11::object& offsets);

}  // namespace tok::python

#endif  // TOK_BINDINGS_ARROW_DATA_H_
