// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "datasets/format.h"
#include "suites/spec/csv.h"

namespace sslbench {

// Rows of a CSV text; RunFailure(data) naming `file` and line.
std::vector<CsvRow> read_csv(std::string_view text, const std::filesystem::path& file);

}  // namespace sslbench
