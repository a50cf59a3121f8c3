// bench/cuda/host_bench.h: from the host's memory to the host's: the batch encoder of GPUs, and what the bus allows.
#ifndef TOK_BENCH_CUDA_HOST_BENCH_H_
#define TOK_BENCH_CUDA_HOST_BENCH_H_

#include <nlohmann/json.hpp>

#include "bench/cuda/gpu_texts.h"
#include "tok/status.h"
#include "tok/tokenizer.h"

namespace tok::cuda {

// The text again and again, 2 GB or more, to a sink that counts: host_to_host_gb_per_s (pinned text) and
// host_to_host_pageable_gb_per_s, medians of five runs or n_runs after one more, with host_to_host_ids of the whole and its
// host_to_host_bytes; copy_in_gb_per_s, copy_out_gb_per_s, copy_both_gb_per_s (each way) of 256 MiB, as plain copies.
absl::StatusOr<nlohmann::json> BenchHostToHost(const Tokenizer& tokenizer, const GpuText& text, int n_runs);

}  // namespace tok::cuda

#endif  // TOK_BENCH_CUDA_HOST_BENCH_H_
