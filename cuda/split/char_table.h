// cuda/split/char_table.h: the class of each character, for lookup on the device.
//
// Model: rows of 128 characters, each different one stored once.
#ifndef TOK_CUDA_SPLIT_CHAR_TABLE_H_
#define TOK_CUDA_SPLIT_CHAR_TABLE_H_

#include <cstdint>
#include <vector>

#include "cuda/base/device_code.h"

namespace tok::cuda {

inline constexpr uint32_t kNumCharacters = 0x110000;
inline constexpr unsigned kLogRow = 7;

// Memory of the host or of the device.
struct CharTableView {
  const uint16_t* row_of;  // by character / 128
  const uint8_t* classes;  // CharClass, by row and character % 128

  TOK_DEVICE_METHOD unsigned ClassOf(uint32_t c) const {
    return classes[uint32_t{row_of[c >> kLogRow]} << kLogRow | (c & ((1u << kLogRow) - 1))];
  }
};

struct CharTable {
  std::vector<uint16_t> row_of;
  std::vector<uint8_t> classes;

  // By the library's Unicode tables.
  static CharTable Make();
  CharTableView view() const { return {row_of.data(), classes.data()}; }
};

}  // namespace tok::cuda

#endif  // TOK_CUDA_SPLIT_CHAR_TABLE_H_
