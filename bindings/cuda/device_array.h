// bindings/cuda/device_array.h: libtok.cuda.DeviceArray: an array in a device's memory, as other libraries take it up.
//
// It has __dlpack__ and __cuda_array_interface__ (version 3), both without a copy. It is filled in the order of its stream: who reads
// it elsewhere waits for the stream, as both protocols have it. See device_block.h for when its memory goes back.
#ifndef TOK_BINDINGS_CUDA_DEVICE_ARRAY_H_
#define TOK_BINDINGS_CUDA_DEVICE_ARRAY_H_

#include <pybind11/numpy.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "bindings/cuda/device_block.h"

namespace tok::python {

struct ItemType {
  char kind;  // 'i' or 'u'
  uint8_t n_bytes;
  bool operator==(const ItemType&) const = default;
};
inline constexpr ItemType kInt64 = {'i', 8}, kUint8 = {'u', 1};
std::string NameOf(ItemType type);                         // "int32"
std::optional<ItemType> TypeNamed(std::string_view name);  // of ids: "int32", "uint32", "uint16"

class DeviceArray {
 public:
  // `n` items at the beginning of the block.
  DeviceArray(std::shared_ptr<DeviceBlock> block, int64_t n, ItemType type)
      : block_(std::move(block)), n_(n), type_(type) {}

  template <typename T = void>
  T* data() const {
    return static_cast<T*>(block_->data());
  }
  int64_t size() const { return n_; }
  size_t n_bytes() const { return static_cast<size_t>(n_) * type_.n_bytes; }
  ItemType type() const { return type_; }
  const std::shared_ptr<DeviceBlock>& block() const { return block_; }
  // The same memory. Raises IndexError for more than there are.
  DeviceArray First(int64_t n) const;
  // A copy, as numpy has it. Waits for the stream.
  pybind11::array ToHost() const;

 private:
  std::shared_ptr<DeviceBlock> block_;
  int64_t n_;
  ItemType type_;
};

void BindDeviceArray(pybind11::module_& module);

}  // namespace tok::python

#endif  // TOK_BINDINGS_CUDA_DEVICE_ARRAY_H_
