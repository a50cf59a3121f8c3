// libtok._libtok.DeviceEncoder and DeviceRows: work is put on streams without the GIL; Python decides what is waited for.
#include "bindings/cuda/cuda_binding.h"

#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "bindings/cuda/cuda_encoder.h"
#include "bindings/encode_options.h"
#include "bindings/errors.h"
#include "bindings/released.h"
#include "bindings/text_view.h"

namespace py = pybind11;

namespace tok::python {
namespace {

using Bytes = py::array_t<uint8_t, py::array::c_style>;
using Offsets = py::array_t<int64_t, py::array::c_style>;

std::span<const int64_t> SpanOf(const Offsets& offsets) {
  return {offsets.data(), static_cast<size_t>(offsets.size())};
}

DeviceTexts UploadedTexts(const CudaEncoder& encoder, const py::object& texts, cudaStream_t stream) {
  const TextViews views(texts);
  return Released([&] {
    std::vector<int64_t> offsets = {0};
    offsets.reserve(views.views().size() + 1);
    for (const std::string_view view : views.views())
      offsets.push_back(offsets.back() + static_cast<int64_t>(view.size()));
    return encoder.Upload(views.views(), offsets, stream);
  });
}

DeviceTexts UploadedArray(const CudaEncoder& encoder, const Bytes& bytes, const Offsets& offsets,
                          cudaStream_t stream) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), static_cast<size_t>(bytes.size()));
  return Released([&] { return encoder.Upload(std::span(&text, 1), SpanOf(offsets), stream); });
}

DeviceTexts TextsOnDevice(const CudaEncoder& encoder, const py::object& text, const py::object& offsets,
                          cudaStream_t stream) {
  DeviceTexts texts;
  texts.text = std::make_shared<DeviceInput>(text, "texts", kUint8, encoder.device(), stream);
  texts.batch.text = texts.text->data<char>();
  texts.batch.max_text_bytes = texts.text->size();
  int64_t n_offsets = 0;
  if (py::isinstance<Offsets>(offsets)) {
    const Offsets on_host = offsets;
    texts.uploaded = Released([&] { return encoder.UploadOffsets(SpanOf(on_host), stream); });
    texts.batch.offsets = static_cast<const int64_t*>(texts.uploaded->data());
    n_offsets = on_host.size();
  } else {
    texts.offsets = std::make_shared<DeviceInput>(offsets, "offsets", kInt64, encoder.device(), stream);
    texts.batch.offsets = texts.offsets->data<int64_t>();
    n_offsets = texts.offsets->size();
  }
  if (n_offsets == 0) throw py::value_error("offsets are one more than the documents");
  texts.batch.n_documents = n_offsets - 1;
  return texts;
}

// Under the device: an array says where it is by it, and streams are of it.
DeviceTexts TextsOf(const CudaEncoder& encoder, const py::object& texts, const py::object& offsets,
                    cudaStream_t stream) {
  if (offsets.is_none()) return UploadedTexts(encoder, texts, stream);
  if (py::isinstance<Bytes>(texts)) return UploadedArray(encoder, texts, offsets, stream);
  const cuda::DeviceScope on_device(encoder.device());
  RaiseIfError(on_device.status());
  return TextsOnDevice(encoder, texts, offsets, stream);
}

DeviceRows Encode(const CudaEncoder& encoder, const py::object& texts, const py::object& offsets,
                  uint64_t stream_number, std::string_view dtype, bool learns) {
  const std::optional<ItemType> type = TypeNamed(dtype);
  if (!type) throw py::value_error("ids on a GPU are int32, uint32 or uint16, not " + std::string(dtype));
  const cudaStream_t stream = StreamOf(stream_number);
  DeviceTexts given = TextsOf(encoder, texts, offsets, stream);
  DeviceOutput output = Released([&] { return encoder.Encode(given.batch, *type, learns, stream); });
  return {encoder.means(), std::move(given), std::move(output)};
}

}  // namespace

void BindCuda(py::module_& module) {
  BindDeviceArray(module);
  py::class_<DeviceRows>(module, "DeviceRows", "Ids of a batch in a GPU's memory.")
      .def_property_readonly("ids", [](const DeviceRows& rows) { return rows.output().ids; })
      .def_property_readonly("offsets", [](const DeviceRows& rows) { return rows.output().offsets; })
      .def_property_readonly("statuses", [](const DeviceRows& rows) { return rows.output().statuses; })
      .def("report", &DeviceRows::Report)
      .def("texts", &DeviceRows::Texts, py::arg("documents"))
      .def("splice", &DeviceRows::Splice, py::arg("cuts"), py::arg("before"), py::arg("others"),
           py::arg("offsets"));
  py::class_<CudaEncoder>(module, "DeviceEncoder", "Encodes texts on a GPU.")
      .def_static(
          "create",
          [](const Tokenizer& tokenizer, const py::object& special, std::optional<int> device) {
            const EncodeOptions options = OptionsOf(tokenizer, special, /*add_template=*/false, "error");
            return Released([&] { return CudaEncoder::Create(tokenizer, options.special, device); });
          },
          py::arg("tokenizer"), py::arg("special"), py::arg("device"))
      .def("encode", &Encode, py::arg("texts"), py::arg("offsets"), py::arg("stream"), py::arg("dtype"),
           py::arg("learns"))
      .def_property_readonly("device", &CudaEncoder::device)
      .def("release_memory", [](const CudaEncoder& encoder) {
        RaiseIfError(OutsideGil([&] { return encoder.ReleaseMemory(); }));
      });
}

}  // namespace tok::python
