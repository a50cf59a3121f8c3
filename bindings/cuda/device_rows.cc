#include "bindings/cuda/device_rows.h"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/errors.h"
#include "bindings/released.h"
#include "cuda/base/cuda_status.h"

namespace py = pybind11;

namespace tok::python {
namespace {

constexpr char kCopying[] = "copying to the host", kSplicing[] = "ids of documents that the CPU encoded";

std::span<const int64_t> SpanOf(const py::array_t<int64_t>& array) {
  return {array.data(), static_cast<size_t>(array.size())};
}

std::string_view BytesOf(const py::array& array) {
  return {static_cast<const char*>(array.data()), static_cast<size_t>(array.nbytes())};
}

// The bytes of each document of `documents`.
absl::StatusOr<std::vector<std::string>> Fetch(const cuda::DeviceBatch& batch,
                                               std::span<const int64_t> documents, cudaStream_t stream) {
  std::vector<int64_t> offsets(static_cast<size_t>(batch.n_documents) + 1);
  TOK_RETURN_IF_CUDA_ERROR(cudaMemcpyAsync(offsets.data(), batch.offsets, offsets.size() * sizeof(int64_t),
                                           cudaMemcpyDeviceToHost, stream),
                           kCopying);
  TOK_RETURN_IF_CUDA_ERROR(cudaStreamSynchronize(stream), kCopying);
  std::vector<std::string> texts;
  texts.reserve(documents.size());  // whose strings stay where they are while they are written
  for (const int64_t d : documents) {
    const int64_t begin = offsets[static_cast<size_t>(d)], end = offsets[static_cast<size_t>(d) + 1];
    if (begin < 0 || begin > end || end > batch.max_text_bytes)
      return MakeError(ErrorCode::kUsage, "document " + std::to_string(d),
                       "its offsets changed while it was encoded", "leave texts alone meanwhile");
    std::string& text = texts.emplace_back(static_cast<size_t>(end - begin), '\0');
    if (text.empty()) continue;
    TOK_RETURN_IF_CUDA_ERROR(
        cudaMemcpyAsync(text.data(), batch.text + begin, text.size(), cudaMemcpyDeviceToHost, stream),
        kCopying);
  }
  TOK_RETURN_IF_CUDA_ERROR(cudaStreamSynchronize(stream), kCopying);
  return texts;
}

}  // namespace

py::tuple DeviceRows::Report() const {
  const cuda::DeviceReport report = Released([&]() -> absl::StatusOr<cuda::DeviceReport> {
    cuda::DeviceReport read = {};
    const cuda::DeviceScope on_device(device());
    if (!on_device.status().ok()) return on_device.status();
    TOK_RETURN_IF_CUDA_ERROR(
        cudaMemcpyAsync(&read, output_.report->data(), sizeof(read), cudaMemcpyDeviceToHost, stream()),
        "encoding on a GPU");
    TOK_RETURN_IF_CUDA_ERROR(cudaStreamSynchronize(stream()), "encoding on a GPU");
    return read;
  });
  return py::make_tuple(report.n_ids, report.n_not_ok, report.has_bad_offsets != 0);
}

py::list DeviceRows::Texts(const py::array_t<int64_t>& documents) const {
  const std::vector<std::string> texts = Released([&]() -> absl::StatusOr<std::vector<std::string>> {
    const cuda::DeviceScope on_device(device());
    if (!on_device.status().ok()) return on_device.status();
    return Fetch(texts_.batch, SpanOf(documents), stream());
  });
  py::list list(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) list[i] = py::bytes(texts[i]);
  return list;
}

DeviceRows DeviceRows::Splice(const py::array_t<int64_t>& cut_array, const py::array_t<int64_t>& before_array,
                              const py::array& others, const py::object& offsets) const {
  const std::span<const int64_t> cuts = SpanOf(cut_array), before = SpanOf(before_array);
  const auto width = static_cast<int64_t>(output_.ids.type().n_bytes);
  const std::string_view other_ids = BytesOf(others);
  std::string_view new_offsets;
  if (!offsets.is_none()) new_offsets = BytesOf(offsets.cast<py::array>());
  DeviceOutput output = Released([&]() -> absl::StatusOr<DeviceOutput> {
    const cuda::DeviceScope on_device(device());
    if (!on_device.status().ok()) return on_device.status();
    DeviceOutput made = output_;
    const int64_t n_ids = cuts.back() + before.back();
    const auto ids = means_->pool->Allocate(static_cast<size_t>(n_ids * width), stream());
    if (!ids.ok()) return ids.status();
    made.ids = DeviceArray(*ids, n_ids, output_.ids.type());
    const auto uploaded = means_->pool->Allocate(other_ids.size(), stream());
    if (!uploaded.ok()) return uploaded.status();
    char* const other_data = static_cast<char*>((*uploaded)->data());
    absl::Status status = means_->uploader.Upload(std::span(&other_ids, 1), other_data, stream());
    if (status.ok() && !new_offsets.empty()) {
      const auto block = means_->pool->Allocate(new_offsets.size(), stream());
      if (!block.ok()) return block.status();
      made.offsets = DeviceArray(*block, output_.offsets.size(), kInt64);
      status = means_->uploader.Upload(std::span(&new_offsets, 1), made.offsets.data<char>(), stream());
    }
    if (!status.ok()) return status;
    const auto copy = [&](int64_t to, const char* from, int64_t begin, int64_t end) {
      if (begin == end) return cudaSuccess;
      return cudaMemcpyAsync(made.ids.data<char>() + to * width, from + begin * width,
                             static_cast<size_t>((end - begin) * width), cudaMemcpyDeviceToDevice, stream());
    };
    for (size_t i = 0; i < before.size(); ++i) {
      TOK_RETURN_IF_CUDA_ERROR(copy(cuts[i] + before[i], output_.ids.data<char>(), cuts[i], cuts[i + 1]),
                               kSplicing);
      if (i + 1 == before.size()) break;
      TOK_RETURN_IF_CUDA_ERROR(copy(cuts[i + 1] + before[i], other_data, before[i], before[i + 1]),
                               kSplicing);
    }
    return made;
  });
  return {means_, DeviceTexts(), std::move(output)};
}

}  // namespace tok::python
