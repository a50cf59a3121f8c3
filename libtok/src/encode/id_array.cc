#include "tok/id_array.h"

#include <cstring>

#include "src/base/reserved_memory.h"

namespace tok {

IdArray::IdArray(std::span<const TokenId> ids) {
  ReservedMemory memory;
  memory.Resize(ids.size_bytes());
  if (!ids.empty()) std::memcpy(memory.data(), ids.data(), ids.size_bytes());
  data_ = static_cast<TokenId*>(memory.Release());
  size_ = ids.size();
}

IdArray::~IdArray() { ReservedMemory::Free(data_, size_ * sizeof(TokenId)); }

}  // namespace tok
