#include "src/train/lib/unit_trie.h"

namespace tok {

UnitTrie::Found UnitTrie::Find(std::string_view text) {
  Found found;
  Node node = kRoot;
  for (const char c : text) {
    ++n_steps_;
    const auto edge = edges_.find(EdgeKey(node, static_cast<uint8_t>(c)));
    if (edge == edges_.end()) break;
    node = edge->second;
    if (const Unit unit = nodes_[node].unit; unit != kNoUnit) found = {unit, found.longest};
  }
  return found;
}

UnitTrie::Node UnitTrie::MakeNode(std::string_view text) {
  Node node = kRoot;
  for (const char c : text) {
    ++n_steps_;
    const auto byte = static_cast<uint8_t>(c);
    const auto [edge, is_new] = edges_.try_emplace(EdgeKey(node, byte));
    if (!is_new) {
      node = edge->second;
      continue;
    }
    Node child = static_cast<Node>(nodes_.size());
    if (free_.empty()) {
      nodes_.emplace_back();
    } else {
      child = free_.back();
      free_.pop_back();
    }
    edge->second = child;
    ++nodes_[node].n_children;
    nodes_[child] = {.parent = node, .byte = byte};
    node = child;
  }
  return node;
}

void UnitTrie::RemoveUnit(Node node) {
  nodes_[node].unit = kNoUnit;
  while (node != kRoot && nodes_[node].n_children == 0 && nodes_[node].unit == kNoUnit) {
    ++n_steps_;
    const NodeData& leaf = nodes_[node];
    edges_.erase(EdgeKey(leaf.parent, leaf.byte));
    --nodes_[leaf.parent].n_children;
    free_.push_back(node);
    node = leaf.parent;
  }
}

}  // namespace tok
