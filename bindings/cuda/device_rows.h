// bindings/cuda/device_rows.h: the ids of a batch in a device's memory, and what is done with them there.
#ifndef TOK_BINDINGS_CUDA_DEVICE_ROWS_H_
#define TOK_BINDINGS_CUDA_DEVICE_ROWS_H_

#include <pybind11/numpy.h>

#include <memory>

#include "bindings/cuda/device_array.h"
#include "bindings/cuda/device_input.h"
#include "bindings/cuda/uploader.h"
#include "tok/cuda/device_batch.h"

namespace tok::python {

// What an encoder and its results have in common.
struct DeviceMeans {
  std::unique_ptr<DevicePool> pool;
  Uploader uploader;
};

// A batch as it was given, with what keeps its memory: copied there, or another library's.
struct DeviceTexts {
  cuda::DeviceBatch batch = {};
  std::shared_ptr<DeviceBlock> uploaded;
  std::shared_ptr<DeviceInput> text, offsets;
};

// What the device writes of a batch.
struct DeviceOutput {
  DeviceArray ids;       // as many as there is room for
  DeviceArray offsets;   // n_documents + 1
  DeviceArray statuses;  // n_documents
  std::shared_ptr<DeviceBlock> report;
};

class DeviceRows {
 public:
  DeviceRows(std::shared_ptr<DeviceMeans> means, DeviceTexts texts, DeviceOutput output)
      : means_(std::move(means)), texts_(std::move(texts)), output_(std::move(output)) {}
  const DeviceOutput& output() const { return output_; }

  // (n_ids, n_not_ok, has_bad_offsets). Waits for the stream.
  pybind11::tuple Report() const;
  // Bytes of documents of the batch, by number. Waits for the stream.
  pybind11::list Texts(const pybind11::array_t<int64_t>& documents) const;
  // Rows with others put between them, in memory of their size, without the texts:
  // ids[cuts[i], cuts[i + 1]), and between these, at each cut but the first and the last, others[before[i], before[i + 1]).
  // `offsets`: all of them, or None where they stay.
  DeviceRows Splice(const pybind11::array_t<int64_t>& cuts, const pybind11::array_t<int64_t>& before,
                    const pybind11::array& others, const pybind11::object& offsets) const;

 private:
  cudaStream_t stream() const { return output_.ids.block()->stream(); }
  int device() const { return output_.ids.block()->device(); }

  std::shared_ptr<DeviceMeans> means_;
  DeviceTexts texts_;
  DeviceOutput output_;
};

}  // namespace tok::python

#endif  // TOK_BINDINGS_CUDA_DEVICE_ROWS_H_
