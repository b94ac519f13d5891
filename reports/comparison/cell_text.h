// SPDX-License-Identifier: Apache-2.0
// Cells, columns and differences of a comparison as a person reads them.
#pragma once

#include <string>

#include "reports/comparison/comparison.h"

namespace sslbench {

// The interval reaches as far below the value as above: it is not cut off at none or all.
bool is_symmetric(const Cell& cell);

// "linear_probe.top1", with data set, version and settings where another column has the same name.
std::string column_title(const Column& column);
// Behind an interval over seeds that knows nothing of other test images.
inline constexpr const char* kSeedsOnly = "†";
// "51.9 ± 3.5 (n = 3)", "51.9 ± 3.5 (n = 3)†", "99.6 [97.1, 100.0] (n = 3)", "51.9 [49.8, 54.0]", "51.9", or the cell's
// word.
std::string cell_text(const Cell& cell);
// "+34.3 points [+31.9, +36.8] (over 2,048 test images, 1 seed)", "... (over 3 seeds, paired, and 2,048 test images)".
std::string difference_text(const Difference& difference);

}  // namespace sslbench
