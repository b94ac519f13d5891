// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "suites/metrics/matrix.h"

namespace sslbench {

// Rows of numbers, one after the other, that lie elsewhere and outlive what looks at them. T: float or double.
template <class T>
struct RowsView {
  const T* values = nullptr;
  size_t rows = 0, columns = 0;

  std::span<const T> row(size_t i) const { return {values + i * columns, columns}; }
};

inline RowsView<double> rows_of(const Matrix& of) { return {of.values.data(), of.rows, of.columns}; }

}  // namespace sslbench
