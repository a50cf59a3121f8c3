#include "src/train/lib/ranked_list.h"

namespace tok {

void RankedList::Insert(Item item, size_t rank) {
  if (nodes_.size() <= item) nodes_.resize(item + size_t{1});
  Node& node = nodes_[item];
  node = Node();
  node.priority = static_cast<uint32_t>(priorities_.Next() >> 32);
  if (root_ == kNone) {
    root_ = item;
    return;
  }
  for (uint32_t at = root_;;) {
    ++n_steps_;
    ++nodes_[at].size;
    const size_t n_left = SizeOf(nodes_[at].child[kLeft]);
    const Side side = rank <= n_left ? kLeft : kRight;
    if (side == kRight) rank -= n_left + 1;
    uint32_t& child = nodes_[at].child[side];
    if (child == kNone) {
      child = item;
      node.parent = at;
      break;
    }
    at = child;
  }
  while (node.parent != kNone && node.priority > nodes_[node.parent].priority) RotateUp(item);
}

void RankedList::Erase(Item item) {
  // Down to the leaves, the better child rising each time, so that the heap stays one without the item.
  for (;;) {
    const uint32_t left = nodes_[item].child[kLeft], right = nodes_[item].child[kRight];
    if (left == kNone && right == kNone) break;
    const bool is_left = right == kNone || (left != kNone && nodes_[left].priority > nodes_[right].priority);
    RotateUp(is_left ? left : right);
  }
  if (item == root_) {
    root_ = kNone;
    return;
  }
  nodes_[nodes_[item].parent].child[SideOf(item)] = kNone;
  for (uint32_t at = nodes_[item].parent; at != kNone; at = nodes_[at].parent) {
    ++n_steps_;
    --nodes_[at].size;
  }
}

size_t RankedList::Rank(Item item) {
  size_t rank = SizeOf(nodes_[item].child[kLeft]);
  for (uint32_t at = item; at != root_; at = nodes_[at].parent) {
    ++n_steps_;
    if (SideOf(at) == kRight) rank += SizeOf(nodes_[nodes_[at].parent].child[kLeft]) + 1;
  }
  return rank;
}

RankedList::Item RankedList::At(size_t rank) {
  for (uint32_t at = root_;;) {
    ++n_steps_;
    const size_t n_left = SizeOf(nodes_[at].child[kLeft]);
    if (rank == n_left) return at;
    const Side side = rank < n_left ? kLeft : kRight;
    if (side == kRight) rank -= n_left + 1;
    at = nodes_[at].child[side];
  }
}

void RankedList::RotateUp(uint32_t node) {
  ++n_steps_;
  const uint32_t parent = nodes_[node].parent, above = nodes_[parent].parent;
  const Side side = SideOf(node);
  const uint32_t inner = nodes_[node].child[1 - side];
  if (above == kNone) {
    root_ = node;
  } else {
    nodes_[above].child[SideOf(parent)] = node;
  }
  nodes_[node].parent = above;
  nodes_[node].child[1 - side] = parent;
  nodes_[parent].parent = node;
  nodes_[parent].child[side] = inner;
  if (inner != kNone) nodes_[inner].parent = parent;
  nodes_[node].size = nodes_[parent].size;
  nodes_[parent].size = SizeOf(nodes_[parent].child[kLeft]) + SizeOf(nodes_[parent].child[kRight]) + 1;
}

}  // namespace tok
