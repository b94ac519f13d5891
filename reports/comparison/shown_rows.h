// SPDX-License-Identifier: Apache-2.0
// What of a comparison a page shows: nobody reads tables of a thousand rows.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "reports/comparison/comparison.h"

namespace sslbench {

inline constexpr size_t kMostRowsShown = 40;   // of no more rows, all are shown
inline constexpr size_t kBestRowsShown = 30;   // else so many,
inline constexpr size_t kRowsOfRoleShown = 5;  // and so many floors and ceilings

// All rows of a few; of many the best by the primary column (where fewer are ranked, the first of the others, too) and
// the first floors and ceilings. In the suite's order.
std::vector<size_t> shown_rows(const Comparison& whole);

// The comparison with these of its rows; `left_out` counts the others. Numbers, places and notes are those of the
// whole.
Comparison with_rows(const Comparison& whole, const std::vector<size_t>& rows);

// One line for pages: how many rows are not shown, and where they are; "" where all are.
std::string left_out_sentence(const Comparison& shown);

}  // namespace sslbench
