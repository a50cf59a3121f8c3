#include "src/vocab/token_automaton.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <tuple>
#include <utility>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "src/base/instruction_set.h"
#include "src/base/status_macros.h"
#include "src/base/strings.h"

namespace tok {
namespace {

constexpr uint64_t kMaxTotalBytes = uint64_t{1} << 31;

struct SortItem {
  uint64_t chunk;   // eight bytes of the string as a number whose order is theirs; zeros past the end
  uint32_t index;   // of the string
  uint32_t rank;    // place in `order`
  uint8_t n_chunk;  // how many of the eight bytes exist
};

void LoadChunk(std::string_view string, size_t offset, SortItem* item) {
  item->n_chunk =
      offset < string.size() ? static_cast<uint8_t>(std::min<size_t>(8, string.size() - offset)) : 0;
  item->chunk = 0;
  for (unsigned i = 0; i < item->n_chunk; ++i) {
    item->chunk |= static_cast<uint64_t>(static_cast<uint8_t>(string[offset + i])) << (56 - 8 * i);
  }
}

// Sorts by content, then by rank. Ranges that agree in eight bytes are sorted by the next eight, so that a
// long common prefix is not compared again and again.
void SortByContent(std::span<const std::string_view> strings, std::vector<SortItem>* items) {
  struct Range {
    size_t begin, end, offset;
  };
  std::vector<Range> ranges = {{0, items->size(), 0}};
  while (!ranges.empty()) {
    const Range range = ranges.back();
    ranges.pop_back();
    SortItem* const begin = items->data() + range.begin;
    SortItem* const end = items->data() + range.end;
    for (SortItem* item = begin; item != end; ++item) LoadChunk(strings[item->index], range.offset, item);
    // A string that ends inside the chunk comes before a longer one that has zero bytes there.
    std::sort(begin, end, [](const SortItem& a, const SortItem& b) {
      return std::tie(a.chunk, a.n_chunk, a.rank) < std::tie(b.chunk, b.n_chunk, b.rank);
    });
    for (SortItem* item = begin; item != end;) {
      SortItem* same = item + 1;
      while (same != end && same->chunk == item->chunk && same->n_chunk == item->n_chunk) ++same;
      if (same - item > 1 && item->n_chunk == 8) {
        ranges.push_back({static_cast<size_t>(item - items->data()),
                          static_cast<size_t>(same - items->data()), range.offset + 8});
      }
      item = same;
    }
  }
}

}  // namespace

absl::StatusOr<std::shared_ptr<const TokenAutomaton>> TokenAutomaton::Create(
    std::span<const std::string_view> strings, std::span<const uint32_t> order) {
  TOK_ASSIGN_OR_RETURN(const InstructionSet set, ChosenInstructionSet());
  std::vector<SortItem> items;
  items.reserve(order.size());
  uint64_t n_bytes = 0;
  for (uint32_t rank = 0; rank < order.size(); ++rank) {
    const std::string_view string = strings[order[rank]];
    n_bytes += string.size();
    if (!string.empty()) items.push_back({0, order[rank], rank, 0});
  }
  if (n_bytes > kMaxTotalBytes) {
    return MakeError(ErrorCode::kLimit, "added tokens", Concat("contents of ", n_bytes, " bytes in all"),
                     "the limit is 2 GiB");
  }
  SortByContent(strings, &items);
  // The strings once more, in order and without repeats: the trie is built from memory read front to back.
  std::vector<uint32_t> indices;
  std::vector<std::string_view> sorted;
  std::string blob;
  blob.reserve(n_bytes);
  for (size_t i = 0; i < items.size(); ++i) {
    const std::string_view string = strings[items[i].index];
    const bool last_of_equals = i + 1 == items.size() || strings[items[i + 1].index] != string;
    if (!last_of_equals) continue;
    indices.push_back(items[i].index);
    sorted.emplace_back(blob.data() + blob.size(), string.size());
    blob.append(string);
  }

  auto automaton = std::make_shared<TokenAutomaton>();
  automaton->BuildTrie(sorted, indices);
  automaton->BuildFailures();
  automaton->filter_ = CandidateFilter(sorted, /*use_simd=*/set != InstructionSet::kScalar);
  return std::shared_ptr<const TokenAutomaton>(std::move(automaton));
}

void TokenAutomaton::BuildTrie(std::span<const std::string_view> sorted, std::span<const uint32_t> indices) {
  // A node is a run [begin, end) of sorted strings that agree in its depth first bytes.
  struct Run {
    uint32_t begin, end;
  };
  labels_ = {0};
  nodes_ = {{.depth = 0, .token = kNone}};
  std::vector<Run> level = {{0, static_cast<uint32_t>(sorted.size())}}, next_level;
  uint32_t node = kRoot;
  for (uint32_t depth = 0; !level.empty(); ++depth) {
    next_level.clear();
    for (const Run& run : level) {
      const auto first_child = static_cast<uint32_t>(nodes_.size());
      uint32_t i = run.begin;
      if (i < run.end && sorted[i].size() == depth) ++i;  // the string that ends in this node
      while (i < run.end) {
        const char label = sorted[i][depth];
        uint32_t end = i + 1;
        while (end < run.end && sorted[end][depth] == label) ++end;
        labels_.push_back(static_cast<uint8_t>(label));
        nodes_.push_back({.depth = depth + 1, .token = sorted[i].size() == depth + 1 ? indices[i] : kNone});
        next_level.push_back({i, end});
        i = end;
      }
      nodes_[node].first_child = first_child;
      nodes_[node].n_children = static_cast<uint32_t>(nodes_.size()) - first_child;
      ++node;
    }
    level.swap(next_level);
  }
  root_children_.fill(kNone);
  for (uint32_t child = 1; child <= nodes_[kRoot].n_children; ++child) root_children_[labels_[child]] = child;
  labels_.resize(labels_.size() + kLabelPadding);
}

inline uint32_t TokenAutomaton::Child(uint32_t node, uint8_t byte) const {
  if (node == kRoot) return root_children_[byte];
  const uint32_t begin = nodes_[node].first_child, end = begin + nodes_[node].n_children;
#if defined(__SSE2__)
  // Sixteen labels at a time: no branch that depends on where the label is.
  const __m128i wanted = _mm_set1_epi8(static_cast<char>(byte));
  for (uint32_t child = begin; child < end; child += kLabelPadding) {
    const __m128i labels = _mm_loadu_si128(reinterpret_cast<const __m128i*>(labels_.data() + child));
    const auto equal = static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(labels, wanted)));
    if (equal == 0) continue;
    const uint32_t found = child + static_cast<uint32_t>(std::countr_zero(equal));
    return found < end ? found : kNone;
  }
  return kNone;
#else
  const void* found = std::memchr(labels_.data() + begin, byte, end - begin);
  return found == nullptr ? kNone
                          : static_cast<uint32_t>(static_cast<const uint8_t*>(found) - labels_.data());
#endif
}

bool TokenAutomaton::LongestPrefix(std::string_view text, Match* match) const {
  uint32_t node = kRoot;
  bool found = false;
  for (size_t i = 0; i < text.size(); ++i) {
    node = Child(node, static_cast<uint8_t>(text[i]));
    if (node == kNone) break;
    if (nodes_[node].token == kNone) continue;
    *match = {0, i + 1, nodes_[node].token};
    found = true;
  }
  return found;
}

void TokenAutomaton::BuildFailures() {
  // Breadth first: the parent and every node on its failure path are shallower, hence done.
  for (uint32_t parent = 0; parent < n_nodes(); ++parent) {
    const uint32_t begin = nodes_[parent].first_child, end = begin + nodes_[parent].n_children;
    for (uint32_t child = begin; child < end; ++child) LinkFailure(child, parent);
  }
}

void TokenAutomaton::LinkFailure(uint32_t node, uint32_t parent) {
  if (nodes_[node].token != kNone) {
    nodes_[node].rope = 2 * node;  // the whole of it is the match; nothing is left over
    return;
  }
  if (parent == kRoot) return;  // one byte that begins no match by itself
  // The parent's bytes, re-read as the search would after leaving at the parent, until the label fits.
  const uint8_t label = labels_[node];
  uint32_t rest = nodes_[parent].failure;
  bool matches_after_first = false;
  for (;;) {
    const uint32_t child = Child(rest, label);
    if (child != kNone) nodes_[node].failure = child;
    if (child != kNone || rest == kRoot) break;
    matches_after_first = matches_after_first || nodes_[rest].rope != kNone;
    rest = nodes_[rest].failure;
  }
  if (!matches_after_first) {
    nodes_[node].rope = nodes_[parent].rope;
    return;
  }
  nodes_[node].rope = 2 * static_cast<uint32_t>(paths_.size()) + 1;
  paths_.push_back({parent, rest});
}

// Reports the first match of a rope that begins at `begin`; queues the others.
bool TokenAutomaton::Scan::Report(uint32_t rope, size_t begin, Match* match) {
  if (rope == kNone) return false;
  if (rope & 1) {
    const Path& path = automaton_->paths_[rope / 2];
    pending_.push_back({path.first, path.stop, begin});
    return NextPending(match);
  }
  *match = {begin, begin + automaton_->nodes_[rope / 2].depth, automaton_->nodes_[rope / 2].token};
  return true;
}

bool TokenAutomaton::Scan::NextPending(Match* match) {
  while (!pending_.empty()) {
    Pending& top = pending_.back();
    const uint32_t member = top.member;
    const size_t begin = top.begin;
    top.member = automaton_->nodes_[member].failure;
    top.begin += automaton_->nodes_[member].depth - automaton_->nodes_[top.member].depth;
    if (top.member == top.stop) pending_.pop_back();
    ++n_steps_;
    const uint32_t rope = automaton_->nodes_[member].rope;
    if (rope == kNone) continue;
    if (rope & 1) {
      const Path& path = automaton_->paths_[rope / 2];
      pending_.push_back({path.first, path.stop, begin});
      continue;
    }
    *match = {begin, begin + automaton_->nodes_[rope / 2].depth, automaton_->nodes_[rope / 2].token};
    return true;
  }
  return false;
}

// The text leaves the trie at node_: on to its failure; true if that reports a match.
inline bool TokenAutomaton::Scan::Leave(Match* match) {
  const uint32_t node = node_;
  node_ = automaton_->nodes_[node].failure;
  ++n_steps_;
  return Report(automaton_->nodes_[node].rope, position_ - automaton_->nodes_[node].depth, match);
}

bool TokenAutomaton::Scan::Next(Match* match) {
  if (automaton_ == nullptr) return false;
  if (NextPending(match)) return true;
  for (;;) {
    if (node_ == kRoot) position_ = automaton_->filter_.Find(text_, position_);
    if (position_ >= text_.size()) break;
    const uint32_t child = automaton_->Child(node_, static_cast<uint8_t>(text_[position_]));
    if (child != kNone) {
      node_ = child;
      ++position_;
      ++n_steps_;
    } else if (node_ == kRoot) {
      ++position_;
    } else if (Leave(match)) {
      return true;
    }
  }
  while (node_ != kRoot) {
    if (Leave(match)) return true;
  }
  return false;
}

}  // namespace tok
