#include "src/train/unigram/sorted_pieces.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/unicode/utf8.h"

namespace tok {
namespace {

// Enough blocks to keep many threads busy, and blocks large enough that adding up their sums costs little.
constexpr uint64_t kMaxBlocks = 64;
constexpr uint64_t kMinBlockBytes = 1 << 16;

absl::Status CheckPiece(std::string_view bytes, size_t i) {
  const size_t invalid = FindInvalidUtf8(bytes);
  if (invalid == std::string_view::npos) return absl::OkStatus();
  return MakeError(ErrorCode::kInvalidUtf8, Concat("piece ", i, ", byte ", invalid), "the piece is not UTF-8",
                   "count pieces of valid text");
}

}  // namespace

absl::StatusOr<SortedPieces> SortedPieces::Create(const PieceCounts& counts) {
  if (counts.origin().rules.alphabet != VocabularyAlphabet::kText) {
    return MakeError(ErrorCode::kUnsupportedFeature, "pieces",
                     "a Unigram vocabulary is learned from text, not from raw bytes",
                     "count pieces with a pre-tokenizer of text, such as Metaspace");
  }
  if (counts.n_unique() >= std::numeric_limits<uint32_t>::max() ||
      counts.n_unique_bytes() >= std::numeric_limits<uint32_t>::max() - counts.n_unique()) {
    return MakeError(ErrorCode::kLimit, "pieces", "more than 4 GB of unique pieces",
                     "leave out the rarest pieces");
  }
  SortedPieces pieces(counts);
  uint64_t total_bytes = 0;  // of the text, hence no less than any sum of tokens in it
  for (size_t i = 0; i < counts.n_unique(); ++i) {
    const CountedPiece piece = counts[i];
    TOK_RETURN_IF_ERROR(CheckPiece(piece.bytes, i));
    uint64_t n_bytes = 0;
    if (__builtin_mul_overflow(piece.count, piece.bytes.size(), &n_bytes) ||
        __builtin_add_overflow(total_bytes, n_bytes, &total_bytes)) {
      return MakeError(ErrorCode::kLimit, "pieces", "the counts are of more than 2^64 bytes of text",
                       "count less text");
    }
    if (!piece.bytes.empty()) pieces.total_count_ += piece.count;
  }
  pieces.Order();
  pieces.CutBlocks();
  return pieces;
}

void SortedPieces::Order() {
  size_ = counts_.n_unique();
  const auto out_of_order = [&](size_t i) {
    return counts_[i].bytes.empty() || (i > 0 && counts_[i].bytes < counts_[i - 1].bytes);
  };
  size_t i = 0;
  while (i < size_ && !out_of_order(i)) ++i;
  if (i == size_) return;
  order_.reserve(size_);
  for (uint32_t piece = 0; piece < size_; ++piece) {
    if (!counts_[piece].bytes.empty()) order_.push_back(piece);
  }
  std::sort(order_.begin(), order_.end(),
            [&](uint32_t a, uint32_t b) { return counts_[a].bytes < counts_[b].bytes; });
  size_ = order_.size();
}

void SortedPieces::CutBlocks() {
  const uint64_t n_blocks = std::clamp<uint64_t>(n_bytes() / kMinBlockBytes, 1, kMaxBlocks);
  const uint64_t block_bytes = n_bytes() / n_blocks + 1;
  uint64_t n_block_bytes = 0;
  for (size_t i = 0; i < size_; ++i) {
    n_block_bytes += (*this)[i].bytes.size();
    if (n_block_bytes < block_bytes && i + 1 < size_) continue;
    block_ends_.push_back(i + 1);
    n_block_bytes = 0;
  }
}

}  // namespace tok
