#include "bindings/cuda/device_array.h"

#include <pybind11/stl.h>

#include <tuple>

#include "bindings/cuda/dlpack.h"
#include "bindings/errors.h"
#include "bindings/released.h"
#include "cuda/base/cuda_status.h"

namespace py = pybind11;

namespace tok::python {
namespace {

constexpr int kBitsPerByte = 8;
using DlDevice = std::pair<int, int>;  // type, number

[[noreturn]] void RaiseBufferError(const char* message) {
  PyErr_SetString(PyExc_BufferError, message);
  throw py::error_already_set();
}

// What is on the array's stream comes before what the consumer puts on its own from now on.
void MakeWait(const DeviceArray& array, cudaStream_t consumer) {
  const DeviceBlock& block = *array.block();
  RaiseIfError(OutsideGil([&] {
    const cuda::DeviceScope on_device(block.device());
    if (!on_device.status().ok()) return on_device.status();
    return WaitOnDevice(block.stream(), consumer);
  }));
}

// stream: the consumer's, as the array API standard numbers them for CUDA. max_version is left aside: every consumer
// takes the structure without a version.
py::capsule Dlpack(const DeviceArray& array, std::optional<int64_t> stream, const py::object& /*max_version*/,
                   std::optional<DlDevice> device, std::optional<bool> copy) {
  const int own_device = array.block()->device();
  if (device && *device != DlDevice(kDlCuda, own_device))
    RaiseBufferError("this array stays on its device; to_host() makes a copy on the host");
  if (copy.value_or(false)) RaiseBufferError("this array is handed on without a copy");
  constexpr int64_t kNoWaiting = -1, kLegacy = 1;
  const int64_t consumer = stream.value_or(kLegacy);
  if (consumer == 0 || consumer < kNoWaiting)
    throw py::value_error("a DLPack stream is -1, 1, 2 or a handle, not " + std::to_string(consumer));
  if (consumer != kNoWaiting) MakeWait(array, StreamOf(static_cast<uint64_t>(consumer)));
  const ItemType type = array.type();
  return DlpackOf(array.data(), array.size(),
                  {type.kind == 'i' ? kDlInt : kDlUint, static_cast<uint8_t>(type.n_bytes * kBitsPerByte), 1},
                  {kDlCuda, own_device}, array.block());
}

py::dict CudaArrayInterface(const DeviceArray& array) {
  constexpr int kVersion = 3;
  const ItemType type = array.type();
  py::dict interface;
  interface["shape"] = py::make_tuple(array.size());
  interface["typestr"] =
      std::string(type.n_bytes == 1 ? "|" : "<") + type.kind + std::to_string(type.n_bytes);
  interface["data"] = py::make_tuple(reinterpret_cast<uintptr_t>(array.data()), false);
  interface["strides"] = py::none();
  interface["version"] = kVersion;
  interface["stream"] = NumberOf(array.block()->stream());
  return interface;
}

}  // namespace

std::string NameOf(ItemType type) {
  return (type.kind == 'i' ? "int" : "uint") + std::to_string(type.n_bytes * kBitsPerByte);
}

std::optional<ItemType> TypeNamed(std::string_view name) {
  for (const ItemType type : {ItemType{'i', 4}, ItemType{'u', 4}, ItemType{'u', 2}}) {
    if (NameOf(type) == name) return type;
  }
  return std::nullopt;
}

DeviceArray DeviceArray::First(int64_t n) const {
  if (n < 0 || n > n_) throw py::index_error(std::to_string(n) + " items of " + std::to_string(n_));
  return {block_, n, type_};
}

py::array DeviceArray::ToHost() const {
  py::array host(py::dtype(NameOf(type_)), n_);
  void* const to = host.mutable_data();
  RaiseIfError(OutsideGil([&]() -> absl::Status {
    const cuda::DeviceScope on_device(block_->device());
    if (!on_device.status().ok()) return on_device.status();
    if (n_ > 0) {
      TOK_RETURN_IF_CUDA_ERROR(
          cudaMemcpyAsync(to, data(), n_bytes(), cudaMemcpyDeviceToHost, block_->stream()),
          "copying to the host");
    }
    return cuda::CudaStatus(cudaStreamSynchronize(block_->stream()), "copying to the host");
  }));
  return host;
}

void BindDeviceArray(py::module_& module) {
  py::class_<DeviceArray>(
      module, "DeviceArray",
      "Integers in a GPU's memory, of one dimension. Goes on without a copy by __dlpack__ "
      "(torch.from_dlpack, cupy.from_dlpack, ...) or __cuda_array_interface__.")
      .def("__len__", &DeviceArray::size)
      .def_property_readonly("shape", [](const DeviceArray& array) { return py::make_tuple(array.size()); })
      .def_property_readonly("dtype", [](const DeviceArray& array) { return NameOf(array.type()); })
      .def_property_readonly("device", [](const DeviceArray& array) { return array.block()->device(); })
      .def_property_readonly("stream",
                             [](const DeviceArray& array) { return NumberOf(array.block()->stream()); })
      .def("to_host", &DeviceArray::ToHost, "A copy, a numpy array. Waits for the stream.")
      .def("first", &DeviceArray::First, py::arg("n"))
      .def(
          "record_stream",
          [](const DeviceArray& array, uint64_t stream) { array.block()->RecordStream(StreamOf(stream)); },
          py::arg("stream"),
          "Says that work on another stream uses this memory, too, which then goes back behind that work. "
          "That stream "
          "outlives the array and what was made of it.")
      .def_property_readonly("__cuda_array_interface__", &CudaArrayInterface)
      .def("__dlpack_device__",
           [](const DeviceArray& array) { return py::make_tuple(kDlCuda, array.block()->device()); })
      .def("__dlpack__", &Dlpack, py::kw_only(), py::arg("stream") = py::none(),
           py::arg("max_version") = py::none(), py::arg("dl_device") = py::none(),
           py::arg("copy") = py::none())
      .def("__repr__", [](const DeviceArray& array) {
        return "<libtok.cuda.DeviceArray of " + std::to_string(array.size()) + " " + NameOf(array.type()) +
               ", device " + std::to_string(array.block()->device()) + ">";
      });
}

}  // namespace tok::python
