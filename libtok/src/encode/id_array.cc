#include "tok/id_array.h"

#include "src/base/reserved_memory.h"

namespace tok {

IdArray::~IdArray() { ReservedMemory::Free(data_, size_ * sizeof(TokenId)); }

}  // namespace tok
