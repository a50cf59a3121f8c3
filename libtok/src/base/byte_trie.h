// base/byte_trie.h: an immutable set of byte strings, walked one byte at a time.
//
// Model: a double array. A state is an index into units; the child of state s for byte b is units[s].base ^ b if that
// unit's parent is s. Arrays are padded to whole blocks of 256 units, so that no step can leave them.
// Source: Aoe (1989), "An Efficient Digital Search Algorithm by Using a Double-Array Structure"; the exclusive-or
// placement of children within blocks is the one Darts-clone made known.
// Cost: a step is two loads; Build is O(total bytes) but for a bounded search for room per node. Memory: about 12
// bytes per node. Nothing recurses.
// Threads: immutable after Build.
#ifndef TOK_SRC_BASE_BYTE_TRIE_H_
#define TOK_SRC_BASE_BYTE_TRIE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "tok/status.h"

namespace tok {

class ByteTrie {
 public:
  using State = uint32_t;
  static constexpr State kRoot = 0;
  static constexpr State kDead = 0xFFFFFFFFu;
  static constexpr uint32_t kNoValue = 0xFFFFFFFFu;

  ByteTrie() = default;  // the empty set
  // Keys (tokens) in any order; values below kNoValue. Errors: TOK-E030 above 2^31 nodes, TOK-E021
  // for equal or empty keys.
  static absl::StatusOr<ByteTrie> Build(std::vector<std::pair<std::string_view, uint32_t>> keys);

  bool empty() const { return units_.empty(); }

  // kDead if no key continues with `byte`. Requires !empty() and a state other than kDead.
  State Step(State state, unsigned char byte) const {
    const uint32_t next = (units_[state].base & ~kHasValue) ^ byte;
    return units_[next].parent == state ? next : kDead;
  }
  // The value of the key that ends at `state`, kNoValue if none does.
  uint32_t Value(State state) const { return units_[state].base & kHasValue ? values_[state] : kNoValue; }

  struct Match {
    size_t n_bytes = 0;  // 0: no key is a prefix
    uint32_t value = kNoValue;
  };
  // The longest key that `text` begins with, among the `max_matches` shortest ones.
  Match LongestPrefix(std::string_view text, size_t max_matches = SIZE_MAX) const;

 private:
  friend class ByteTrieBuilder;
  static constexpr uint32_t kHasValue = 0x80000000u;
  struct Unit {
    uint32_t base;    // of its children, and kHasValue
    uint32_t parent;  // kDead: free, or the root
  };
  std::vector<Unit> units_;
  std::vector<uint32_t> values_;
};

}  // namespace tok

#endif  // TOK_SRC_BASE_BYTE_TRIE_H_
