#include "cuda/tables/token_trie.h"

#include <algorithm>
#include <unordered_set>

namespace tok::cuda {

// Prefixes and suffixes are compared as strings of a set: tokens are short, and sets of hundreds.
bool TokenTrie::IsSimple(std::span<const std::string_view> tokens) {
  std::unordered_set<std::string_view> prefixes;  // with the tokens themselves
  for (const std::string_view token : tokens) {
    if (token.empty()) return false;
    for (size_t n = 1; n <= token.size(); ++n) prefixes.insert(token.substr(0, n));
  }
  const std::unordered_set<std::string_view> whole(tokens.begin(), tokens.end());
  if (whole.size() != tokens.size()) return false;
  for (const std::string_view token : tokens) {
    for (size_t n = 1; n < token.size(); ++n) {
      if (whole.contains(token.substr(0, n))) return false;  // holds it at its begin
      if (prefixes.contains(token.substr(token.size() - n)))
        return false;  // overlaps, or holds it at its end
    }
    for (size_t begin = 1; begin < token.size(); ++begin) {
      for (size_t n = 1; begin + n < token.size(); ++n) {
        const std::string_view part = token.substr(begin, n);
        if (!prefixes.contains(part)) break;
        if (whole.contains(part)) return false;
      }
    }
  }
  return true;
}

TokenTrie::TokenTrie(std::span<const std::string_view> tokens) : nodes_(1) {
  // Sorted, the tokens of a node are a range, and those of its children ranges of that one.
  std::vector<uint32_t> order(tokens.size());
  for (uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::sort(order, {}, [&](uint32_t i) { return tokens[i]; });
  struct Pending {
    uint32_t node;
    size_t begin, end, depth;
  };
  std::vector<Pending> pending = {{0, 0, order.size(), 0}};
  const auto byte_of = [&](size_t i, size_t depth) {
    return static_cast<unsigned char>(tokens[order[i]][depth]);
  };
  for (size_t p = 0; p < pending.size(); ++p) {
    const Pending now = pending[p];
    const auto first_child = static_cast<uint32_t>(nodes_.size());
    nodes_[now.node].first_child = first_child;
    for (size_t i = now.begin; i < now.end;) {
      const unsigned char byte = byte_of(i, now.depth);
      size_t end = i + 1;
      while (end < now.end && byte_of(end, now.depth) == byte) ++end;
      const auto child = static_cast<uint32_t>(nodes_.size());
      nodes_.push_back({.byte = byte});
      if (now.depth == 0) first_bytes_.push_back(byte);
      if (tokens[order[i]].size() == now.depth + 1) {
        nodes_[child].token = order[i];  // no other that goes on from here is asked for
      } else {
        pending.push_back({child, i, end, now.depth + 1});
      }
      i = end;
    }
    nodes_[now.node].n_children = static_cast<uint32_t>(nodes_.size()) - first_child;
  }
}

}  // namespace tok::cuda
