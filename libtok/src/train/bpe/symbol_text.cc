#include "src/train/bpe/symbol_text.h"

#include "src/base/status_macros.h"
#include "src/base/strings.h"

namespace tok {

void SymbolText::WeightCursor::Seek(uint32_t place) {
  const size_t block = place >> kLogBlock;
  const auto begin = text_.classes_.begin();
  // Behind the last class of the block begin those of the next.
  const auto found =
      std::upper_bound(begin + text_.class_of_block_[block], begin + text_.class_of_block_[block + 1] + 1,
                       place, [](uint32_t p, const WeightClass& c) { return p < c.begin; });
  end_ = found->begin;
  weight_ = (found - 1)->weight;
}

absl::Status SymbolText::Allocate(uint64_t n_places, ScratchMemory* scratch) {
  if (n_places > kInside) {
    return MakeError(ErrorCode::kLimit, "training text",
                     Concat("has ", n_places, " symbols to merge; at most ", kInside, " can be trained on"),
                     "train on a part of the corpus, or with a pattern that cuts it into words");
  }
  n_places_ = n_places;
  memory_ = ScratchBlock(scratch, n_places * sizeof(uint32_t));
  data()[0] = kPieceEnd;
  return absl::OkStatus();
}

void SymbolText::IndexClasses() {
  classes_.push_back({0, static_cast<uint32_t>(n_places_)});
  uint32_t current = 0;
  for (size_t block = 0; block <= (n_places_ >> kLogBlock) + 1; ++block) {
    const uint64_t begin = uint64_t{block} << kLogBlock;
    while (current + 2 < classes_.size() && classes_[current + 1].begin <= begin) ++current;
    class_of_block_.push_back(current);
  }
}

absl::StatusOr<SymbolText> SymbolText::OfWeightOne(uint64_t n_places, ScratchMemory* scratch) {
  SymbolText text;
  TOK_RETURN_IF_ERROR(text.Allocate(n_places, scratch));
  text.classes_.push_back({1, 1});
  text.IndexClasses();
  return text;
}

absl::Status SymbolTextBuilder::Begin() {
  std::vector<std::pair<uint64_t, uint64_t>> classes(n_planned_.begin(), n_planned_.end());
  std::sort(classes.begin(), classes.end(), std::greater<>());
  uint64_t n_places = 1;
  for (const auto& [weight, n] : classes) n_places += n;
  TOK_RETURN_IF_ERROR(text_.Allocate(n_places, scratch_));
  uint32_t place = 1;
  for (const auto& [weight, n] : classes) {
    text_.classes_.push_back({weight, place});
    n_planned_[weight] = place;
    place += static_cast<uint32_t>(n);
  }
  text_.IndexClasses();
  return absl::OkStatus();
}

std::span<uint32_t> SymbolTextBuilder::Add(size_t n_symbols, uint64_t weight) {
  uint64_t& next = n_planned_.find(weight)->second;
  uint32_t* begin = text_.data() + next;
  next += n_symbols + 1;
  begin[n_symbols] = SymbolText::kPieceEnd;
  return std::span(begin, n_symbols);
}

absl::StatusOr<SymbolTextBuilder> PlanPieces(const PieceCounts& counts, std::span<const uint32_t> lengths,
                                             ScratchMemory* scratch, uint64_t* n_symbols) {
  SymbolTextBuilder builder(scratch);
  *n_symbols = 0;
  for (size_t i = 0; i < lengths.size(); ++i) {
    *n_symbols += lengths[i];
    if (lengths[i] > 1) builder.Plan(lengths[i], counts[i].count);
  }
  TOK_RETURN_IF_ERROR(builder.Begin());
  return builder;
}

}  // namespace tok
