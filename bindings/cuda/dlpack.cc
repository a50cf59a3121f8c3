#include "bindings/cuda/dlpack.h"

#include <utility>

namespace py = pybind11;

namespace tok::python {
namespace {

constexpr char kFresh[] = "dltensor", kUsed[] = "used_dltensor";

// What a capsule's tensor points to.
struct Exported {
  DLManagedTensor managed;
  int64_t shape, stride;
  std::shared_ptr<const void> memory;
};

void Release(DLManagedTensor* tensor) { delete static_cast<Exported*>(tensor->manager_ctx); }

// Of a capsule that nobody took up.
void ReleaseCapsule(PyObject* capsule) {
  if (PyCapsule_IsValid(capsule, kFresh) == 0) return;
  auto* const tensor = static_cast<DLManagedTensor*>(PyCapsule_GetPointer(capsule, kFresh));
  tensor->deleter(tensor);
}

}  // namespace

py::capsule DlpackOf(void* data, int64_t n, DLDataType type, DLDevice device,
                     std::shared_ptr<const void> memory) {
  auto exported = std::make_unique<Exported>();
  exported->shape = n;
  exported->stride = 1;
  exported->memory = std::move(memory);
  exported->managed = {
      {data, device, 1, type, &exported->shape, &exported->stride, 0}, exported.get(), Release};
  PyObject* const capsule = PyCapsule_New(&exported->managed, kFresh, ReleaseCapsule);
  if (capsule == nullptr) throw py::error_already_set();
  exported.release();  // the capsule's, or whose who takes it up
  return py::reinterpret_steal<py::capsule>(capsule);
}

DlpackTensor::DlpackTensor(const py::object& capsule) {
  if (PyCapsule_IsValid(capsule.ptr(), kFresh) == 0)
    throw py::value_error("this DLPack capsule was used before");
  managed_.reset(static_cast<DLManagedTensor*>(PyCapsule_GetPointer(capsule.ptr(), kFresh)));
  PyCapsule_SetName(capsule.ptr(), kUsed);
}

}  // namespace tok::python
