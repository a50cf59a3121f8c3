#include "src/train/lib/sentence_reader.h"

#include <optional>

#include "src/train/lib/symbols.h"

namespace tok {
namespace {

bool EndTheSame(std::string_view a, std::string_view b) {
  return !a.empty() && !b.empty() && (a.ends_with(b) || b.ends_with(a));
}
bool BeginTheSame(std::string_view a, std::string_view b) {
  return !a.empty() && !b.empty() && (a.starts_with(b) || b.starts_with(a));
}

}  // namespace

void SentenceReader::Read(std::string_view sentence) {
  sentence_ = sentence;
  before_previous_ = previous_ = {};
  races_.Start(sentence);
  for (size_t position = 0; position < sentence.size();) {
    races_.AdvanceTo(position);
    const size_t end = ReadChunk(position);
    before_previous_ = previous_;
    previous_ = {position, end};
    position = end;
    ++n_chunks_;
  }
  races_.AdvanceTo(sentence.size());
}

size_t SentenceReader::ReadChunk(size_t position) {
  const auto [unit, shorter] = memory_.Find(sentence_.substr(position));
  races_.TakeChunk(unit);
  if (unit == UnitMemory::kNoUnit) {
    const size_t end = position + SymbolLength(options_.symbol, sentence_, position);
    memory_.Memorize(Slice(position, end), UnitMemory::Context{LeftNeighbor(), ChunkAt(end)});
    return end;
  }
  const size_t end = position + memory_.Text(unit).size();
  // Looked up before anything is memorised here, which could make it longer.
  const bool has_left = previous_.end > previous_.begin;
  const bool is_joined = has_left && random_.Chance(options_.in_rate);
  const bool is_inspected = memory_.IsOnProbation(unit);
  const std::string_view right = is_joined || is_inspected ? ChunkAt(end) : std::string_view();
  if (is_inspected) InspectProbation(unit, {position, end}, right);
  if (shorter != UnitMemory::kNoUnit) races_.Open(position, unit, shorter);
  if (is_joined) {
    memory_.Memorize(Slice(previous_.begin, end),
                     UnitMemory::Context{Slice(before_previous_.begin, before_previous_.end), right});
  }
  return end;
}

void SentenceReader::InspectProbation(Unit unit, Place place, std::string_view right) {
  // A copy: memorising moves what the memory holds.
  const std::optional<UnitMemory::Context> context = memory_.ContextOf(unit);
  if (!options_.inspect_context || !context.has_value()) return memory_.Release(unit);
  const std::string_view left = LeftNeighbor();
  if (context->left.empty() && context->right.empty() && left.empty() && right.empty()) return;
  const bool same_left = EndTheSame(context->left, left);
  const bool same_right = BeginTheSame(context->right, right);
  if (same_left) memory_.Memorize(Slice(previous_.begin, place.end), std::nullopt);
  if (same_right) memory_.Memorize(Slice(place.begin, place.end + right.size()), std::nullopt);
  if (same_left || same_right) return;
  memory_.Reward(unit, -1);
  memory_.Release(unit);
}

std::string_view SentenceReader::ChunkAt(size_t position) {
  if (position == sentence_.size()) return {};
  const Unit unit = memory_.Find(sentence_.substr(position)).longest;
  const size_t n_bytes = unit == UnitMemory::kNoUnit ? SymbolLength(options_.symbol, sentence_, position)
                                                     : memory_.Text(unit).size();
  return sentence_.substr(position, n_bytes);
}

}  // namespace tok
