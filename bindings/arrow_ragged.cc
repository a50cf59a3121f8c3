// Rows of ids for other libraries.
#include <array>
#include <string>

#include "bindings/arrays.h"
#include "bindings/arrow_data.h"

namespace py = pybind11;

namespace tok::python {
namespace {

// A list's array and that of its items, with what they need to live. Python objects are let go under the GIL, which the thread that
// releases an array need not have.
struct ArrayHolder {
  py::object ids, offsets;
  std::array<const void*, 2> buffers_of_list, buffers_of_ids;
  ArrowArray items;
  std::array<ArrowArray*, 1> children;
};

struct SchemaHolder {
  std::string items_format;
  ArrowSchema items;
  std::array<ArrowSchema*, 1> children;
};

template <typename Structure>
void ReleaseNothing(Structure* structure) {
  structure->release = nullptr;
}

void ReleaseSchema(ArrowSchema* schema) {
  auto* const holder = static_cast<SchemaHolder*>(schema->private_data);
  if (holder->items.release != nullptr) holder->items.release(&holder->items);
  delete holder;
  schema->release = nullptr;
}

void ReleaseArray(ArrowArray* array) {
  auto* const holder = static_cast<ArrayHolder*>(array->private_data);
  if (holder->items.release != nullptr) holder->items.release(&holder->items);
  const py::gil_scoped_acquire acquired;
  delete holder;
  array->release = nullptr;
}

template <typename Structure>
py::capsule CapsuleOf(std::unique_ptr<Structure> structure, const char* name) {
  return py::capsule(structure.release(), name, [](PyObject* capsule) {
    auto* const held = static_cast<Structure*>(PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule)));
    if (held->release != nullptr) held->release(held);
    delete held;
  });
}

const char* FormatOf(const py::dtype& type) {
  const bool is_signed = type.kind() == 'i';
  switch (type.itemsize()) {
    case 2: return is_signed ? "s" : "S";
    case 4: return is_signed ? "i" : "I";
    default: return is_signed ? "l" : "L";
  }
}

py::capsule SchemaOf(const py::array& ids) {
  constexpr int64_t kNotNullable = 0;
  auto holder = std::make_unique<SchemaHolder>();
  holder->items_format = FormatOf(ids.dtype());
  holder->items = {};
  holder->items.format = holder->items_format.c_str();
  holder->items.name = "item";
  holder->items.flags = kNotNullable;
  holder->items.release = ReleaseNothing<ArrowSchema>;
  holder->children = {&holder->items};
  auto schema = std::make_unique<ArrowSchema>();
  schema->format = "+L";
  schema->name = "";
  schema->flags = kNotNullable;
  schema->n_children = 1;
  schema->children = holder->children.data();
  schema->release = ReleaseSchema;
  schema->private_data = holder.release();
  return CapsuleOf(std::move(schema), "arrow_schema");
}

}  // namespace

py::tuple ArrowOfRagged(const py::object& given_ids, const py::object& given_offsets) {
  const RaggedArguments ragged(given_ids, given_offsets);
  const py::array& ids = ragged.ids;
  const py::array& offsets = ragged.rows;
  auto holder = std::make_unique<ArrayHolder>();
  holder->ids = ids;
  holder->offsets = offsets;
  holder->buffers_of_list = {nullptr, offsets.data()};
  holder->buffers_of_ids = {nullptr, ids.data()};
  holder->items = {};
  holder->items.length = ids.size();
  holder->items.n_buffers = 2;
  holder->items.buffers = holder->buffers_of_ids.data();
  holder->items.release = ReleaseNothing<ArrowArray>;
  holder->children = {&holder->items};
  auto array = std::make_unique<ArrowArray>();
  array->length = offsets.size() - 1;
  array->n_buffers = 2;
  array->n_children = 1;
  array->buffers = holder->buffers_of_list.data();
  array->children = holder->children.data();
  array->release = ReleaseArray;
  array->private_data = holder.release();
  return py::make_tuple(SchemaOf(ids), CapsuleOf(std::move(array), "arrow_array"));
}

}  // namespace tok::python
