// SPDX-License-Identifier: Apache-2.0
// Where methods/relative_patch.cpp cuts its patches; px throughout.
#pragma once

#include <array>
#include <cstdint>

#include "suites/ground/random.h"

namespace sslbench::relative_patch {

constexpr int64_t kDirections = 8, kCentre = 4;  // cells of a 3 x 3 grid in row-major order without the centre

struct Geometry {
  int64_t patch = 0, gap = 0, jitter = 0;
  int64_t extent() const { return 3 * patch + 2 * gap + 2 * jitter; }
};

// The largest patches of which three lie in a row in an image of this size, with gaps and jitter given in patch sides.
Geometry geometry(int64_t image_size, double gap_share, double jitter_share);

// Upper left corner of a patch.
struct Corner {
  int64_t top = 0, left = 0;
};

struct Placement {
  Corner centre;
  std::array<Corner, kDirections> neighbours;
};

// The grid at a random place in the image, each patch off its cell by up to `jitter` to every side.
Placement place_patches(const Geometry& geometry, int64_t image_size, RandomStream& stream);

}  // namespace sslbench::relative_patch
