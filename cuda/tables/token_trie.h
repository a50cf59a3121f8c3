// cuda/tables/token_trie.h: added tokens, found at a place of text by every lane at once.
//
// Model: a trie whose nodes' children lie side by side. In a set in which no token can overlap or hold another
// (TokenTrie::IsSimple) at most one token matches at a place, and matches need no order; of others the shortest is found, which
// says that there is one.
// Cost: a step a byte, of a loop over the children; text that is no prefix of a token ends it.
#ifndef TOK_CUDA_TABLES_TOKEN_TRIE_H_
#define TOK_CUDA_TABLES_TOKEN_TRIE_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "cuda/base/device_code.h"

namespace tok::cuda {

inline constexpr uint32_t kNoTrieToken = 0xFFFFFFFFu;

struct alignas(16) TrieNode {
  uint32_t first_child = 0;
  uint32_t n_children = 0;
  uint32_t token = kNoTrieToken;  // the one that ends here
  uint32_t byte = 0;              // that leads here
};

struct TrieMatch {
  uint32_t token;  // kNoTrieToken: none
  uint32_t n_bytes;
};

// Of memory of the host or of the device.
struct TokenTrieView {
  const TrieNode* nodes;
  const uint8_t* first_bytes;  // of tokens, each once
  uint32_t n_first_bytes;      // 0: there are no tokens

  // `byte_at(i)`: byte i from the place on; 0x100 or more behind the end.
  template <typename ByteAt>
  TOK_DEVICE_METHOD TrieMatch Find(const ByteAt& byte_at) const {
    uint32_t node = 0;
    for (uint32_t n_bytes = 0;;) {
      const uint32_t byte = byte_at(n_bytes++);
      const TrieNode here = nodes[node];
      uint32_t child = here.first_child;
      const uint32_t end = child + here.n_children;
      while (child < end && nodes[child].byte != byte) ++child;
      if (child == end) return {kNoTrieToken, 0};
      if (nodes[child].token != kNoTrieToken) return {nodes[child].token, n_bytes};
      node = child;
    }
  }
};

class TokenTrie {
 public:
  // No token is empty, holds another, or begins as another one ends.
  static bool IsSimple(std::span<const std::string_view> tokens);

  TokenTrie() : nodes_(1) {}
  explicit TokenTrie(std::span<const std::string_view> tokens);

  TokenTrieView view() const {
    return {nodes_.data(), first_bytes_.data(), static_cast<uint32_t>(first_bytes_.size())};
  }
  std::span<const TrieNode> nodes() const { return nodes_; }
  std::span<const uint8_t> first_bytes() const { return first_bytes_; }

 private:
  std::vector<TrieNode> nodes_;
  std::vector<uint8_t> first_bytes_;
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_TABLES_TOKEN_TRIE_H_
