// bench/cuda/gpu_texts.h: texts to measure with: files, and text that is hard on purpose.
#ifndef TOK_BENCH_CUDA_GPU_TEXTS_H_
#define TOK_BENCH_CUDA_GPU_TEXTS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tok::cuda {

struct GpuText {
  std::string name, bytes;
  std::vector<int64_t> offsets = {0};
  bool is_made = false;  // hard on purpose, not real text

  size_t n_documents() const { return offsets.size() - 1; }
  void Add(std::string_view document) {
    bytes += document;
    offsets.push_back(static_cast<int64_t>(bytes.size()));
  }
  std::string_view Document(size_t d) const {
    return std::string_view(bytes).substr(static_cast<size_t>(offsets[d]),
                                          static_cast<size_t>(offsets[d + 1] - offsets[d]));
  }
  std::vector<std::string_view> Documents() const {
    std::vector<std::string_view> documents;
    for (size_t d = 0; d < n_documents(); ++d) documents.push_back(Document(d));
    return documents;
  }
  GpuText Part(size_t first, size_t last) const {
    GpuText part{name, {}, {0}, is_made};
    for (size_t d = first; d < last; ++d) part.Add(Document(d));
    return part;
  }
};

// One text a file, of documents that end in NUL or else of about 4 KB; "adversarial" makes its own.
std::vector<GpuText> ReadTexts(const std::vector<std::string>& files);

}  // namespace tok::cuda

#endif  // TOK_BENCH_CUDA_GPU_TEXTS_H_
