#include "src/train/bpe/merged_text.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include "src/base/parallel.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/model/bpe/merge_symbols.h"
#include "src/model/bpe/merge_table.h"

namespace tok {
namespace {

constexpr size_t kPiecesAtOnce = 512, kBlocksPerThread = 4;
// Of its tokens and of MergeScratch, of whose agenda there are two while it grows.
constexpr uint64_t kBytesPerByte = 48;
constexpr uint64_t kShort = 4096;  // bytes; what such a piece takes is no matter to a budget

// So many threads, and the room that all of them take while they merge pieces.
class MergingRoom {
 public:
  // Of the longest piece. scratch null: no budget.
  static absl::StatusOr<MergingRoom> Create(uint64_t n_longest, unsigned n_threads, ScratchMemory* scratch) {
    if (scratch == nullptr || n_longest <= kShort) return MergingRoom(n_threads, nullptr, 0);
    const uint64_t n_each = n_longest * kBytesPerByte;
    n_threads = static_cast<unsigned>(std::min<uint64_t>(n_threads, scratch->n_left_bytes() / n_each));
    if (n_threads > 0 && scratch->Take(n_threads * n_each)) {
      return MergingRoom(n_threads, scratch, n_threads * n_each);
    }
    return MakeError(ErrorCode::kLimit, "training text",
                     Concat("has a piece of ", n_longest, " bytes, for whose merging ", n_each,
                            " bytes of memory are not left"),
                     "raise --memory, or choose a pattern that cuts text into words");
  }
  ~MergingRoom() {
    if (scratch_ != nullptr) scratch_->GiveBack(n_bytes_);
  }
  MergingRoom(MergingRoom&& other) noexcept
      : n_threads_(other.n_threads_),
        scratch_(std::exchange(other.scratch_, nullptr)),
        n_bytes_(other.n_bytes_) {}
  MergingRoom& operator=(MergingRoom&&) = delete;

  unsigned n_threads() const { return n_threads_; }

 private:
  MergingRoom(unsigned n_threads, ScratchMemory* scratch, uint64_t n_bytes)
      : n_threads_(n_threads), scratch_(scratch), n_bytes_(n_bytes) {}

  unsigned n_threads_;
  ScratchMemory* scratch_;
  uint64_t n_bytes_;
};

class PieceMerger {
 public:
  PieceMerger(const PieceCounts& counts, const SpellPiece& spell, const MergeTable& merges)
      : counts_(counts), spell_(spell), merges_(merges) {}

  size_t n_blocks() const { return counts_.n_unique() / kPiecesAtOnce + 1; }
  size_t BeginOf(size_t block) const { return std::min(counts_.n_unique(), block * kPiecesAtOnce); }

  // Calls use(i, tokens of piece i) for the pieces of a block.
  template <typename Use>
  void Merge(size_t block, const Use& use) const {
    MergeScratch scratch;
    std::vector<TokenId> tokens;
    for (size_t i = BeginOf(block); i < BeginOf(block + 1); ++i) {
      const std::string_view piece = counts_[i].bytes;
      tokens.clear();
      tokens.reserve(piece.size());
      spell_(piece, &tokens);
      MergeSymbols(merges_, &tokens, &scratch);
      use(i, tokens);
    }
  }

 private:
  const PieceCounts& counts_;
  const SpellPiece& spell_;
  const MergeTable& merges_;
};

uint64_t LongestOf(const PieceCounts& counts) {
  uint64_t longest = 0, begin = 0;
  for (const uint64_t end : counts.ends()) longest = std::max(longest, end - std::exchange(begin, end));
  return longest;
}

}  // namespace

// Merged once to know how long they become, and again to be written: what is between them is in no memory.
absl::StatusOr<SymbolText> MergePieces(const PieceCounts& counts, const SpellPiece& spell,
                                       const TokenizerSpec& spec, unsigned n_threads, ScratchMemory* scratch,
                                       uint64_t* n_tokens) {
  TOK_ASSIGN_OR_RETURN(const MergeTable merges,
                       BuildMergeListTable(std::get<BpeModelSpec>(spec.model), spec.vocabulary));
  const PieceMerger merger(counts, spell, merges);
  TOK_ASSIGN_OR_RETURN(const MergingRoom room, MergingRoom::Create(LongestOf(counts), n_threads, scratch));
  ScratchVector<uint32_t> lengths(counts.n_unique(), scratch);
  ParallelFor(merger.n_blocks(), room.n_threads(), [&](size_t b) {
    merger.Merge(b,
                 [&](size_t i, std::span<const TokenId> tokens) { lengths[i] = PieceLength(tokens.size()); });
  });
  TOK_ASSIGN_OR_RETURN(SymbolTextBuilder builder, PlanPieces(counts, lengths, scratch, n_tokens));
  const size_t n_at_once = kBlocksPerThread * room.n_threads();
  std::vector<std::span<uint32_t>> places;  // of the pieces of some blocks, in their order
  for (size_t first = 0; first < merger.n_blocks(); first += n_at_once) {
    const size_t begin = merger.BeginOf(first), end = merger.BeginOf(first + n_at_once);
    places.clear();
    for (size_t i = begin; i < end; ++i) {
      places.push_back(lengths[i] > 1 ? builder.Add(lengths[i], counts[i].count) : std::span<uint32_t>());
    }
    ParallelFor(std::min(n_at_once, merger.n_blocks() - first), room.n_threads(), [&](size_t b) {
      merger.Merge(first + b, [&](size_t i, std::span<const TokenId> tokens) {
        if (tokens.size() > 1) std::copy(tokens.begin(), tokens.end(), places[i - begin].begin());
      });
    });
  }
  return builder.Finish();
}

}  // namespace tok
