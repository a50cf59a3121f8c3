// train/unigram/repeated_strings.h: every string that occurs again with another continuation, out of a text of symbols.
//
// Model: the text is a list of symbols in which 0 ends each part and is no part of any string. A found string is an
// interval of the suffixes in sorted order (0 is the least symbol): all of them begin with its first `depth` symbols, and
// at least two continue differently (0 is one continuation). Strings are the longest of their interval, as in a suffix
// tree.
// Order: strings in byte order are intervals in order of (begin, depth).
// Threads: Find may be called for different first symbols at the same time.
#ifndef TOK_SRC_TRAIN_UNIGRAM_REPEATED_STRINGS_H_
#define TOK_SRC_TRAIN_UNIGRAM_REPEATED_STRINGS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace tok {

struct RepeatedString {
  uint32_t begin;     // of the interval of sorted suffixes
  uint32_t n_places;  // its length, at least 2
  uint32_t depth;     // symbols, at least 2
};

class RepeatedStrings {
 public:
  // `text` ends with 0 and has fewer than 2^32 symbols, all up to `max_symbol`. Strings of at most `max_depth` symbols
  // are found.
  RepeatedStrings(std::span<const uint32_t> text, uint32_t max_symbol, size_t max_depth);

  // Suffixes that begin with `symbol` (from 1 on) are suffixes()[Begin(symbol) .. Begin(symbol + 1)); they are sorted,
  // as deep as needed, once Find(symbol) returned.
  uint32_t Begin(uint32_t symbol) const { return begins_[symbol]; }
  std::span<const uint32_t> suffixes() const { return suffixes_; }  // positions in the text

  // Strings that begin with `symbol`, and the number of keys that sorting took.
  struct Found {
    std::vector<RepeatedString> strings;
    uint64_t n_keys = 0;
  };
  Found Find(uint32_t symbol);

 private:
  struct Group {
    size_t begin, end, depth;
  };
  using KeyedSuffix = std::pair<uint64_t, uint32_t>;

  size_t KeyLength(size_t depth) const;
  uint64_t Key(size_t position, size_t n_symbols) const;
  void SortGroup(const Group& group, std::span<uint32_t> suffixes, std::span<uint8_t> common,
                 std::vector<KeyedSuffix>* keyed, std::vector<Group>* groups) const;
  void CollectIntervals(uint32_t begin, std::span<const uint8_t> common,
                        std::vector<RepeatedString>* strings) const;

  const std::span<const uint32_t> text_;
  const size_t max_depth_;
  const unsigned symbol_bits_;
  std::vector<uint32_t> begins_;  // by first symbol, and one more
  std::vector<uint32_t> suffixes_;
};

}  // namespace tok

#endif  // TOK_SRC_TRAIN_UNIGRAM_REPEATED_STRINGS_H_
