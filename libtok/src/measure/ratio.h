// measure/ratio.h: shares of counts.
#ifndef TOK_SRC_MEASURE_RATIO_H_
#define TOK_SRC_MEASURE_RATIO_H_

#include <cstdint>

namespace tok {

inline double Ratio(uint64_t part, uint64_t whole, double of_nothing = 0) {
  return whole == 0 ? of_nothing : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace tok

#endif  // TOK_SRC_MEASURE_RATIO_H_
