// vocab/candidate_filter.h: skips text in which none of a set of strings can begin.
//
// Model: a position is a candidate if its first two bytes begin some string and, where only strings of four
// bytes and more begin with these two, the hash of its first four bytes is one of theirs. Never misses a
// beginning; false candidates only cost time.
// Engines: with AVX2, 32 positions at a time: nibble tables for the first and second byte in eight groups of
// first bytes (as in Hyperscan's Teddy), survivors checked exactly; otherwise memchr for a single first byte,
// else a table.
// Source: X. Wang et al., "Hyperscan: a fast multi-pattern regex matcher for modern CPUs", NSDI 2019.
// Threads: immutable.
#ifndef TOK_SRC_VOCAB_CANDIDATE_FILTER_H_
#define TOK_SRC_VOCAB_CANDIDATE_FILTER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace tok {

class CandidateFilter {
 public:
  CandidateFilter() = default;
  // `use_simd` = false forces the portable engine (tests).
  CandidateFilter(std::span<const std::string_view> strings, bool use_simd);

  // First candidate at or after `position`; text.size() if there is none.
  size_t Find(std::string_view text, size_t position) const;

 private:
  static constexpr unsigned kMinHashBits = 12, kMaxHashBits = 22;

  void AddPrefix(std::string_view string);
  void BuildNibbleTables();
  bool IsCandidate(std::string_view text, size_t position) const;
  size_t FindPortable(std::string_view text, size_t position) const;
  size_t FindAvx2(std::string_view text, size_t position) const;

  static uint32_t Load32(const char* p) {
    uint32_t value;
    std::memcpy(&value, p, sizeof(value));
    return value;
  }
  uint32_t Hash(const char* p) const { return (Load32(p) * 0x9E3779B1u) >> (32 - hash_bits_); }
  static bool Test(const std::vector<uint64_t>& bits, uint32_t i) { return bits[i >> 6] >> (i & 63) & 1; }
  static void Set(std::vector<uint64_t>* bits, uint32_t i) { (*bits)[i >> 6] |= uint64_t{1} << (i & 63); }

  std::array<bool, 256> begins_ = {}, single_ = {};  // first byte of a string; a whole string
  std::vector<uint64_t> pairs_;  // first two bytes, low byte first, of a string (all pairs after a single)
  std::vector<uint64_t> short_pairs_;  // the same for strings of fewer than four bytes
  std::vector<uint64_t> quads_;        // hashes of the first four bytes of longer strings
  unsigned hash_bits_ = kMinHashBits;
  int only_first_byte_ = -1;  // the one first byte of all strings
  bool use_avx2_ = false;
  // Groups of first bytes by low and high nibble of the first and of the second byte.
  alignas(16) std::array<uint8_t, 16> first_low_ = {}, first_high_ = {}, second_low_ = {}, second_high_ = {};
};

}  // namespace tok

#endif  // TOK_SRC_VOCAB_CANDIDATE_FILTER_H_
