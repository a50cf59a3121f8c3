// corpus/npy.h: the header of NumPy's .npy files (format 1.0 to 3.0).
//
// Source: numpy.lib.format, "Format Version 1.0" and following.
#ifndef TOK_SRC_CORPUS_NPY_H_
#define TOK_SRC_CORPUS_NPY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "tok/status.h"

namespace tok {

// Every header that NpyHeader() makes has this size, so that it can be filled in last.
inline constexpr size_t kNpyHeaderBytes = 128;

// For a C-contiguous array of shape (n_items,) or, with n_columns > 0, (n_items, n_columns). `type` is
// NumPy's name, for example "<u4".
std::string NpyHeader(std::string_view type, uint64_t n_items, uint64_t n_columns = 0);

struct NpyArray {
  char kind = 'u';  // 'u' or 'i'
  uint32_t n_item_bytes = 4;
  uint64_t n_items = 0;
  std::string_view data;  // n_items * n_item_bytes, little-endian
};

// Errors: TOK-E014 for anything but a whole little-endian integer array of one dimension.
absl::StatusOr<NpyArray> ParseNpy(std::string_view bytes, std::string_view place);

}  // namespace tok

#endif  // TOK_SRC_CORPUS_NPY_H_
