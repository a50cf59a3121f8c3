#include "src/vocab/token_automaton.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

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
  std::vector<uint32_t> sorted;
  sorted.reserve(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    const bool last_of_equals =
        i + 1 == items.size() || strings[items[i + 1].index] != strings[items[i].index];
    if (last_of_equals) sorted.push_back(items[i].index);
  }
  std::vector<std::string_view> contents;
  contents.reserve(sorted.size());
  for (uint32_t index : sorted) contents.push_back(strings[index]);

  auto automaton = std::make_shared<TokenAutomaton>();
  automaton->BuildTrie(strings, sorted);
  automaton->BuildFailures();
  automaton->filter_ = CandidateFilter(contents, /*use_simd=*/true);
  return std::shared_ptr<const TokenAutomaton>(std::move(automaton));
}

void TokenAutomaton::BuildTrie(std::span<const std::string_view> strings, std::span<const uint32_t> sorted) {
  // A node is a run [begin, end) of sorted strings that agree in its depth first bytes.
  struct Run {
    uint32_t begin, end;
  };
  labels_ = {0};
  depths_ = {0};
  tokens_ = {kNone};
  std::vector<Run> level = {{0, static_cast<uint32_t>(sorted.size())}}, next_level;
  for (uint32_t depth = 0; !level.empty(); ++depth) {
    next_level.clear();
    for (const Run& run : level) {
      first_child_.push_back(static_cast<uint32_t>(labels_.size()));
      uint32_t i = run.begin;
      if (i < run.end && strings[sorted[i]].size() == depth) ++i;  // the string that ends in this node
      while (i < run.end) {
        const char label = strings[sorted[i]][depth];
        uint32_t end = i + 1;
        while (end < run.end && strings[sorted[end]][depth] == label) ++end;
        labels_.push_back(static_cast<uint8_t>(label));
        depths_.push_back(depth + 1);
        tokens_.push_back(strings[sorted[i]].size() == depth + 1 ? sorted[i] : kNone);
        next_level.push_back({i, end});
        i = end;
      }
    }
    level.swap(next_level);
  }
  first_child_.push_back(static_cast<uint32_t>(labels_.size()));
  root_children_.fill(kNone);
  for (uint32_t child = first_child_[kRoot]; child < first_child_[kRoot + 1]; ++child)
    root_children_[labels_[child]] = child;
}

inline uint32_t TokenAutomaton::Child(uint32_t node, uint8_t byte) const {
  if (node == kRoot) return root_children_[byte];
  uint32_t low = first_child_[node];
  uint32_t n = first_child_[node + 1] - low;
  while (n > 8) {
    const uint32_t half = n / 2;
    if (labels_[low + half] <= byte) low += half;
    n -= half;
  }
  for (; n != 0; ++low, --n) {
    if (labels_[low] == byte) return low;
  }
  return kNone;
}

bool TokenAutomaton::LongestPrefix(std::string_view text, Match* match) const {
  uint32_t node = kRoot;
  bool found = false;
  for (size_t i = 0; i < text.size(); ++i) {
    node = Child(node, static_cast<uint8_t>(text[i]));
    if (node == kNone) break;
    if (tokens_[node] == kNone) continue;
    *match = {0, i + 1, tokens_[node]};
    found = true;
  }
  return found;
}

void TokenAutomaton::BuildFailures() {
  failures_.assign(n_nodes(), kRoot);
  ropes_.assign(n_nodes(), kNone);
  // Breadth first: the parent and every node on its failure path are shallower, hence done.
  for (uint32_t parent = 0; parent < n_nodes(); ++parent) {
    for (uint32_t child = first_child_[parent]; child < first_child_[parent + 1]; ++child)
      LinkFailure(child, parent);
  }
}

void TokenAutomaton::LinkFailure(uint32_t node, uint32_t parent) {
  if (tokens_[node] != kNone) {
    ropes_[node] = 2 * node;  // the whole of it is the match; nothing is left over
    return;
  }
  if (parent == kRoot) return;  // one byte that begins no match by itself
  // The parent's bytes, re-read as the search would after leaving at the parent, until the label fits.
  const uint8_t label = labels_[node];
  uint32_t rest = failures_[parent];
  bool matches_after_first = false;
  for (;;) {
    const uint32_t child = Child(rest, label);
    if (child != kNone) failures_[node] = child;
    if (child != kNone || rest == kRoot) break;
    matches_after_first = matches_after_first || ropes_[rest] != kNone;
    rest = failures_[rest];
  }
  if (!matches_after_first) {
    ropes_[node] = ropes_[parent];
    return;
  }
  ropes_[node] = 2 * static_cast<uint32_t>(paths_.size()) + 1;
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
  *match = {begin, begin + automaton_->depths_[rope / 2], automaton_->tokens_[rope / 2]};
  return true;
}

bool TokenAutomaton::Scan::NextPending(Match* match) {
  while (!pending_.empty()) {
    Pending& top = pending_.back();
    const uint32_t member = top.member;
    const size_t begin = top.begin;
    top.member = automaton_->failures_[member];
    top.begin += automaton_->depths_[member] - automaton_->depths_[top.member];
    if (top.member == top.stop) pending_.pop_back();
    ++n_steps_;
    const uint32_t rope = automaton_->ropes_[member];
    if (rope == kNone) continue;
    if (rope & 1) {
      const Path& path = automaton_->paths_[rope / 2];
      pending_.push_back({path.first, path.stop, begin});
      continue;
    }
    *match = {begin, begin + automaton_->depths_[rope / 2], automaton_->tokens_[rope / 2]};
    return true;
  }
  return false;
}

// The text leaves the trie at node_: on to its failure; true if that reports a match.
inline bool TokenAutomaton::Scan::Leave(Match* match) {
  const uint32_t node = node_;
  node_ = automaton_->failures_[node];
  ++n_steps_;
  return Report(automaton_->ropes_[node], position_ - automaton_->depths_[node], match);
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
