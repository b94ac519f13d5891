// SPDX-License-Identifier: Apache-2.0
// Cells, columns and differences of a comparison as a person reads them.
#pragma once

#include <string>
#include <vector>

#include "reports/comparison/comparison.h"

namespace sslbench {

// The interval reaches as far below the value as above: it is not cut off at none or all.
bool is_symmetric(const Cell& cell);

// "linear_probe.top1", with data set, version and settings where another column has the same name.
std::string column_title(const Column& column);
// Behind an interval over seeds that knows nothing of other test images.
inline constexpr const char* kSeedsOnly = "†";
// What a value of the column is shown in: "%", the metric's unit, or "" for a number without a dimension.
std::string column_unit(const Column& column);
// It behind a text, with what stands between: " %", ", %"; "" where there is no unit.
std::string unit_behind(const Column& column, const std::string& between = ", ");
// Behind all numbers of a table: "Percent.", or which columns are in their own units.
std::string scale_sentence(const std::vector<Column>& columns);
// How large a value is drawn or printed: 100 times a fraction, else as it is.
double shown_value(const Column& column, double value);
// "51.9" (percent) or "45.3", without a unit; "51.9 %" or "45.3 ms" with it; "+34.3 points" or "+3.1 ms" for a change.
std::string value_text(const Column& column, double value);
std::string value_with_unit(const Column& column, double value);
std::string change_text(const Column& column, double change);

// "51.9 ± 3.5 (n = 3)", "51.9 ± 3.5 (n = 3)†", "99.6 [97.1, 100.0] (n = 3)", "51.9 [49.8, 54.0]", "51.9", or the cell's
// word.
std::string cell_text(const Column& column, const Cell& cell);
std::string cell_with_unit(const Column& column, const Cell& cell);
// "+34.3 points [+31.9, +36.8] (over 2,048 test images, 1 seed)", "... (over 3 seeds, paired, and 2,048 test images)".
std::string difference_text(const Column& column, const Difference& difference);

}  // namespace sslbench
