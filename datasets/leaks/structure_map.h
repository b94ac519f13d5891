// SPDX-License-Identifier: Apache-2.0
// What a picture looks like whatever was done to its colours: strength and direction of its edges, cell by cell. The
// structure tensor summed over channels (Di Zenzo, "A note on the gradient of a multi-image", CVGIP 33, 1986) does not
// change when colours are exchanged or rotated about grey, and scales when contrast does.
#pragma once

#include <array>
#include <vector>

#include "datasets/image.h"

namespace sslbench {

inline constexpr int kFingerprintCells = 8;  // along a side
inline constexpr int kFingerprintSize = 3 * kFingerprintCells * kFingerprintCells;

// Strength, then the two parts of the doubled direction, each row by row; not normalised.
using Fingerprint = std::array<float, kFingerprintSize>;

// A part of a picture, in shares of its height and width.
struct Window {
  float top = 0, left = 0, height = 1, width = 1;
};

// That of the picture mirrored left to right.
Fingerprint mirrored(const Fingerprint& fingerprint);

class StructureMap {
 public:
  // Of the picture brought to a square of 32 x 32 pixels.
  explicit StructureMap(const Image& image);
  Fingerprint fingerprint(const Window& window) const;
  // How many of the cells edges are spread over: few where a thing lies on plain ground.
  double busy_cells() const;

 private:
  float sum(int part, float top, float left, float bottom, float right) const;

  std::vector<float> integral_;  // [3][side + 1][side + 1]
};

}  // namespace sslbench
