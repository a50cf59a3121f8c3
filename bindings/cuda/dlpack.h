// bindings/cuda/dlpack.h: arrays handed from library to library, without either and without a copy.
//
// The structures are laid out as the DLPack specification says (dmlc.github.io/dlpack); Python libraries hand them over in a capsule
// named "dltensor", which whoever takes it up renames.
#ifndef TOK_BINDINGS_CUDA_DLPACK_H_
#define TOK_BINDINGS_CUDA_DLPACK_H_

#include <pybind11/pybind11.h>

#include <cstdint>
#include <memory>

extern "C" {

struct DLDevice {
  int32_t device_type;
  int32_t device_id;
};

struct DLDataType {
  uint8_t code;
  uint8_t bits;
  uint16_t lanes;
};

struct DLTensor {
  void* data;
  DLDevice device;
  int32_t ndim;
  DLDataType dtype;
  int64_t* shape;
  int64_t* strides;  // in items; may be null: no gaps
  uint64_t byte_offset;
};

struct DLManagedTensor {
  DLTensor dl_tensor;
  void* manager_ctx;
  void (*deleter)(DLManagedTensor*);
};

}  // extern "C"

namespace tok::python {

inline constexpr int32_t kDlCpu = 1, kDlCuda = 2, kDlCudaManaged = 13;
inline constexpr uint8_t kDlInt = 0, kDlUint = 1;

// A capsule of `n` items that `memory` owns. Whoever takes it up may let go of it from any thread, without the GIL.
pybind11::capsule DlpackOf(void* data, int64_t n, DLDataType type, DLDevice device,
                           std::shared_ptr<const void> memory);

// What a capsule holds, which is used up; let go of at the end.
class DlpackTensor {
 public:
  // Raises ValueError for a capsule that was used up before, or is none.
  explicit DlpackTensor(const pybind11::object& capsule);
  const DLTensor* operator->() const { return &managed_->dl_tensor; }

 private:
  struct Release {
    void operator()(DLManagedTensor* tensor) const {
      if (tensor->deleter != nullptr) tensor->deleter(tensor);
    }
  };
  std::unique_ptr<DLManagedTensor, Release> managed_;
};

}  // namespace tok::python

#endif  // TOK_BINDINGS_CUDA_DLPACK_H_
