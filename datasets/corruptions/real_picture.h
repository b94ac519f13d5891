// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sslbench {

// Numbers [height, width, channels], row-major.
struct RealPicture {
  int height = 0, width = 0, channels = 3;
  std::vector<double> values = {};

  RealPicture() = default;
  RealPicture(int rows, int columns, int count)
      : height(rows), width(columns), channels(count), values(static_cast<std::size_t>(rows) * columns * count) {}
  double& at(int y, int x, int c) { return values[(static_cast<std::size_t>(y) * width + x) * channels + c]; }
  double at(int y, int x, int c) const { return values[(static_cast<std::size_t>(y) * width + x) * channels + c]; }
};

// Places outside [0, size) as the borders of numpy, scipy and OpenCV name them.
inline int nearest_place(int i, int size) { return i < 0 ? 0 : i >= size ? size - 1 : i; }
// d c b a | a b c d | d c b a
inline int reflect_place(int i, int size) {
  const int period = 2 * size, k = (i % period + period) % period;
  return k < size ? k : period - 1 - k;
}
// d c b | a b c d | c b a
inline int reflect_101_place(int i, int size) {
  if (size == 1) return 0;
  const int period = 2 * size - 2, k = (i % period + period) % period;
  return k < size ? k : period - k;
}

}  // namespace sslbench
