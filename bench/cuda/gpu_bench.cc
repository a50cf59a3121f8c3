// GB/s of text on a GPU: from its memory to its memory, of each stage, and from the host's memory to the host's.
//
//   tok_gpu_bench [--tokenizer NAME] [--runs N] [--json OUT] FILE...
//
// Files hold documents that end in NUL (bench/cuda/fetch_text.py), or are documents of about 4 KB. The ids of each are
// compared with the CPU's before anything is timed. Times are medians of --runs runs, by the device's clock. Tables
// begin with the vocabulary alone; then they learn the first half of the text and the second is timed; then all.
#include <cuda_runtime_api.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "bench/cuda/gpu_texts.h"
#include "bench/cuda/host_bench.h"
#include "cuda/base/device_memory.h"
#include "tok/batch_encoder.h"
#include "tok/cuda/device_encoder.h"

namespace tok::cuda {
namespace {

template <typename T>
T Value(absl::StatusOr<T> value) {
  if (!value.ok()) {
    std::fprintf(stderr, "%s\n", value.status().ToString().c_str());
    std::exit(1);
  }
  return std::move(*value);
}
void Check(const absl::Status& status) { Value(status.ok() ? absl::StatusOr<int>(0) : status); }
void Check(cudaError_t error) { Check(CudaStatus(error, "the benchmark")); }

double Median(std::vector<double> values) {
  std::ranges::sort(values);
  return values.empty() ? 0 : values[values.size() / 2];
}

// Texts on the device, and where their ids go.
class OnDevice {
 public:
  explicit OnDevice(const DeviceEncoder& encoder, const GpuText& text)
      : encoder_(encoder), n_bytes_(text.bytes.size()) {
    const auto n_documents = static_cast<int64_t>(text.offsets.size()) - 1;
    text_ = Value(Upload(std::span<const char>(text.bytes)));
    offsets_ = Value(Upload(std::span<const int64_t>(text.offsets)));
    ids_ = Value(DeviceMemory::Allocate(4 * n_bytes_));
    id_offsets_ = Value(DeviceMemory::Allocate(8 * text.offsets.size()));
    statuses_ = Value(DeviceMemory::Allocate(text.offsets.size()));
    report_ = Value(DeviceMemory::Allocate(sizeof(DeviceReport)));
    batch_ = {text_.get<char>(), static_cast<int64_t>(n_bytes_), offsets_.get<int64_t>(), n_documents};
    output_ = {ids_.get(),
               IdWidth::k32,
               batch_.max_text_bytes,
               id_offsets_.get<int64_t>(),
               statuses_.get<DocumentStatus>(),
               report_.get<DeviceReport>()};
    workspace_ = Value(DeviceMemory::Allocate(encoder.WorkspaceBytes(batch_.max_text_bytes, n_documents)));
    Check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking));
    for (cudaEvent_t& event : events_) Check(cudaEventCreate(&event));
  }
  ~OnDevice() {
    cudaStreamDestroy(stream_);
    for (cudaEvent_t event : events_) cudaEventDestroy(event);
  }

  // Milliseconds, and of each stage.
  double Time(int n_runs, std::map<std::string, double>* stages) {
    std::vector<double> all;
    std::map<std::string, std::vector<double>> of_stages;
    for (int run = -2; run < n_runs; ++run) {
      std::vector<std::string> names;
      Check(cudaEventRecord(events_[0], stream_));
      Check(encoder_.Encode(batch_, output_, workspace_.get(), stream_, [&](std::string_view stage) {
        names.emplace_back(stage);
        return CudaStatus(cudaEventRecord(events_[names.size()], stream_), "an event");
      }));
      Check(cudaStreamSynchronize(stream_));
      if (run < 0) continue;
      all.push_back(Between(0, names.size()));
      for (size_t s = 0; s < names.size(); ++s) of_stages[names[s]].push_back(Between(s, s + 1));
    }
    for (const auto& [name, times] : of_stages) (*stages)[name] = Median(times);
    return Median(all);
  }
  void Learn() {
    Check(encoder_.Encode(batch_, output_, workspace_.get(), stream_));
    Check(encoder_.Learn(batch_, workspace_.get(), stream_));
    Check(cudaStreamSynchronize(stream_));
  }
  DeviceReport Report() const {
    DeviceReport report;
    Check(cudaMemcpy(&report, report_.get(), sizeof(report), cudaMemcpyDeviceToHost));
    return report;
  }
  // Documents whose ids are others than the CPU's; those that the device leaves to the host do not count.
  size_t CountDifferent(const GpuText& text, const RaggedIds& wanted) const {
    std::vector<uint32_t> ids(static_cast<size_t>(Report().n_ids));
    std::vector<int64_t> offsets(text.offsets.size());
    std::vector<DocumentStatus> statuses(text.offsets.size() - 1);
    Check(cudaMemcpy(ids.data(), ids_.get(), 4 * ids.size(), cudaMemcpyDeviceToHost));
    Check(cudaMemcpy(offsets.data(), id_offsets_.get(), 8 * offsets.size(), cudaMemcpyDeviceToHost));
    Check(cudaMemcpy(statuses.data(), statuses_.get(), statuses.size(), cudaMemcpyDeviceToHost));
    size_t n_different = 0;
    for (size_t d = 0; d < statuses.size(); ++d) {
      const std::span<const TokenId> want = wanted.Document(d);
      const bool is_same =
          std::equal(want.begin(), want.end(), ids.begin() + offsets[d], ids.begin() + offsets[d + 1]);
      n_different += statuses[d] == DocumentStatus::kOk && !is_same ? 1 : 0;
    }
    return n_different;
  }

 private:
  double Between(size_t first, size_t last) const {
    float milliseconds;
    Check(cudaEventElapsedTime(&milliseconds, events_[first], events_[last]));
    return milliseconds;
  }

  const DeviceEncoder& encoder_;
  size_t n_bytes_;
  DeviceMemory text_, offsets_, ids_, id_offsets_, statuses_, report_, workspace_;
  DeviceBatch batch_;
  DeviceIds output_;
  cudaStream_t stream_;
  cudaEvent_t events_[16];
};

double Seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

nlohmann::json BenchOnDevice(const Tokenizer& tokenizer, const GpuText& text, int n_runs) {
  const double n_gb = static_cast<double>(text.bytes.size()) * 1e-9;
  const GpuText first = text.Part(0, text.n_documents() / 2),
                second = text.Part(text.n_documents() / 2, text.n_documents());
  const DeviceEncoder encoder = Value(DeviceEncoder::Create(tokenizer, SpecialPolicy::Text()));
  nlohmann::json row = {{"text", text.name}, {"bytes", text.bytes.size()}, {"documents", text.n_documents()}};
  std::map<std::string, double> stages;
  RaggedIds wanted;
  const EncodeOptions options = {.special = SpecialPolicy::Text()};
  std::vector<double> cpu;
  for (int run = 0; run < 3; ++run)
    cpu.push_back(Seconds([&] { wanted = Value(tokenizer.EncodeBatch(text.Documents(), options)); }));
  row["cpu_gb_per_s"] = n_gb / Median(cpu);
  {
    OnDevice all(encoder, text);
    row["vocabulary_gb_per_s"] = n_gb / all.Time(n_runs, &stages) * 1e3;
    row["different"] = all.CountDifferent(text, wanted);
    const DeviceReport report = all.Report();
    row["ids"] = report.n_ids;
    row["to_host"] = report.n_not_ok;
  }
  {
    OnDevice(encoder, first).Learn();
    OnDevice half(encoder, second);
    row["half_known_gb_per_s"] = static_cast<double>(second.bytes.size()) * 1e-6 / half.Time(n_runs, &stages);
  }
  OnDevice all(encoder, text);
  all.Learn();
  row["warm_gb_per_s"] = n_gb / all.Time(n_runs, &stages) * 1e3;
  row["different"] = row["different"].get<size_t>() + all.CountDifferent(text, wanted);
  row["stages_ms"] = stages;
  row["pieces"] = all.Report().n_pieces;
  row["merged_when_warm"] = all.Report().n_missed;
  return row;
}

void Print(const nlohmann::json& row) {
  const auto number = [&](const char* key) { return row[key].get<double>(); };
  std::printf(
      "%-14s %7.1f MB, %.3f ids a byte: warm %.1f GB/s, half known %.1f, vocabulary %.1f, CPU %.2f; to the "
      "host %.0f, different %.0f\n",
      row["text"].get<std::string>().c_str(), number("bytes") * 1e-6, number("ids") / number("bytes"),
      number("warm_gb_per_s"), number("half_known_gb_per_s"), number("vocabulary_gb_per_s"),
      number("cpu_gb_per_s"), number("to_host"), number("different"));
  std::printf("    %.3f pieces a byte, %.3f %% of them merged when warm;", number("pieces") / number("bytes"),
              100 * number("merged_when_warm") / number("pieces"));
  for (const auto& [stage, ms] : row["stages_ms"].items())
    std::printf(" %s %.3f", stage.c_str(), ms.get<double>());
  std::printf(" ms\n");
  if (!row.contains("host_to_host_gb_per_s")) return;
  std::printf(
      "    host to host %.1f GB/s, of pageable text %.1f; copies in %.1f, out %.1f, both at once %.1f each\n",
      number("host_to_host_gb_per_s"), number("host_to_host_pageable_gb_per_s"), number("copy_in_gb_per_s"),
      number("copy_out_gb_per_s"), number("copy_both_gb_per_s"));
  std::fflush(stdout);
}

nlohmann::json MachineOf() {
  int device, driver, runtime;
  cudaDeviceProp properties;
  Check(cudaGetDevice(&device));
  Check(cudaGetDeviceProperties(&properties, device));
  Check(cudaDriverGetVersion(&driver));
  Check(cudaRuntimeGetVersion(&runtime));
  return {{"gpu", properties.name},
          {"driver", driver},
          {"cuda", runtime},
          {"cpu_threads", std::thread::hardware_concurrency()}};
}

int Main(int argc, char** argv) {
  std::string name = "o200k_base", json;
  int n_runs = 7;
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--tokenizer" && i + 1 < argc) {
      name = argv[++i];
    } else if (argument == "--runs" && i + 1 < argc) {
      n_runs = std::atoi(argv[++i]);
    } else if (argument == "--json" && i + 1 < argc) {
      json = argv[++i];
    } else {
      files.push_back(argument);
    }
  }
  const Tokenizer tokenizer = Value(Tokenizer::Load(name));
  nlohmann::json rows = nlohmann::json::array();
  for (const GpuText& text : ReadTexts(files)) {
    rows.push_back(BenchOnDevice(tokenizer, text, n_runs));
    // What is hard is bound by the device's work.
    if (!text.is_made) rows.back().update(Value(BenchHostToHost(tokenizer, text, n_runs)));
    Print(rows.back());
  }
  if (json.empty()) return 0;
  const char* const commit = std::getenv("TOK_COMMIT");  // the bundle's
  nlohmann::json report = MachineOf();
  report.update(
      {{"tokenizer", name}, {"runs", n_runs}, {"commit", commit != nullptr ? commit : ""}, {"rows", rows}});
  std::ofstream(json) << report.dump(1) << "\n";
  return 0;
}

}  // namespace
}  // namespace tok::cuda

int main(int argc, char** argv) { return tok::cuda::Main(argc, argv); }
