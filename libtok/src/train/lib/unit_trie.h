// train/lib/unit_trie.h: the set of units while it changes: the longest and second longest one that a text begins with.
//
// Model: a trie of bytes whose edges are in one hash table, (node, byte) to node. Units of code points are found by their
// bytes: in UTF-8, a unit matches at the beginning of a character only and ends with one.
// Nodes on the way to no unit are freed and used again.
// Cost: one hash probe per byte of the longest way that the text follows; n_steps() counts them. Memory: about 40 bytes
// per node.
// Threads: one at a time.
#ifndef TOK_SRC_TRAIN_LIB_UNIT_TRIE_H_
#define TOK_SRC_TRAIN_LIB_UNIT_TRIE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace tok {

class UnitTrie {
 public:
  using Node = uint32_t;
  using Unit = uint32_t;
  static constexpr Unit kNoUnit = 0xFFFFFFFFu;
  static constexpr uint64_t kMaxNodes = 0xFFFFFFFEu;

  explicit UnitTrie(uint64_t max_nodes = kMaxNodes) : max_nodes_(max_nodes), nodes_(1) {}

  struct Found {
    Unit longest = kNoUnit, second = kNoUnit;
  };
  Found Find(std::string_view text);

  // Whether any text of this length can be added.
  bool HasRoom(size_t n_bytes) const { return n_bytes <= max_nodes_ - n_nodes(); }
  // The node of `text`, made if need be. Requires a text that is not empty, and room.
  Node MakeNode(std::string_view text);
  Unit UnitAt(Node node) const { return nodes_[node].unit; }
  void SetUnit(Node node, Unit unit) { nodes_[node].unit = unit; }
  // Requires a node that has a unit.
  void RemoveUnit(Node node);

  uint64_t n_nodes() const { return edges_.size() + 1; }
  uint64_t n_steps() const { return n_steps_; }

 private:
  static constexpr Node kRoot = 0;
  struct NodeData {
    Node parent = kRoot;
    Unit unit = kNoUnit;
    uint16_t n_children = 0;
    uint8_t byte = 0;  // of the edge from the parent
  };
  static uint64_t EdgeKey(Node node, uint8_t byte) { return uint64_t{node} << 8 | byte; }

  const uint64_t max_nodes_;
  std::vector<NodeData> nodes_;
  std::vector<Node> free_;
  absl::flat_hash_map<uint64_t, Node> edges_;
  uint64_t n_steps_ = 0;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_LIB_UNIT_TRIE_H_
