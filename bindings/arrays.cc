#include "bindings/arrays.h"

#include <algorithm>
#include <string>

namespace py = pybind11;

namespace tok::python {
namespace {

constexpr int kAligned = py::detail::npy_api::NPY_ARRAY_ALIGNED_;

// Whether memory is there as C++ reads it: items of this machine's byte order, aligned, one after the other.
bool IsPlain(const py::array& array) {
  constexpr int kPlain = py::array::c_style | kAligned;
  return (array.flags() & kPlain) == kPlain && array.dtype().attr("isnative").cast<bool>();
}

[[noreturn]] void RaiseNoId(const std::string& number) {
  PyErr_SetString(PyExc_OverflowError, (number + " is no id").c_str());
  throw py::error_already_set();
}

template <typename Integer>
std::vector<TokenId> CopyOf(const py::array& ids) {
  const py::array_t<Integer, py::array::forcecast | kAligned> wide(ids);
  const auto values = wide.template unchecked<1>();
  std::vector<TokenId> copy(static_cast<size_t>(wide.size()));
  for (py::ssize_t i = 0; i < wide.size(); ++i) {
    const Integer value = values(i);
    if (value < 0 || value > Integer{UINT32_MAX}) RaiseNoId(std::to_string(value));
    copy[static_cast<size_t>(i)] = static_cast<TokenId>(value);
  }
  return copy;
}

// Integers that numpy has no type for arrive as objects.
[[noreturn]] void RaiseNoIds(const py::array& ids) {
  if (ids.dtype().kind() == 'O') {
    for (const py::handle id : ids) {
      int overflow = 0;
      if (!PyLong_Check(id.ptr())) break;
      PyLong_AsLongLongAndOverflow(id.ptr(), &overflow);
      if (overflow != 0) RaiseNoId(py::str(id));
    }
  }
  throw py::type_error("ids are integers");
}

py::array ArrayArgument(const py::object& object, const char* name) {
  if (!py::isinstance<py::array>(object)) throw py::type_error(std::string(name) + " are a numpy array");
  py::array array = object;
  if (array.ndim() != 1) throw py::type_error(std::string(name) + " have one dimension");
  return array;
}

}  // namespace

IdsArgument::IdsArgument(const py::object& ids) : held_(py::array::ensure(ids)) {
  if (!held_) {
    PyErr_Clear();
    throw py::type_error("ids are a sequence or an array of integers");
  }
  if (held_.ndim() != 1) throw py::type_error("ids have one dimension, not " + std::to_string(held_.ndim()));
  const char kind = held_.dtype().kind();
  if (held_.size() > 0 && kind != 'i' && kind != 'u') RaiseNoIds(held_);
  if (kind == 'u' && held_.itemsize() == sizeof(TokenId) && IsPlain(held_)) {
    ids_ = {static_cast<const TokenId*>(held_.data()), static_cast<size_t>(held_.size())};
    return;
  }
  copied_ = kind == 'u' ? CopyOf<uint64_t>(held_) : CopyOf<int64_t>(held_);
  ids_ = copied_;
}

RaggedArguments::RaggedArguments(const py::object& given_ids, const py::object& given_offsets)
    : ids(ArrayArgument(given_ids, "ids")) {
  const auto is_one_of = [&](auto... types) {
    return (py::isinstance<py::array_t<decltype(types)>>(ids) || ...);
  };
  if (!is_one_of(uint16_t(), uint32_t(), int32_t(), int64_t())) {
    throw py::type_error("ids of rows are uint16, uint32, int32 or int64, not " +
                         py::str(ids.dtype()).cast<std::string>());
  }
  const py::array array = ArrayArgument(given_offsets, "offsets");
  if (!py::isinstance<py::array_t<uint64_t>>(array)) {
    throw py::type_error("offsets are uint64, not " + py::str(array.dtype()).cast<std::string>());
  }
  if (!IsPlain(ids) || !IsPlain(array)) throw py::value_error("ids of rows and offsets are contiguous");
  rows = array;
  offsets.assign(rows.data(), rows.data() + rows.size());
  if (offsets.empty() || offsets.front() != 0 || !std::is_sorted(offsets.begin(), offsets.end()) ||
      offsets.back() > static_cast<uint64_t>(ids.size())) {
    throw py::value_error("offsets begin with 0, never decrease and end at most at the number of ids");
  }
}

}  // namespace tok::python
