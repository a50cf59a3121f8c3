// measure/mixture/linear_program.h: a linear programme that grows between solutions; the one door to the solver (COIN-OR CLP).
//
// Model: minimise sum cost_c x_c, lower_c <= x_c <= upper_c, sum of terms >= lower for each row. Solve goes on from the last
// solution by the dual simplex method, for which rows that are added and bounds that move are what it is good at.
// Cost: as many pivots as the additions break. Threads: one at a time. Determinism: the same calls give the same solution.
#ifndef TOK_SRC_MEASURE_MIXTURE_LINEAR_PROGRAM_H_
#define TOK_SRC_MEASURE_MIXTURE_LINEAR_PROGRAM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "tok/status.h"

namespace tok {

class LinearProgram {
 public:
  struct Term {
    uint32_t column;
    double factor;
  };

  // tolerance: by which rows may be broken in a solution.
  explicit LinearProgram(double tolerance);
  ~LinearProgram();
  LinearProgram(LinearProgram&&) noexcept;
  LinearProgram& operator=(LinearProgram&&) noexcept;

  // Its number, counted from 0. No upper bound: kNoBound.
  static constexpr double kNoBound = 1e300;
  uint32_t AddColumn(double cost, double lower, double upper);
  // Of columns that differ.
  void AddRow(std::span<const Term> terms, double lower, double upper);
  void SetBounds(uint32_t column, double lower, double upper);

  // Errors: TOK-E090, for our programmes all have solutions.
  absl::Status Solve();
  // Of the last solution.
  double Value(uint32_t column) const;
  double objective() const;

  size_t n_rows() const;
  size_t n_columns() const;

 private:
  struct Impl;
  void Flush();
  std::unique_ptr<Impl> impl_;
};

}  // namespace tok

#endif  // TOK_SRC_MEASURE_MIXTURE_LINEAR_PROGRAM_H_
