#include "cuda/split/char_table.h"

#include <array>
#include <map>

#include "src/split/char_class.h"

namespace tok::cuda {

CharTable CharTable::Make() {
  CharTable table;
  std::map<std::array<uint8_t, 1u << kLogRow>, uint16_t> rows;
  for (uint32_t first = 0; first < kNumCharacters; first += 1u << kLogRow) {
    std::array<uint8_t, 1u << kLogRow> row;
    for (uint32_t i = 0; i < row.size(); ++i) row[i] = static_cast<uint8_t>(tok::ClassOf(first + i));
    const auto [known, is_new] = rows.try_emplace(row, static_cast<uint16_t>(rows.size()));
    if (is_new) table.classes.insert(table.classes.end(), row.begin(), row.end());
    table.row_of.push_back(known->second);
  }
  return table;
}

}  // namespace tok::cuda
