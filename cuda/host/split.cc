#include "cuda/host/split.h"

#include <algorithm>
#include <cstring>

#include "cuda/host/warp.h"
#include "cuda/split/carries.h"
#include "cuda/split/chunk_ops.h"
#include "cuda/split/classify_chunk.h"
#include "cuda/split/starts.h"

namespace tok::cuda {
namespace {

class Splitting {
 public:
  Splitting(std::string_view text, std::span<const int64_t> offsets)
      : text_(text), n_words_(text.size() / kWordBytes + 1), begins_(n_words_) {
    for (const int64_t offset : offsets) begins_[static_cast<size_t>(offset) / 32] |= 1u << (offset % 32);
  }

  template <PatternFamily kFamily>
  HostSplit Run() {
    const size_t n_chunks = (n_words_ + kChunkWords - 1) / kChunkWords;
    std::vector<Carries> carries(n_chunks);
    std::vector<ChunkSummary> summaries(n_chunks);
    if (HasFills(kFamily)) {
      for (size_t c = 0; c < n_chunks; ++c) summaries[c] = RunChunk<kFamily>(c, {}, nullptr);
    }
    ChunkSummary sum;
    for (size_t c = 0; c < n_chunks; ++c) {
      carries[c].up = sum.up;
      carries[c].n_numbers = sum.n_numbers;
      sum = CombineUp()(sum, summaries[c]);
    }
    sum = {};
    for (size_t c = n_chunks; c-- > 0;) {
      carries[c].down = sum.down;
      sum = CombineDown()(sum, summaries[c]);
    }
    HostSplit split;
    for (auto* words : {&split.starts, &split.unsure, &split.invalid}) words->resize(n_words_);
    for (size_t c = 0; c < n_chunks; ++c) {
      const ChunkSummary now = RunChunk<kFamily>(c, carries[c], &split);
      const size_t edge = c * kChunkWords + kLastUpLane - kFirstLane;
      if (HasFills(kFamily) && edge < n_words_ && now.up != ExpectedUp(carries[c], summaries[c]))
        split.unsure[edge] |= 1u << 31;
    }
    return split;
  }

 private:
  template <PatternFamily kFamily>
  ChunkSummary RunChunk(size_t chunk, const Carries& in, HostSplit* split) {
    HostWarp warp;
    LaneValues<TextWord> words{};
    LaneMasks ahead{}, begins{};
    const auto first = static_cast<ptrdiff_t>(chunk * kChunkWords) - ptrdiff_t{kFirstLane};
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      const ptrdiff_t w = first + lane;
      words[lane] = WordAt(w);
      ahead[lane] = WordAt(w + 1).quads[0];
      if (w >= 0 && static_cast<size_t>(w) < n_words_) begins[lane] = begins_[static_cast<size_t>(w)];
    }
    const ClassMasks<LaneMasks> masks = ClassifyChunk(warp, words, ahead, table_.view());
    ChunkOps<HostWarp> ops(warp, words, ahead, begins, masks.continuation, in);
    LaneMasks unsure{};
    const LaneMasks invalid = ops.Invalid(masks);
    const LaneMasks starts = PieceStarts<kFamily>(ops, masks, &unsure);
    for (unsigned lane = kFirstLane; split != nullptr && lane < kBehindLane; ++lane) {
      const size_t w = static_cast<size_t>(first + lane);
      if (w >= n_words_) break;
      split->starts[w] = starts[lane] | begins[lane];
      split->unsure[w] = unsure[lane];
      split->invalid[w] = invalid[lane];
    }
    return ops.summary();
  }

  TextWord WordAt(ptrdiff_t w) const {
    TextWord word{};
    if (w < 0 || static_cast<size_t>(w) * kWordBytes >= text_.size()) return word;
    const std::string_view bytes = text_.substr(static_cast<size_t>(w) * kWordBytes, kWordBytes);
    std::memcpy(&word, bytes.data(), bytes.size());
    return word;
  }

  std::string_view text_;
  size_t n_words_;  // with one for the end of the text
  std::vector<uint32_t> begins_;
  const CharTable& table_ = []() -> const CharTable& {
    static const CharTable table = CharTable::Make();
    return table;
  }();
};

}  // namespace

HostSplit SplitOnHost(PatternFamily family, std::string_view text, std::span<const int64_t> offsets) {
  Splitting splitting(text, offsets);
  switch (family) {
    case PatternFamily::kGpt2: return splitting.Run<PatternFamily::kGpt2>();
    case PatternFamily::kCl100k: return splitting.Run<PatternFamily::kCl100k>();
    case PatternFamily::kLlama3: return splitting.Run<PatternFamily::kLlama3>();
    case PatternFamily::kQwen: return splitting.Run<PatternFamily::kQwen>();
    case PatternFamily::kO200k: return splitting.Run<PatternFamily::kO200k>();
    default: return splitting.Run<PatternFamily::kSubwords>();
  }
}

}  // namespace tok::cuda
