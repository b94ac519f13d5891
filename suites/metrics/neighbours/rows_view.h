// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace sslbench {

// Rows of numbers, one after the other, that lie elsewhere and outlive what looks at them. T: float or double.
template <class T>
struct RowsView {
  const T* values = nullptr;
  size_t rows = 0, columns = 0;

  std::span<const T> row(size_t i) const { return {values + i * columns, columns}; }
};

}  // namespace sslbench
