// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "reports/comparison/comparison.h"

namespace sslbench {

inline constexpr size_t kShownSamples = 6;  // pictures of a stage that are read and shown

// Reads what pages draw of each of these rows, curves and pictures of its first record, which takes many times the
// memory of its numbers. `files`: by record. What can no longer be read is not drawn.
void read_drawn_parts(const std::vector<std::filesystem::path>& files, const std::vector<size_t>& rows,
                      Comparison& comparison);

}  // namespace sslbench
