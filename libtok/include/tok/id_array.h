// tok/id_array.h: the ids of a large text or of many: an array that owns its memory.
//
// Model: like a std::vector<TokenId> that encoding makes whole, that does not grow and is moved, not copied: several threads
// put ids into it at once, and no element is written twice. A range of contiguous ids: a std::span is made of it, and a vector
// by std::vector<TokenId>(ids.begin(), ids.end()). Move assignment leaves what was there before to the other one.
// Memory: 4 bytes an id, in whole pages of the system where it is large.
// Threads: as a vector. Example:
//   absl::StatusOr<tok::IdArray> ids = tokenizer.EncodeParallel(text);
//   if (ids.ok()) std::fwrite(ids.data(), sizeof(ids[0]), ids.size(), file);
#ifndef TOK_ID_ARRAY_H_
#define TOK_ID_ARRAY_H_

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

#include "tok/types.h"

namespace tok {

class IdArray {
 public:
  using value_type = TokenId;
  using iterator = TokenId*;
  using const_iterator = const TokenId*;

  IdArray() = default;
  ~IdArray();
  IdArray(IdArray&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  IdArray& operator=(IdArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }

  TokenId* data() { return data_; }
  const TokenId* data() const { return data_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  TokenId& operator[](size_t i) { return data_[i]; }
  const TokenId& operator[](size_t i) const { return data_[i]; }
  iterator begin() { return data_; }
  iterator end() { return data_ + size_; }
  const_iterator begin() const { return data_; }
  const_iterator end() const { return data_ + size_; }

  friend bool operator==(const IdArray& a, const IdArray& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }
  friend bool operator==(const IdArray& a, std::span<const TokenId> b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  }

 private:
  friend class IdAssembly;
  // Memory of exactly n_ids ids, as ReservedMemory releases it.
  IdArray(void* memory, size_t n_ids) : data_(static_cast<TokenId*>(memory)), size_(n_ids) {}

  TokenId* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace tok

#endif  // TOK_ID_ARRAY_H_
