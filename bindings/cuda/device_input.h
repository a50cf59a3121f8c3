// bindings/cuda/device_input.h: arrays of other libraries in a device's memory, read where they are.
#ifndef TOK_BINDINGS_CUDA_DEVICE_INPUT_H_
#define TOK_BINDINGS_CUDA_DEVICE_INPUT_H_

#include <pybind11/pybind11.h>

#include <cstdint>
#include <memory>

#include "bindings/cuda/device_array.h"
#include "bindings/cuda/dlpack.h"

namespace tok::python {

// An array of one dimension without gaps, of `type`, in the current device's memory, by __dlpack__ or, where that is missing,
// __cuda_array_interface__. Work that is put on `stream` from now on finds it filled.
// Raises TypeError for another type of items or an array of neither kind, and ValueError for another shape or device; `name` is how
// messages call it. Made and gone with the GIL held.
class DeviceInput {
 public:
  DeviceInput(const pybind11::object& array, const char* name, ItemType type, int device,
              cudaStream_t stream);
  template <typename T>
  const T* data() const {
    return static_cast<const T*>(data_);
  }
  int64_t size() const { return size_; }

 private:
  struct Source;  // what an array says of itself
  Source FromDlpack(int device, cudaStream_t stream);
  Source FromInterface(int device, cudaStream_t stream) const;
  void CheckDevice(int found, int device) const;

  pybind11::object held_;
  std::unique_ptr<DlpackTensor> tensor_;
  const char* const name_;
  const void* data_ = nullptr;
  int64_t size_ = 0;
};

}  // namespace tok::python

#endif  // TOK_BINDINGS_CUDA_DEVICE_INPUT_H_
