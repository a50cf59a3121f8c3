#include "cuda/encoder/workspace.h"

#include <algorithm>

#include "cuda/kernels/launch.h"

namespace tok::cuda {
namespace {

// Hands out memory piece by piece.
class Layout {
 public:
  explicit Layout(void* memory) : memory_(static_cast<char*>(memory)) {}

  template <typename T>
  T* Take(int64_t n) {
    return static_cast<T*>(TakeBytes(sizeof(T) * static_cast<size_t>(n)));
  }
  void* TakeBytes(size_t n_bytes) {
    void* const taken = memory_ == nullptr ? nullptr : memory_ + n_taken_;
    n_taken_ += AlignedSize(n_bytes);
    return taken;
  }
  size_t n_taken() const { return n_taken_; }

 private:
  char* const memory_;
  size_t n_taken_ = 0;
};

// The shortest added tokens worth matching on a device: of shorter ones that fill the text, documents go to the host.
constexpr int64_t kBytesPerMatch = 8;

}  // namespace

Workspace Workspace::At(void* memory, PatternFamily family, int64_t max_text_bytes, int64_t n_documents) {
  const int64_t max_places = max_text_bytes + kTextAlignment, max_words = max_places / 32 + 1;
  Layout layout(memory);
  Workspace w = {};
  auto* const text = layout.Take<DeviceText>(1);
  w.text = {text, max_places};
  w.counters = layout.Take<Counters>(1);
  w.document_statuses = layout.Take<uint32_t>(n_documents);
  const DocumentFlags flags = {w.document_statuses, &w.counters->n_flagged};
  w.document_begins = layout.Take<uint32_t>(max_words);
  w.split = {layout.Take<uint32_t>(max_words), flags};
  w.cut = {w.split.starts, layout.Take<uint32_t>(max_words)};
  const int64_t max_matches = max_places / kBytesPerMatch + 1;
  w.matches = {w.document_begins, layout.Take<Match>(max_matches), &w.counters->n_matches,
               static_cast<unsigned long long>(max_matches), flags};
  w.splice = {layout.Take<LongPiece>(MaxLongPieces(max_places)),
              &w.counters->n_long_pieces,
              layout.Take<Window>(MaxWindows(max_places)),
              &w.counters->n_windows,
              layout.Take<uint32_t>(MaxWindows(max_places) * kWindowBits),
              flags};
  const int64_t n_tiles = MaxTiles(max_places);
  // Every piece of one byte is in the tables. (Numbers of misses are u32.)
  const int64_t max_misses = std::min(max_places / 2 + 1, int64_t{UINT32_MAX});
  w.pieces = {.records = layout.Take<PieceRecord>(max_places),
              .tile_pieces = layout.Take<int64_t>(n_tiles + 1),
              .tile_ids = layout.Take<unsigned long long>(n_tiles + 1),
              .misses = layout.Take<Miss>(max_misses),
              .n_misses = &w.counters->n_misses,
              .max_misses = static_cast<unsigned long long>(max_misses),
              .flags = flags};
  w.merge = {.ids = layout.Take<uint32_t>(max_places),
             .n_ids = &w.counters->n_miss_ids,
             .merges = layout.Take<uint32_t>(max_misses),
             .n_short_merges = &w.counters->n_short_merges,
             .n_long_merges = &w.counters->n_long_merges,
             .flags = flags};
  w.scratch = layout.TakeBytes(
      std::max({SplitWorkspace(family, max_places), PiecesWorkspace(max_places), EmitWorkspace(max_places)}));
  w.n_bytes = layout.n_taken();
  return w;
}

}  // namespace tok::cuda
