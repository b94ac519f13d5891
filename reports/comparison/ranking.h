// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "reports/comparison/comparison.h"

namespace sslbench {

// Fills floor, primary, over_floor, steps and the `best` of cells. Collapsed rows and rows without results are not
// ranked; the ceiling row is never `best`, since its advantage is the labels; where the highest row does not beat an
// answer that ignores the image, none is.
void rank_rows(Comparison& comparison);

// Ranked rows with a value in `column`, best first; without the ceiling unless asked for.
std::vector<size_t> ranked_rows(const Comparison& comparison, size_t column, bool with_ceiling);

}  // namespace sslbench
