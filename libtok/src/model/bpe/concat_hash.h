// model/bpe/concat_hash.h: a hash of byte strings that follows from those of their parts.
//
// Model: the bytes are the digits of a number, to a base, modulo the prime 2^61 - 1 (Karp and Rabin, 1987, "Efficient Randomized
// Pattern-Matching Algorithms"). Different hashes: different strings. Equal ones: equal strings, unless somebody wanted
// otherwise.
#ifndef TOK_SRC_MODEL_BPE_CONCAT_HASH_H_
#define TOK_SRC_MODEL_BPE_CONCAT_HASH_H_

#include <cstdint>
#include <string_view>

namespace tok {

class ConcatHash {
 public:
  ConcatHash() = default;  // of no bytes
  explicit ConcatHash(std::string_view bytes) {
    for (const char byte : bytes) {
      *this = ConcatHash(Add(Multiply(value_, kBase), static_cast<unsigned char>(byte) + uint64_t{1}),
                         Multiply(shift_, kBase));
    }
  }
  ConcatHash operator+(const ConcatHash& right) const {
    return ConcatHash(Add(Multiply(value_, right.shift_), right.value_), Multiply(shift_, right.shift_));
  }
  friend bool operator==(const ConcatHash&, const ConcatHash&) = default;
  uint64_t value() const { return value_; }

 private:
  static constexpr uint64_t kPrime = (uint64_t{1} << 61) - 1, kBase = 0x0E3779B97F4A7C15u;
  ConcatHash(uint64_t value, uint64_t shift) : value_(value), shift_(shift) {}
  static uint64_t Add(uint64_t a, uint64_t b) { return a + b < kPrime ? a + b : a + b - kPrime; }
  static uint64_t Multiply(uint64_t a, uint64_t b) {
    const auto product = static_cast<unsigned __int128>(a) * b;
    return Add(static_cast<uint64_t>(product) & kPrime, static_cast<uint64_t>(product >> 61));
  }

  uint64_t value_ = 0, shift_ = 1;  // the base to the power of the length
};

}  // namespace tok

#endif  // TOK_SRC_MODEL_BPE_CONCAT_HASH_H_
