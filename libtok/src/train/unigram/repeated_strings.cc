#include "src/train/unigram/repeated_strings.h"

#include <algorithm>
#include <bit>

namespace tok {

RepeatedStrings::RepeatedStrings(std::span<const uint32_t> text, uint32_t max_symbol, size_t max_depth)
    : text_(text),
      max_depth_(max_depth),
      symbol_bits_(std::max(1u, static_cast<unsigned>(std::bit_width(max_symbol)))),
      begins_(max_symbol + 2) {
  uint32_t n_suffixes = 0;
  for (const uint32_t symbol : text) {
    if (symbol != 0) ++begins_[symbol];
  }
  for (uint32_t& begin : begins_) n_suffixes += std::exchange(begin, n_suffixes);
  suffixes_.resize(n_suffixes);
  std::vector<uint32_t> next = begins_;
  for (uint32_t position = 0; position < text.size(); ++position) {
    if (text[position] != 0) suffixes_[next[text[position]]++] = position;
  }
}

// One symbol more than max_depth_ tells whether a string of that depth is continued differently.
size_t RepeatedStrings::KeyLength(size_t depth) const {
  return std::min<size_t>(64 / symbol_bits_, max_depth_ + 1 - depth);
}

// The next symbols, the first one highest; nothing but zeros from the end of the part on.
uint64_t RepeatedStrings::Key(size_t position, size_t n_symbols) const {
  uint64_t key = 0;
  for (size_t i = 0; i < n_symbols; ++i) {
    const uint32_t symbol = text_[position + i];
    key = key << symbol_bits_ | symbol;
    if (symbol == 0) return key << symbol_bits_ * (n_symbols - 1 - i);
  }
  return key;
}

// Sorts suffixes that share their first group.depth symbols by the next ones, and notes how many symbols each shares with
// the one before it: all beyond max_depth_ is the same to us, and so is what lies behind the end of a part. Suffixes with
// equal keys that are still to be told apart become new groups.
void RepeatedStrings::SortGroup(const Group& group, std::span<uint32_t> suffixes, std::span<uint8_t> common,
                                std::vector<KeyedSuffix>* keyed, std::vector<Group>* groups) const {
  const size_t n_symbols = KeyLength(group.depth);
  keyed->clear();
  for (size_t i = group.begin; i < group.end; ++i) {
    keyed->emplace_back(Key(suffixes[i] + group.depth, n_symbols), suffixes[i]);
  }
  std::sort(keyed->begin(), keyed->end());
  const uint64_t last_symbol = ~uint64_t{0} >> (64 - symbol_bits_);
  const bool deepest = group.depth + n_symbols > max_depth_;
  size_t run_begin = group.begin;
  for (size_t i = group.begin; i < group.end; ++i) {
    const uint64_t key = (*keyed)[i - group.begin].first;
    suffixes[i] = (*keyed)[i - group.begin].second;
    if (i > group.begin) {
      const uint64_t difference = key ^ (*keyed)[i - group.begin - 1].first;
      const size_t n_behind =  // symbols of the key behind the last one shared
          difference == 0 ? 0 : (63 - static_cast<size_t>(std::countl_zero(difference))) / symbol_bits_ + 1;
      common[i] = static_cast<uint8_t>(difference == 0 ? max_depth_ + 1 : group.depth + n_symbols - n_behind);
      if (difference != 0) run_begin = i;
    }
    const bool run_ends = i + 1 == group.end || (*keyed)[i + 1 - group.begin].first != key;
    if (run_ends && i > run_begin && !deepest && (key & last_symbol) != 0) {
      groups->push_back({run_begin, i + 1, group.depth + n_symbols});
    }
  }
}

// common[i]: symbols that suffixes i - 1 and i share.
void RepeatedStrings::CollectIntervals(uint32_t begin, std::span<const uint8_t> common,
                                       std::vector<RepeatedString>* strings) const {
  struct Open {
    uint32_t begin;
    uint32_t depth;
  };
  std::vector<Open> open;  // depths rise, so there are few
  for (uint32_t i = 1; i <= common.size(); ++i) {
    const uint32_t depth = i < common.size() ? common[i] : 0;
    uint32_t left = i - 1;
    while (!open.empty() && open.back().depth > depth) {
      left = open.back().begin;
      if (open.back().depth >= 2 && open.back().depth <= max_depth_) {
        strings->push_back({begin + left, i - left, open.back().depth});
      }
      open.pop_back();
    }
    if (open.empty() || open.back().depth < depth) open.push_back({left, depth});
  }
}

RepeatedStrings::Found RepeatedStrings::Find(uint32_t symbol) {
  Found found;
  const uint32_t begin = Begin(symbol);
  const std::span<uint32_t> suffixes = std::span(suffixes_).subspan(begin, Begin(symbol + 1) - begin);
  if (suffixes.size() < 2 || max_depth_ < 2) return found;
  std::vector<uint8_t> common(suffixes.size());
  std::vector<KeyedSuffix> keyed;
  std::vector<Group> groups = {{0, suffixes.size(), 1}};
  while (!groups.empty()) {
    const Group group = groups.back();
    groups.pop_back();
    found.n_keys += group.end - group.begin;
    SortGroup(group, suffixes, common, &keyed, &groups);
  }
  CollectIntervals(begin, common, &found.strings);
  return found;
}

}  // namespace tok
