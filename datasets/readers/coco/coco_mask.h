// SPDX-License-Identifier: Apache-2.0
// Masks of COCO annotations painted into pictures (format and rules: suites/ground/run_length_mask.h); what is damaged
// gives false.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sslbench {

// A binary picture, row-major.
struct BinaryMask {
  int32_t height = 0, width = 0;
  std::vector<uint8_t> inside;
};

// Run lengths of a compressed string.
bool counts_of_string(std::string_view text, std::vector<int64_t>& counts);

// Runs that do not cover the picture exactly are damaged, and so are negative ones.
bool fill_runs(const std::vector<int64_t>& counts, BinaryMask& mask);

// Adds a polygon (x0, y0, x1, y1, ...), its points cut to one picture around this one. Fewer than 3 points are damaged,
// and so are coordinates that are not finite.
bool fill_polygon(const std::vector<double>& points, BinaryMask& mask);

}  // namespace sslbench
