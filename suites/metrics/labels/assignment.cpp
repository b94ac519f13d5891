// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/labels/assignment.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();

// Rows are matched one after the other. Prices keep every reduced cost -value - row price - column price at 0 or more,
// and that of a matched pair at 0.
class Matching {
 public:
  explicit Matching(const Matrix& values)  // no more rows than columns
      : values_(values), row_price_(values.rows), column_price_(values.columns), row_of_(values.columns, kUnmatched) {}

  void match(size_t row) {
    distance_.assign(values_.columns, kFar);
    before_.assign(values_.columns, kUnmatched);
    done_.assign(values_.columns, 0);
    size_t column = kUnmatched;
    for (size_t from = row; from != kUnmatched; from = row_of_[column]) column = step(row, from, column);
    while (column != kUnmatched) {  // the path is turned over: each of its columns takes the row before it
      const size_t previous = before_[column];
      row_of_[column] = previous == kUnmatched ? row : row_of_[previous];
      column = previous;
    }
  }

  std::vector<size_t> columns() const {
    std::vector<size_t> out(values_.rows, kUnmatched);
    for (size_t c = 0; c < row_of_.size(); ++c) {
      if (row_of_[c] != kUnmatched) out[row_of_[c]] = c;
    }
    return out;
  }

 private:
  // Looks from row `from`, which the path reached by `column`; the nearest column not reached yet.
  size_t step(size_t start, size_t from, size_t column) {
    size_t nearest = kUnmatched;
    for (size_t c = 0; c < values_.columns; ++c) {
      if (done_[c]) continue;
      const double cost = -values_.at(from, c) - row_price_[from] - column_price_[c];
      if (cost < distance_[c]) distance_[c] = cost, before_[c] = column;
      if (nearest == kUnmatched || distance_[c] < distance_[nearest]) nearest = c;
    }
    const double shortest = distance_[nearest];
    row_price_[start] += shortest;
    for (size_t c = 0; c < values_.columns; ++c) {
      if (done_[c]) {
        row_price_[row_of_[c]] += shortest, column_price_[c] -= shortest;
      } else {
        distance_[c] -= shortest;
      }
    }
    done_[nearest] = 1;
    return nearest;
  }

  const Matrix& values_;
  std::vector<double> row_price_, column_price_;
  std::vector<size_t> row_of_;
  std::vector<double> distance_;  // of each column from the row to be matched
  std::vector<size_t> before_;    // the column before it on the way
  std::vector<uint8_t> done_;
};

}  // namespace

std::vector<size_t> best_assignment(const Matrix& values) {
  require(std::all_of(values.values.begin(), values.values.end(), [](double v) { return std::isfinite(v); }),
          "the values of an assignment are finite");
  if (values.rows > values.columns) {
    const std::vector<size_t> row_of = best_assignment(transposed(values));
    std::vector<size_t> out(values.rows, kUnmatched);
    for (size_t c = 0; c < row_of.size(); ++c) out[row_of[c]] = c;
    return out;
  }
  Matching matching(values);
  for (size_t r = 0; r < values.rows; ++r) matching.match(r);
  return matching.columns();
}

}  // namespace sslbench
