#include "src/measure/mixture/linear_program.h"

#include <ClpSimplex.hpp>

#include "src/base/strings.h"

namespace tok {

// Columns and rows wait until the next solution: the solver copies all it has whenever it is given more.
struct LinearProgram::Impl {
  ClpSimplex solver;
  size_t n_rows = 0, n_columns = 0;
  std::vector<double> costs, column_lowers, column_uppers;
  std::vector<CoinBigIndex> row_begins = {0};
  std::vector<int> row_columns;
  std::vector<double> row_factors, row_lowers, row_uppers;
};

LinearProgram::LinearProgram(double tolerance) : impl_(std::make_unique<Impl>()) {
  impl_->solver.setLogLevel(0);
  impl_->solver.setPrimalTolerance(tolerance);
}
LinearProgram::~LinearProgram() = default;
LinearProgram::LinearProgram(LinearProgram&&) noexcept = default;
LinearProgram& LinearProgram::operator=(LinearProgram&&) noexcept = default;

uint32_t LinearProgram::AddColumn(double cost, double lower, double upper) {
  impl_->costs.push_back(cost);
  impl_->column_lowers.push_back(lower);
  impl_->column_uppers.push_back(upper == kNoBound ? COIN_DBL_MAX : upper);
  return static_cast<uint32_t>(impl_->n_columns++);
}

void LinearProgram::AddRow(std::span<const Term> terms, double lower, double upper) {
  for (const Term& term : terms) {
    impl_->row_columns.push_back(static_cast<int>(term.column));
    impl_->row_factors.push_back(term.factor);
  }
  impl_->row_begins.push_back(static_cast<CoinBigIndex>(impl_->row_columns.size()));
  impl_->row_lowers.push_back(lower);
  impl_->row_uppers.push_back(upper == kNoBound ? COIN_DBL_MAX : upper);
  ++impl_->n_rows;
}

void LinearProgram::SetBounds(uint32_t column, double lower, double upper) {
  Flush();
  impl_->solver.setColumnBounds(static_cast<int>(column), lower, upper == kNoBound ? COIN_DBL_MAX : upper);
}

void LinearProgram::Flush() {
  Impl& impl = *impl_;
  if (!impl.costs.empty()) {
    const std::vector<CoinBigIndex> no_terms(impl.costs.size() + 1, 0);
    const int no_row = 0;
    const double no_factor = 0;
    impl.solver.addColumns(static_cast<int>(impl.costs.size()), impl.column_lowers.data(),
                           impl.column_uppers.data(), impl.costs.data(), no_terms.data(), &no_row,
                           &no_factor);
    impl.costs.clear();
    impl.column_lowers.clear();
    impl.column_uppers.clear();
  }
  if (impl.row_lowers.empty()) return;
  impl.solver.addRows(static_cast<int>(impl.row_lowers.size()), impl.row_lowers.data(),
                      impl.row_uppers.data(), impl.row_begins.data(), impl.row_columns.data(),
                      impl.row_factors.data());
  impl.row_begins = {0};
  impl.row_columns.clear();
  impl.row_factors.clear();
  impl.row_lowers.clear();
  impl.row_uppers.clear();
}

absl::Status LinearProgram::Solve() {
  Flush();
  impl_->solver.dual();
  if (impl_->solver.isProvenOptimal()) return absl::OkStatus();
  impl_->solver.primal();  // where roundings mislead the one way, the other may still arrive
  if (impl_->solver.isProvenOptimal()) return absl::OkStatus();
  return MakeError(ErrorCode::kInternal, "linear programme",
                   Concat("CLP ends with status ", impl_->solver.status(), " for ", impl_->n_rows, " rows"),
                   "please report it with the samples");
}

double LinearProgram::Value(uint32_t column) const { return impl_->solver.primalColumnSolution()[column]; }
double LinearProgram::objective() const { return impl_->solver.objectiveValue(); }
size_t LinearProgram::n_rows() const { return impl_->n_rows; }
size_t LinearProgram::n_columns() const { return impl_->n_columns; }

}  // namespace tok
