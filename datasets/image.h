// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace sslbench {

// RGB picture, uint8, row-major HWC.
struct Image {
  int32_t height = 0, width = 0;
  std::vector<uint8_t> pixels;  // height * width * 3
};

// Class number of every pixel, row-major HW; kIgnore = no class.
struct Mask {
  static constexpr uint8_t kIgnore = 255;
  int32_t height = 0, width = 0;
  std::vector<uint8_t> labels;
};

// Half-open box in continuous pixels: x in [x0, x1), y in [y0, y1).
struct Box {
  float x0 = 0, y0 = 0, x1 = 0, y1 = 0;
  int32_t label = 0;       // 0 .. classes-1
  bool difficult = false;  // kept for evaluation rules, never trained on
};

}  // namespace sslbench
