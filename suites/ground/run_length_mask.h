// SPDX-License-Identifier: Apache-2.0
// Binary masks as COCO stores them: run lengths down the columns, the first one of zeros. Equal to pycocotools.mask
// (cocodataset/cocoapi, common/maskApi.c) count for count: its polygons are scan-converted on a 5 times finer grid.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sslbench {

struct RunLengthMask {
  int64_t height = 0, width = 0;
  std::vector<uint32_t> counts;
};

// The largest side of a mask; more is refused before anything is allocated.
inline constexpr int64_t kLargestMaskSide = 65'535;

// UserError unless both are from 1 to kLargestMaskSide.
void check_mask_size(int64_t height, int64_t width);

// `polygon` is x0, y0, x1, y1, ... in pixels, at least three points. UserError when it is no polygon or the size is out
// of range.
RunLengthMask mask_from_polygon(std::span<const double> polygon, int64_t height, int64_t width);

// The pixels in any of `masks`, which have one size; InternalError without any.
RunLengthMask mask_union(const std::vector<RunLengthMask>& masks);

// From run lengths as a list. UserError when they do not add up to height x width.
RunLengthMask mask_from_counts(std::span<const int64_t> counts, int64_t height, int64_t width);

// COCO's compressed string: each count in groups of 5 bits, lowest first, as characters from '0' on, bit 5 saying that
// more follow; from the fourth count on the difference to the count two before. UserError for a string that is none.
RunLengthMask mask_from_string(std::string_view text, int64_t height, int64_t width);
std::string mask_string(const RunLengthMask& mask);

// The counts of such a string, whatever they add up to.
std::vector<int64_t> counts_from_string(std::string_view text);

// Pixels of the mask.
int64_t mask_area(const RunLengthMask& mask);

// x, y, width, height of the smallest box around it; zeros for an empty mask.
std::array<double, 4> mask_box(const RunLengthMask& mask);

// Intersection over union, or over the detection's own area where the truth is a crowd. UserError for masks of
// different size.
double mask_iou(const RunLengthMask& detection, const RunLengthMask& truth, bool crowd);

}  // namespace sslbench
