#include "bindings/cuda/device_input.h"

#include <string>
#include <utility>

#include "bindings/errors.h"
#include "bindings/released.h"

namespace py = pybind11;

namespace tok::python {

struct DeviceInput::Source {
  const void* data;
  int64_t n_dimensions, size, stride;  // the stride in items
  std::string type;
};

DeviceInput::DeviceInput(const py::object& array, const char* name, ItemType type, int device,
                         cudaStream_t stream)
    : held_(array), name_(name) {
  const bool has_dlpack = py::hasattr(array, "__dlpack__") && py::hasattr(array, "__dlpack_device__");
  if (!has_dlpack && !py::hasattr(array, "__cuda_array_interface__"))
    throw py::type_error(std::string(name) + " are no array of a device: they have neither __dlpack__ nor " +
                         "__cuda_array_interface__");
  const Source source = has_dlpack ? FromDlpack(device, stream) : FromInterface(device, stream);
  if (source.type != NameOf(type))
    throw py::type_error(std::string(name) + " are " + NameOf(type) + ", not " + source.type);
  if (source.n_dimensions != 1 || (source.size > 1 && source.stride != 1))
    throw py::value_error(std::string(name) + " have one dimension, without gaps");
  data_ = source.data;
  size_ = source.size;
}

void DeviceInput::CheckDevice(int found, int device) const {
  if (found != device)
    throw py::value_error(std::string(name_) + " are on device " + std::to_string(found) +
                          ", the encoder on device " + std::to_string(device));
}

DeviceInput::Source DeviceInput::FromDlpack(int device, cudaStream_t stream) {
  const py::tuple where = held_.attr("__dlpack_device__")();
  const int kind = py::int_(where[0]).cast<int>();
  if (kind != kDlCuda && kind != kDlCudaManaged)
    throw py::type_error(std::string(name_) + " are not in the memory of a CUDA device");
  CheckDevice(py::int_(where[1]).cast<int>(), device);  // before its producer is told of a stream
  tensor_ = std::make_unique<DlpackTensor>(held_.attr("__dlpack__")(py::arg("stream") = NumberOf(stream)));
  const DlpackTensor& tensor = *tensor_;
  const bool is_flat = tensor->ndim == 1;
  const DLDataType type = tensor->dtype;
  const bool is_number = type.lanes == 1 && (type.code == kDlInt || type.code == kDlUint);
  return {static_cast<const char*>(tensor->data) + tensor->byte_offset, tensor->ndim,
          is_flat ? tensor->shape[0] : 0, is_flat && tensor->strides != nullptr ? tensor->strides[0] : 1,
          is_number ? NameOf({type.code == kDlInt ? 'i' : 'u', static_cast<uint8_t>(type.bits / 8)})
                    : "of another kind"};
}

DeviceInput::Source DeviceInput::FromInterface(int device, cudaStream_t stream) const {
  const py::dict interface = held_.attr("__cuda_array_interface__");
  const auto item = [&](const char* key) -> py::object {
    return interface.contains(key) ? py::object(interface[key]) : py::none();
  };
  const py::tuple shape = item("shape"), where = item("data");
  const bool is_flat = shape.size() == 1;
  const int64_t size = is_flat ? shape[0].cast<int64_t>() : 0;
  const auto data = reinterpret_cast<const void*>(where[0].cast<uintptr_t>());
  cudaPointerAttributes attributes = {};
  if (size > 0 && cudaPointerGetAttributes(&attributes, data) == cudaSuccess)
    CheckDevice(attributes.device, device);
  const py::object producer = item("stream"), strides = item("strides");
  if (!producer.is_none()) {
    const cudaStream_t earlier = StreamOf(producer.cast<uint64_t>());
    RaiseIfError(OutsideGil([&] { return WaitOnDevice(earlier, stream); }));
  }
  const std::string type = item("typestr").cast<std::string>();  // "<i8", "|u1"
  const bool is_number = type.size() == 3 && type[0] != '>' && (type[1] == 'i' || type[1] == 'u');
  const int64_t item_size = is_number ? type[2] - '0' : 1;
  return {data, static_cast<int64_t>(shape.size()), size,
          is_flat && !strides.is_none() ? py::tuple(strides)[0].cast<int64_t>() / item_size : 1,
          is_number ? NameOf({type[1], static_cast<uint8_t>(item_size)}) : type};
}

}  // namespace tok::python
