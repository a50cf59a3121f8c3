#include "tests/gpu/gpu_run.h"

#include <cuda_runtime_api.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "cuda/base/device_memory.h"

namespace tok::cuda {
namespace {

void Check(cudaError_t error) { ASSERT_EQ(error, cudaSuccess) << cudaGetErrorString(error); }

DeviceMemory Poisoned(size_t n_bytes) {
  absl::StatusOr<DeviceMemory> memory = DeviceMemory::Allocate(std::max<size_t>(n_bytes, 1));
  EXPECT_TRUE(memory.ok()) << memory.status();
  Check(cudaMemset(memory->get(), 0xA5, memory->size()));
  return std::move(*memory);
}

template <typename T>
std::vector<T> Download(const DeviceMemory& memory, size_t n) {
  std::vector<T> values(n);
  Check(cudaMemcpy(values.data(), memory.get(), n * sizeof(T), cudaMemcpyDeviceToHost));
  return values;
}

// What a call reads and writes.
struct Buffers {
  DeviceMemory text, offsets, ids, id_offsets, statuses, report, workspace;
};

void InGraph(const std::function<void(cudaStream_t)>& work, cudaStream_t stream) {
  cudaGraph_t graph;
  cudaGraphExec_t ready;
  Check(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
  work(stream);
  Check(cudaStreamEndCapture(stream, &graph));
  Check(cudaGraphInstantiate(&ready, graph, 0));
  for (int i = 0; i < 2; ++i) Check(cudaGraphLaunch(ready, stream));
  Check(cudaStreamSynchronize(stream));
  Check(cudaGraphExecDestroy(ready));
  Check(cudaGraphDestroy(graph));
}

}  // namespace

GpuRun RunOnGpu(const DeviceEncoder& encoder, const std::vector<std::string>& documents,
                const GpuRunOptions& options) {
  const auto n_before = static_cast<size_t>(options.n_bytes_before);
  // What lies around the documents must not matter.
  std::string text(n_before, 'x');
  std::vector<int64_t> offsets = {options.n_bytes_before};
  for (const std::string& document : documents) {
    text += document;
    offsets.push_back(static_cast<int64_t>(text.size()));
  }
  text.append(n_before, 'y');
  const auto n_documents = static_cast<int64_t>(documents.size());
  const auto n_bytes = static_cast<int64_t>(text.size());
  const int64_t max_ids = options.max_ids < 0 ? n_bytes : options.max_ids;
  Buffers b = {.text = Poisoned(text.size()),
               .offsets = Poisoned(8 * offsets.size()),
               .ids = Poisoned(static_cast<size_t>(max_ids) * 4),
               .id_offsets = Poisoned(8 * offsets.size()),
               .statuses = Poisoned(documents.size()),
               .report = Poisoned(sizeof(DeviceReport)),
               .workspace = Poisoned(encoder.WorkspaceBytes(n_bytes, n_documents))};
  Check(cudaMemcpy(b.text.get(), text.data(), text.size(), cudaMemcpyHostToDevice));
  Check(cudaMemcpy(b.offsets.get(), offsets.data(), 8 * offsets.size(), cudaMemcpyHostToDevice));
  Check(cudaDeviceSynchronize());  // the stream below does not wait for what was copied
  const DeviceBatch batch = {b.text.get<char>(), n_bytes, b.offsets.get<int64_t>(), n_documents};
  const DeviceIds output = {b.ids.get(),
                            options.narrow ? IdWidth::k16 : IdWidth::k32,
                            max_ids,
                            b.id_offsets.get<int64_t>(),
                            b.statuses.get<DocumentStatus>(),
                            b.report.get<DeviceReport>()};
  cudaStream_t stream;
  Check(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  const auto encode = [&](cudaStream_t on) {
    const absl::Status status = encoder.Encode(batch, output, b.workspace.get(), on);
    EXPECT_TRUE(status.ok()) << status;
  };
  if (options.in_graph) {
    InGraph(encode, stream);
  } else {
    encode(stream);
  }
  if (options.learns) {
    const absl::Status status = encoder.Learn(batch, b.workspace.get(), stream);
    EXPECT_TRUE(status.ok()) << status;
    encode(stream);
  }
  Check(cudaStreamSynchronize(stream));
  Check(cudaStreamDestroy(stream));
  GpuRun run;
  run.report = Download<DeviceReport>(b.report, 1)[0];
  run.offsets = Download<int64_t>(b.id_offsets, offsets.size());
  run.statuses = Download<DocumentStatus>(b.statuses, documents.size());
  const auto n_ids = static_cast<size_t>(std::min(run.report.n_ids, max_ids));
  if (options.narrow) {
    const std::vector<uint16_t> ids = Download<uint16_t>(b.ids, n_ids);
    run.ids.assign(ids.begin(), ids.end());
  } else {
    run.ids = Download<uint32_t>(b.ids, n_ids);
  }
  return run;
}

size_t ExpectSameAsCpu(const DeviceEncoder& encoder, const std::vector<std::string>& documents,
                       const GpuRun& run, const SpecialPolicy& special) {
  EXPECT_EQ(run.offsets[0], 0);
  EXPECT_EQ(run.offsets.back(), run.report.n_ids);
  EXPECT_EQ(run.report.has_bad_offsets, 0);
  size_t n_ok = 0;
  for (size_t d = 0; d < documents.size(); ++d) {
    const std::vector<uint32_t> found = run.Document(d);
    if (run.statuses[d] != DocumentStatus::kOk) {
      EXPECT_TRUE(found.empty()) << d;
      continue;
    }
    ++n_ok;
    const auto wanted = encoder.tokenizer().Encode(documents[d], {.special = special});
    EXPECT_TRUE(wanted.ok()) << wanted.status();
    if (!wanted.ok() || found == *wanted) continue;
    const size_t at = static_cast<size_t>(
        std::mismatch(found.begin(), found.end(), wanted->begin(), wanted->end()).first - found.begin());
    ADD_FAILURE() << encoder.tokenizer().name() << ", document " << d << " of " << documents[d].size()
                  << " bytes '" << documents[d].substr(0, 100) << "': " << found.size() << " ids, not "
                  << wanted->size() << ", other ones from " << at << " on";
    return n_ok;
  }
  EXPECT_EQ(static_cast<size_t>(run.report.n_not_ok), documents.size() - n_ok);
  return n_ok;
}

bool HasGpu() {
  int n = 0;
  return cudaGetDeviceCount(&n) == cudaSuccess && n > 0;
}

const std::vector<Tokenizer>& GpuTokenizers() {
  static const std::vector<Tokenizer> tokenizers = [] {
    const char* const named = std::getenv("TOK_GPU_TOKENIZERS");
    std::istringstream names(named != nullptr ? named : "gpt2:p50k_base:cl100k_base:o200k_base");
    std::vector<Tokenizer> loaded;
    for (std::string name; std::getline(names, name, ':');) {
      absl::StatusOr<Tokenizer> tokenizer = Tokenizer::Load(name);
      EXPECT_TRUE(tokenizer.ok()) << tokenizer.status();
      if (tokenizer.ok()) loaded.push_back(std::move(*tokenizer));
    }
    return loaded;
  }();
  return tokenizers;
}

}  // namespace tok::cuda
