// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sslbench {

// Class scores of the cells of one picture, [classes, height, width].
struct ScoreMap {
  const float* scores;
  size_t classes, height, width;
};

// The first largest class of every pixel of a picture of that size, row by row, the scores enlarged bilinearly:
// half-pixel centres, edges held (PyTorch's interpolate(mode="bilinear", align_corners=False), then argmax, but for
// rounding), without the enlarged scores ever lying in memory. InternalError unless there are 1 to 255 classes and
// sizes above 0.
std::vector<uint8_t> enlarged_labels(const ScoreMap& map, size_t height, size_t width, size_t threads = 1);

}  // namespace sslbench
