// SPDX-License-Identifier: Apache-2.0
// What hdf5_writer.cpp and hdf5_reader.cpp share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "suites/files/hdf5_handle.h"

namespace sslbench {

// One column of a compound table: fixed-length UTF-8 of `width` bytes, int64 or float64. Columns are equally long.
struct TableColumn {
  std::string name;
  std::variant<std::vector<std::string>, std::vector<int64_t>, std::vector<double>> values;
  size_t width = 0;  // bytes, text only
};
using Table = std::vector<TableColumn>;

}  // namespace sslbench
