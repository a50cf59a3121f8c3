// Columns of texts out of other libraries.
#include <cstring>
#include <string>

#include "bindings/arrow_data.h"

namespace py = pybind11;

namespace tok::python {
namespace {

constexpr char kNotTexts[] =
    "texts in Arrow are a column of strings (string, large_string, string_view) or of binary values";

// The structure that a capsule holds, which is empty afterwards.
template <typename Structure>
void TakeOut(const py::handle capsule, const char* name, Structure* into) {
  auto* const held = static_cast<Structure*>(PyCapsule_GetPointer(capsule.ptr(), name));
  if (held == nullptr) throw py::error_already_set();
  if (held->release == nullptr) throw py::value_error("this Arrow capsule was used before");
  *into = *held;
  held->release = nullptr;
}

bool IsSet(const void* bitmap, int64_t i) {
  return ((static_cast<const uint8_t*>(bitmap)[i / 8] >> (i % 8)) & 1) != 0;
}

template <typename Offset>
class OffsetTexts {
 public:
  static constexpr int64_t kLeastBuffers = 3;  // validity, offsets, bytes
  explicit OffsetTexts(const ArrowArray& chunk)
      : offsets_(static_cast<const Offset*>(chunk.buffers[1])),
        bytes_(static_cast<const char*>(chunk.buffers[2])) {}
  std::string_view operator[](int64_t i) const {
    const Offset begin = offsets_[i], end = offsets_[i + 1];
    if (begin < 0 || end < begin) throw py::value_error("the offsets of this Arrow column decrease");
    return begin == end ? std::string_view()
                        : std::string_view(bytes_ + begin, static_cast<size_t>(end - begin));
  }

 private:
  const Offset* const offsets_;
  const char* const bytes_;
};

// "View" layout: of each text its length, and itself if it is short, else where it is: in one of the buffers between the views and
// the last buffer, which has their sizes.
class ViewTexts {
 public:
  static constexpr int64_t kLeastBuffers = 3;  // validity, views, sizes
  explicit ViewTexts(const ArrowArray& chunk)
      : views_(static_cast<const char*>(chunk.buffers[1])),
        buffers_(chunk.buffers + 2),
        n_buffers_(chunk.n_buffers - kLeastBuffers),
        sizes_(static_cast<const int64_t*>(buffers_[n_buffers_])) {}
  std::string_view operator[](int64_t i) const {
    constexpr int64_t kViewBytes = 16;
    constexpr int32_t kMaxInside = 12;
    struct {
      int32_t length, prefix, buffer, begin;
    } view;
    static_assert(sizeof(view) == kViewBytes);
    const char* const at = views_ + i * kViewBytes;
    std::memcpy(&view, at, sizeof(view));
    if (view.length < 0) throw py::value_error("a text of this Arrow column has a length below 0");
    const auto length = static_cast<size_t>(view.length);
    if (view.length <= kMaxInside) return {at + sizeof(view.length), length};
    if (view.buffer < 0 || view.buffer >= n_buffers_ || view.begin < 0 ||
        int64_t{view.begin} + view.length > sizes_[view.buffer]) {
      throw py::value_error("a text of this Arrow column lies outside its buffers");
    }
    return {static_cast<const char*>(buffers_[view.buffer]) + view.begin, length};
  }

 private:
  const char* const views_;
  const void* const* const buffers_;
  const int64_t n_buffers_;
  const int64_t* const sizes_;
};

template <typename Texts>
void Append(const ArrowArray& chunk, std::vector<std::string_view>* views) {
  if (chunk.length == 0) return;  // whose buffers may be null
  if (chunk.length < 0 || chunk.offset < 0 || chunk.n_buffers < Texts::kLeastBuffers) {
    throw py::value_error("this Arrow column lacks buffers");
  }
  const Texts texts(chunk);
  const void* const validity = chunk.null_count == 0 ? nullptr : chunk.buffers[0];
  for (int64_t i = chunk.offset; i < chunk.offset + chunk.length; ++i) {
    if (validity != nullptr && !IsSet(validity, i)) {
      throw py::value_error("text " + std::to_string(views->size()) + " is null; fill or drop nulls first");
    }
    views->push_back(texts[i]);
  }
}

using Appender = void (*)(const ArrowArray&, std::vector<std::string_view>*);

Appender AppenderOf(std::string_view format) {
  if (format == "u" || format == "z") return Append<OffsetTexts<int32_t>>;
  if (format == "U" || format == "Z") return Append<OffsetTexts<int64_t>>;
  if (format == "vu" || format == "vz") return Append<ViewTexts>;
  const bool is_table = format == "+s";
  throw py::type_error(std::string(kNotTexts) + (is_table ? "; of a table, give the column"
                                                          : ", not of format " + std::string(format)));
}

void CheckStream(int error, ArrowArrayStream* stream) {
  if (error == 0) return;
  const char* const message = stream->get_last_error(stream);
  throw py::value_error(std::string("reading the Arrow stream: ") +
                        (message == nullptr ? "failed" : message));
}

}  // namespace

bool IsArrow(py::handle object) {
  return py::hasattr(object, "__arrow_c_array__") || py::hasattr(object, "__arrow_c_stream__");
}

ArrowTexts::ArrowTexts(const py::object& column, std::vector<std::string_view>* views) {
  ArrowOwned<ArrowSchema> schema;
  const auto add = [&] { return chunks_.emplace_back(std::make_unique<ArrowOwned<ArrowArray>>()).get(); };
  if (py::hasattr(column, "__arrow_c_array__")) {
    const py::tuple capsules = column.attr("__arrow_c_array__")();
    TakeOut(capsules[0], "arrow_schema", schema.get());
    TakeOut(capsules[1], "arrow_array", add()->get());
  } else {
    const py::object capsule = column.attr("__arrow_c_stream__")();
    ArrowOwned<ArrowArrayStream> stream;
    TakeOut(capsule, "arrow_array_stream", stream.get());
    CheckStream(stream->get_schema(stream.get(), schema.get()), stream.get());
    do {
      CheckStream(stream->get_next(stream.get(), add()->get()), stream.get());
    } while ((*chunks_.back())->release != nullptr);
    chunks_.pop_back();
  }
  if (schema->dictionary != nullptr) {
    throw py::type_error(std::string(kNotTexts) + "; cast this one, a dictionary, to strings");
  }
  const Appender append = AppenderOf(schema->format);
  for (const auto& chunk : chunks_) append(**chunk, views);
}

}  // namespace tok::python
