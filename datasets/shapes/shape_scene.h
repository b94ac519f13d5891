// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "datasets/data_source.h"

namespace sslbench {

struct ShapeSceneStyle {
  int side = 48;         // px
  bool several = false;  // one large object, or one to three smaller ones that do not touch
  uint64_t seed = 1;
};

// Draws scene i of a split: a pure function of its arguments. label = class of the first object = i mod 10; boxes are
// tight around the mask; mask ids are 0 for background, 1 + shape for an object (covered by at least half).
Item draw_shape_scene(const ShapeSceneStyle& style, Split split, int64_t i);

}  // namespace sslbench
