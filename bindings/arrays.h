// bindings/arrays.h: ids as numpy arrays.
#ifndef TOK_BINDINGS_ARRAYS_H_
#define TOK_BINDINGS_ARRAYS_H_

#include <pybind11/numpy.h>

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "tok/types.h"

namespace tok::python {

// What a caller gives as ids: an array or a sequence of integers. Raises TypeError for other numbers, and OverflowError for those
// that are no ids. An array of uint32 is used as it is, and another thread may write to it meanwhile: ids() may then change, whose
// readers load an id once and check what they loaded, as decoding does. Their number stays.
class IdsArgument {
 public:
  explicit IdsArgument(const pybind11::object& ids);
  std::span<const TokenId> ids() const { return ids_; }

 private:
  pybind11::array held_;         // whose memory ids_ are,
  std::vector<TokenId> copied_;  // or these
  std::span<const TokenId> ids_;
};

// Rows as libtok.Ragged has them, whoever made it: `ids` end to end, which stay where they are, and a copy of the offsets, which
// are sorted, begin with 0 and end at most at the number of ids: other threads may write to their array. Raises TypeError for
// arrays of other types than ids and offsets come in, and ValueError for what else is not so.
struct RaggedArguments {
  RaggedArguments(const pybind11::object& ids, const pybind11::object& offsets);

  pybind11::array ids;               // contiguous, of uint16, uint32, int32 or int64
  pybind11::array_t<uint64_t> rows;  // the array of offsets itself, contiguous
  std::vector<uint64_t> offsets;
};

// A copy.
inline pybind11::array_t<TokenId> ArrayOf(std::span<const TokenId> ids) {
  return pybind11::array_t<TokenId>(static_cast<pybind11::ssize_t>(ids.size()), ids.data());
}

// The memory of `container` itself, which the array owns from now on.
template <typename Container>
pybind11::array_t<typename Container::value_type> ArrayOver(Container container) {
  auto owned = std::make_unique<Container>(std::move(container));
  typename Container::value_type* const data = owned->data();
  const auto size = static_cast<pybind11::ssize_t>(owned->size());
  const pybind11::capsule owner(owned.release(),
                                [](void* memory) { delete static_cast<Container*>(memory); });
  return pybind11::array_t<typename Container::value_type>(size, data, owner);
}

}  // namespace tok::python

#endif  // TOK_BINDINGS_ARRAYS_H_
