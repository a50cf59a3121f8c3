#include "src/base/byte_trie.h"

#include <algorithm>
#include <deque>

namespace tok {

// Places nodes breadth first. A leaf keeps base 0: block 0 holds only the root, whose parent is kDead, and free
// units, so that every step from a leaf fails.
class ByteTrieBuilder {
 public:
  explicit ByteTrieBuilder(std::vector<std::pair<std::string_view, uint32_t>> keys) : keys_(std::move(keys)) {
    std::sort(keys_.begin(), keys_.end());
  }

  absl::StatusOr<ByteTrie> Build() {
    if (keys_.empty()) return ByteTrie();
    for (size_t i = 0; i < keys_.size(); ++i) {
      if (keys_[i].first.empty() || (i > 0 && keys_[i].first == keys_[i - 1].first)) {
        return MakeError(ErrorCode::kBadVocabulary, "vocabulary", "a token is empty or there twice",
                         "remove it");
      }
    }
    AddBlock();
    free_blocks_.clear();  // block 0 is the root's alone
    queue_.push_back({ByteTrie::kRoot, 0, keys_.size(), 0});
    while (!queue_.empty()) {
      const Node node = queue_.front();
      queue_.pop_front();
      if (!PlaceChildren(node)) {
        return MakeError(ErrorCode::kLimit, "trie", "the strings need more than 2^31 nodes",
                         "use a smaller vocabulary");
      }
    }
    return std::move(trie_);
  }

 private:
  static constexpr size_t kBlock = 256;
  static constexpr size_t kMaxUnits = size_t{1} << 31;
  // Blocks kept open for small gaps. Older ones are given up, which bounds the search for room.
  static constexpr size_t kMaxOpenBlocks = 16;

  struct Node {
    uint32_t unit;
    size_t first, last;  // keys_[first, last) share the node's prefix
    size_t depth;
  };
  struct Child {
    unsigned char byte;
    size_t first, last;
  };
  struct OpenBlock {
    uint32_t begin;
    uint32_t n_free;
  };

  void AddBlock() {
    const auto begin = static_cast<uint32_t>(trie_.units_.size());
    trie_.units_.resize(begin + kBlock, {0, ByteTrie::kDead});
    trie_.values_.resize(begin + kBlock, ByteTrie::kNoValue);
    taken_.resize(begin + kBlock, false);
    free_blocks_.push_back({begin, kBlock});
    if (free_blocks_.size() > kMaxOpenBlocks) free_blocks_.pop_front();
  }

  // Bytes that continue the node's prefix, each with its keys; the key that ends here gives the node its value.
  void CollectChildren(const Node& node) {
    children_.clear();
    size_t i = node.first;
    if (keys_[i].first.size() == node.depth) {
      trie_.values_[node.unit] = keys_[i].second;
      trie_.units_[node.unit].base |= ByteTrie::kHasValue;
      ++i;
    }
    while (i < node.last) {
      const auto byte = static_cast<unsigned char>(keys_[i].first[node.depth]);
      size_t end = i + 1;
      while (end < node.last && static_cast<unsigned char>(keys_[end].first[node.depth]) == byte) ++end;
      children_.push_back({byte, i, end});
      i = end;
    }
  }

  bool Fits(uint32_t base) const {
    return std::none_of(children_.begin(), children_.end(),
                        [&](const Child& child) { return taken_[base ^ child.byte]; });
  }

  uint32_t FindBase() {
    for (OpenBlock& block : free_blocks_) {
      if (block.n_free < children_.size()) continue;
      for (uint32_t slot = block.begin; slot < block.begin + kBlock; ++slot) {
        if (taken_[slot]) continue;
        const uint32_t base = slot ^ children_.front().byte;
        if (!Fits(base)) continue;
        block.n_free -= static_cast<uint32_t>(children_.size());
        return base;
      }
    }
    AddBlock();
    free_blocks_.back().n_free -= static_cast<uint32_t>(children_.size());
    return free_blocks_.back().begin;
  }

  bool PlaceChildren(const Node& node) {
    CollectChildren(node);
    if (children_.empty()) return true;
    if (trie_.units_.size() + kBlock > kMaxUnits) return false;
    std::erase_if(free_blocks_, [](const OpenBlock& block) { return block.n_free == 0; });
    const uint32_t base = FindBase();
    trie_.units_[node.unit].base |= base;
    for (const Child& child : children_) {
      const uint32_t unit = base ^ child.byte;
      taken_[unit] = true;
      trie_.units_[unit].parent = node.unit;
      queue_.push_back({unit, child.first, child.last, node.depth + 1});
    }
    return true;
  }

  std::vector<std::pair<std::string_view, uint32_t>> keys_;
  ByteTrie trie_;
  std::vector<bool> taken_;
  std::deque<OpenBlock> free_blocks_;
  std::deque<Node> queue_;
  std::vector<Child> children_;
};

absl::StatusOr<ByteTrie> ByteTrie::Build(std::vector<std::pair<std::string_view, uint32_t>> keys) {
  return ByteTrieBuilder(std::move(keys)).Build();
}

ByteTrie::Match ByteTrie::LongestPrefix(std::string_view text, size_t max_matches) const {
  Match match;
  if (empty()) return match;
  State state = kRoot;
  for (size_t i = 0; i < text.size() && max_matches > 0; ++i) {
    state = Step(state, static_cast<unsigned char>(text[i]));
    if (state == kDead) break;
    if (const uint32_t value = Value(state); value != kNoValue) {
      match = {i + 1, value};
      --max_matches;
    }
  }
  return match;
}

}  // namespace tok
