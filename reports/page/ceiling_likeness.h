// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "reports/comparison/comparison.h"

namespace sslbench {

// Fills in Comparison::likeness of rows that are shown: for each column of kept features, every row with the ceiling,
// by common seed. `files`: by record. Features are read and compared in children, one pair at a time; what can no
// longer be read has no likeness.
void read_likeness(const std::vector<std::filesystem::path>& files, Comparison& comparison);

}  // namespace sslbench
