// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/rearrange.h"

#include <algorithm>

#include "suites/ground/error.h"

namespace sslbench {

void flip_left_right(Planes& planes) {
  for (int channel = 0; channel < 3; ++channel) {
    for (int y = 0; y < planes.height(); ++y) {
      float* row = planes.row(channel, y);
      std::reverse(row, row + planes.width());
    }
  }
}

void flip_upside_down(Planes& planes) {
  for (int channel = 0; channel < 3; ++channel) {
    for (int y = 0; y < planes.height() / 2; ++y) {
      float* row = planes.row(channel, y);
      std::swap_ranges(row, row + planes.width(), planes.row(channel, planes.height() - 1 - y));
    }
  }
}

void turn_quarters(int k, const Planes& planes, Planes& out) {
  const int height = planes.height(), width = planes.width();
  const bool swapped = (k & 1) != 0;
  out.resize(swapped ? width : height, swapped ? height : width);
  for (int channel = 0; channel < 3; ++channel) {
    for (int y = 0; y < out.height(); ++y) {
      float* row = out.row(channel, y);
      for (int x = 0; x < out.width(); ++x) {
        const PixelPlace from = before_quarter_turns(k, y, x, height, width);
        row[x] = planes.row(channel, from.y)[from.x];
      }
    }
  }
}

void erase(const CropRect& rect, const std::array<float, 3>& value, Planes& planes) {
  require(rect.top >= 0 && rect.left >= 0 && rect.height >= 0 && rect.width >= 0 &&
              rect.top + rect.height <= planes.height() && rect.left + rect.width <= planes.width(),
          "erase: the rectangle leaves the picture");
  for (int channel = 0; channel < 3; ++channel) {
    for (int y = rect.top; y < rect.top + rect.height; ++y) {
      std::fill_n(planes.row(channel, y) + rect.left, rect.width, value[static_cast<size_t>(channel)]);
    }
  }
}

}  // namespace sslbench
