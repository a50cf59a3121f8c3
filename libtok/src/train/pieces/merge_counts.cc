#include <algorithm>
#include <functional>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/status_macros.h"
#include "src/base/strings.h"
#include "src/format/spec_archive.h"
#include "src/train/memory_budget.h"
#include "src/train/pieces/piece_list.h"
#include "tok/piece_counts.h"

namespace tok {
namespace {

bool SameRules(const PieceRules& a, const PieceRules& b) {
  return ArchiveOrigin({.rules = a}) == ArchiveOrigin({.rules = b});
}

// The first piece of a part that has not been merged yet.
struct Front {
  std::string_view bytes;
  size_t part, index;

  // Of equal pieces, in the order of the parts: it decides nothing but which of several errors is reported.
  bool operator>(const Front& other) const {
    const int order = bytes.compare(other.bytes);
    return order != 0 ? order > 0 : part > other.part;
  }
};

absl::StatusOr<PieceCounts::Origin> MergeOrigins(std::span<const PieceCounts> parts) {
  PieceCounts::Origin origin = parts[0].origin();
  for (size_t i = 1; i < parts.size(); ++i) {
    const PieceCounts::Origin& other = parts[i].origin();
    if (absl::Status status = CheckMergeable(origin, other); !status.ok()) {
      return AtPlace(Concat("part ", i), status);
    }
    if (__builtin_add_overflow(origin.n_documents, other.n_documents, &origin.n_documents) ||
        __builtin_add_overflow(origin.n_bytes, other.n_bytes, &origin.n_bytes)) {
      return MakeError(ErrorCode::kLimit, Concat("part ", i), "documents or bytes add up to 2^64 or more",
                       "merge fewer parts");
    }
  }
  return origin;
}

}  // namespace

absl::Status CheckMergeable(const PieceCounts::Origin& a, const PieceCounts::Origin& b) {
  const auto differ = [](std::string_view what) {
    return MakeError(ErrorCode::kUsage, "piece counts", Concat("cut by another ", what, " than the others"),
                     "count all parts with the same options");
  };
  if (a.sequence_unit != b.sequence_unit) {
    return differ(Concat("kind of document ('", EscapePiece(b.sequence_unit), "', not '",
                         EscapePiece(a.sequence_unit), "': --split)"));
  }
  if (a.rules.unicode_profile != b.rules.unicode_profile) return differ("Unicode profile");
  if (a.rules.alphabet != b.rules.alphabet) return differ("alphabet (bytes, text)");
  if (!SameRules({.normalizers = a.rules.normalizers}, {.normalizers = b.rules.normalizers})) {
    return differ("normalizer (--normalizer)");
  }
  if (!SameRules({.pre_tokenizers = a.rules.pre_tokenizers}, {.pre_tokenizers = b.rules.pre_tokenizers})) {
    return differ("pattern (--pattern, --digits)");
  }
  return absl::OkStatus();
}

absl::StatusOr<PieceCounts> MergePieceCounts(std::span<const PieceCounts> parts, uint64_t n_memory_bytes) {
  TOK_ASSIGN_OR_RETURN(const MemoryBudget budget,
                       MemoryBudget::Create(n_memory_bytes, /*n_threads=*/1, /*n_tokens=*/0));
  if (parts.empty()) return PieceCounts();
  TOK_ASSIGN_OR_RETURN(PieceCounts::Origin origin, MergeOrigins(parts));
  const std::shared_ptr<ScratchMemory> scratch = budget.MakeScratch(budget.ForCounts());
  return CatchScratchFull([&]() -> absl::StatusOr<PieceCounts> {
    std::vector<PieceCounts> sorted;
    for (const PieceCounts& unsorted : parts) {
      TOK_ASSIGN_OR_RETURN(PieceCounts part, Sorted(unsorted, scratch));
      sorted.push_back(std::move(part));
    }
    return MergeSorted(sorted, std::move(origin), scratch);
  });
}

absl::StatusOr<PieceCounts> MergeSorted(std::span<const PieceCounts> sorted, PieceCounts::Origin origin,
                                        std::shared_ptr<ScratchMemory> scratch) {
  std::priority_queue<Front, std::vector<Front>, std::greater<>> fronts;
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (sorted[i].n_unique() > 0) fronts.push({sorted[i][0].bytes, i, 0});
  }
  PieceList list(std::move(scratch));
  while (!fronts.empty()) {
    const Front front = fronts.top();
    fronts.pop();
    const PieceCounts& part = sorted[front.part];
    TOK_RETURN_IF_ERROR(list.Append(part[front.index]));
    const size_t next = front.index + 1;
    if (next < part.n_unique()) fronts.push({part[next].bytes, front.part, next});
  }
  return std::move(list).Finish(std::move(origin));
}

}  // namespace tok
