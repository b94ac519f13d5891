// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/format.h"

namespace sslbench {

struct CsvRow {
  int64_t line = 0;  // where it begins, from 1
  std::vector<std::string> fields;
};

// Rows of a CSV text (RFC 4180); empty lines are left out. RunFailure(data) naming `file` and line.
std::vector<CsvRow> read_csv(std::string_view text, const std::filesystem::path& file);

}  // namespace sslbench
