// train/lib/ranked_list.h: an ordered list whose items know their rank and can be moved to any other.
//
// Model: a treap: a binary tree whose order from left to right is the list, and a heap by priorities that a fixed stream of
// random numbers gives, so that its depth is O(log n) whatever is inserted where. Nodes know the size of their subtree
// and their parent, so ranks are found from the item up, without keys.
// Items are small numbers that the caller hands out; an item's node is its index.
// Source: Seidel, Aragon (1996), "Randomized Search Trees".
// Cost: every operation O(log n) expected; n_steps() counts nodes passed. Memory: 20 bytes per item. Nothing recurses.
// Threads: one at a time.
#ifndef TOK_SRC_TRAIN_LIB_RANKED_LIST_H_
#define TOK_SRC_TRAIN_LIB_RANKED_LIST_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "src/base/random_stream.h"

namespace tok {

class RankedList {
 public:
  using Item = uint32_t;

  size_t size() const { return SizeOf(root_); }
  // Requires an item that is not in the list and rank <= size(); items behind it move back by one.
  void Insert(Item item, size_t rank);
  // Requires an item of the list.
  void Erase(Item item);
  size_t Rank(Item item);
  // Requires rank < size().
  Item At(size_t rank);

  uint64_t n_steps() const { return n_steps_; }

 private:
  static constexpr uint32_t kNone = 0xFFFFFFFFu;
  enum Side : uint8_t { kLeft = 0, kRight = 1 };
  struct Node {
    uint32_t child[2] = {kNone, kNone};
    uint32_t parent = kNone;
    uint32_t size = 1;  // of the subtree
    uint32_t priority = 0;
  };

  uint32_t SizeOf(uint32_t node) const { return node == kNone ? 0 : nodes_[node].size; }
  Side SideOf(uint32_t node) const {
    return nodes_[nodes_[node].parent].child[kLeft] == node ? kLeft : kRight;
  }
  // Exchanges a node with its parent.
  void RotateUp(uint32_t node);

  std::vector<Node> nodes_;  // by item
  uint32_t root_ = kNone;
  uint64_t n_steps_ = 0;
  RandomStream priorities_{0};
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_LIB_RANKED_LIST_H_
