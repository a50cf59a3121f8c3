// normalize/charsmap.h: SentencePiece's precompiled character map: which strings are rewritten into which.
//
// Model: u32 n (little endian), n bytes of a double-array trie of u32 units, then a blob of NUL-terminated
// replacements. In a unit, bit 31 and the low byte are the label (bit 31 set: a leaf, whose other bits are an offset
// into the blob); bit 8: the node ends a rule; bits 10 up, times 256 if bit 9 is set: exclusive-or distance to the
// children.
// Source: SentencePiece's normalizer (Kudo and Richardson, 2018, "SentencePiece"); S. Yata, Darts-clone 0.32.
// Errors: the map is untrusted. Parse checks every unit and the size of every step, and refuses what the peer
// refuses (TOK-E020), so that matching needs no bounds check. A trie may still be made to loop: a walk of more than
// kMaxRuleBytes bytes reports `too_deep`, and the caller gives up with TOK-E030 rather than take quadratic time.
// Cost: one load per byte that matches; a table of first byte pairs answers for text that no rule begins with.
// Threads: immutable.
#ifndef TOK_SRC_NORMALIZE_CHARSMAP_H_
#define TOK_SRC_NORMALIZE_CHARSMAP_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tok/status.h"

namespace tok {

class Charsmap {
 public:
  // Whose reading of the format: what is refused, and what may be missing.
  enum class Peer : uint8_t { kSentencePiece, kHuggingFace };
  static constexpr size_t kMaxRuleBytes = 1024;

  static absl::StatusOr<Charsmap> Parse(std::string_view bytes, Peer peer);

  struct Match {
    size_t n_bytes = 0;  // 0: no rule
    std::string_view replacement;
    bool too_deep = false;
  };
  // The longest rule that `text` begins with, among the 32 shortest (SentencePiece looks at no more).
  Match LongestPrefix(std::string_view text) const;
  // The shortest one, before the first NUL of `text` (Hugging Face). Never too_deep: it is for single clusters.
  Match ShortestPrefix(std::string_view text) const;

  // False only if no rule begins with these two bytes, nor consists of the first alone.
  bool MayMatch(unsigned char first, unsigned char second) const { return pairs_[first * 256u + second]; }
  // For the last byte of a text; 0xFF continues nothing.
  bool MayMatchAtEnd(unsigned char last) const { return MayMatch(last, 0xFF); }

 private:
  absl::Status CheckUnits() const;
  void FillPairs();
  std::string_view ReplacementAt(uint32_t offset) const;

  std::vector<uint32_t> units_;
  std::string blob_;
  std::bitset<65536> pairs_;
};

}  // namespace tok

#endif  // TOK_SRC_NORMALIZE_CHARSMAP_H_
