// SPDX-License-Identifier: Apache-2.0
// What a memory of patches knows of their classes (Balazevic et al., "Towards In-Context Scene Understanding", NeurIPS
// 2023, arXiv:2306.01667; vpariza/open-hummingbird-eval).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "suites/metrics/matrix.h"

namespace sslbench {

// A square image of grid x grid patches of patch x patch pixels, row by row.
struct PatchGrid {
  size_t grid = 0, patch = 0;

  size_t patches() const { return grid * grid; }
  size_t side() const { return grid * patch; }
  size_t pixels() const { return side() * side(); }
};

// Pixels of 255 become class 0 first, as in open-hummingbird; or count nowhere.
enum class VoidPixels { background, exclude };

struct PatchLabels {
  Matrix share;            // [patches, classes]: of each class among the patch's pixels that count; zeros without any
  std::vector<bool> kept;  // false where no pixel counts
};

// UserError for a class outside 0 .. classes-1; InternalError unless the mask has the grid's pixels.
PatchLabels patch_labels(std::span<const uint8_t> mask, const PatchGrid& grid, int classes, VoidPixels policy);

// For each patch the sum, over the classes in it, of how many patches of the image hold that class: low is rare.
std::vector<double> patch_scores(const Matrix& share);

// The `count` patches of lowest score x uniform, a product in float32, lowest first, the lower index of equal ones.
// InternalError for more than there are.
std::vector<int64_t> rarest_patches(std::span<const double> scores, std::span<const float> uniform, size_t count);

}  // namespace sslbench
