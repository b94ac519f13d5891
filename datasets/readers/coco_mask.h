// SPDX-License-Identifier: Apache-2.0
// Masks of COCO annotations: run lengths and polygons (format: https://cocodataset.org/#format-data).
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

// Run lengths of a compressed string: 6 bits a character from '0', low bits first, bit 5 = more follow, bit 4 of the
// last = negative; from the third run on each is the difference to the run two before. False when the text is damaged.
bool counts_of_string(std::string_view text, std::vector<int64_t>& counts);

// Column by column, runs of 0 and 1 in turn, beginning with 0. False when a run is negative or they do not cover the
// picture exactly.
bool fill_runs(const std::vector<int64_t>& counts, BinaryMask& mask);

// Adds a polygon (x0, y0, x1, y1, ...) by COCO's rule: the outline is drawn at 5 times the resolution, and a column is
// inside between the outline's crossings. Points are cut to the picture. False when there are fewer than 3 points or
// a coordinate is not finite.
bool fill_polygon(const std::vector<double>& points, BinaryMask& mask);

}  // namespace sslbench
