// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/blur.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "suites/spec/error.h"

namespace sslbench {
namespace {

// -1 -> 1, size -> size - 2.
int mirrored(int i, int size) {
  i = i < 0 ? -i : i;
  return i < size ? i : 2 * size - 2 - i;
}

void fill_kernel(int taps, float sigma, std::vector<float>& kernel) {
  kernel.resize(static_cast<size_t>(taps));
  const int reach = taps / 2;
  double sum = 0;
  for (int k = 0; k < taps; ++k) {
    const double distance = (k - reach) / static_cast<double>(sigma);
    sum += kernel[static_cast<size_t>(k)] = static_cast<float>(std::exp(-0.5 * distance * distance));
  }
  for (float& weight : kernel) weight = static_cast<float>(weight / sum);
}

void blur_row(const std::vector<float>& kernel, int width, std::vector<float>& padded, float* row) {
  const auto taps = static_cast<int>(kernel.size()), reach = taps / 2;
  for (int x = -reach; x < width + reach; ++x) padded[static_cast<size_t>(x + reach)] = row[mirrored(x, width)];
  for (int x = 0; x < width; ++x) {
    float sum = 0;
    for (int k = 0; k < taps; ++k) sum += kernel[static_cast<size_t>(k)] * padded[static_cast<size_t>(x + k)];
    row[x] = sum;
  }
}

void blur_columns(const std::vector<float>& kernel, int channel, const std::vector<float>& source, Planes& planes) {
  const auto taps = static_cast<int>(kernel.size());
  const auto stride = static_cast<size_t>(planes.stride());
  for (int y = 0; y < planes.height(); ++y) {
    float* out = planes.row(channel, y);
    for (size_t x = 0; x < stride; x += kLanes) {
      float sum[kLanes] = {};
      for (int k = 0; k < taps; ++k) {
        const float* row =
            source.data() + static_cast<size_t>(mirrored(y + k - taps / 2, planes.height())) * stride + x;
        const float weight = kernel[static_cast<size_t>(k)];
        for (int lane = 0; lane < kLanes; ++lane) sum[lane] += weight * row[lane];
      }
      for (int lane = 0; lane < kLanes; ++lane) out[x + static_cast<size_t>(lane)] = sum[lane];
    }
  }
}

}  // namespace

int blur_taps(int size) { return std::max(3, size / 20 * 2 + 1); }

void gaussian_blur(int taps, float sigma, Planes& planes) {
  require(taps % 2 == 1 && taps / 2 < std::min(planes.height(), planes.width()), "blur is wider than the picture");
  thread_local std::vector<float> kernel, padded, source;
  fill_kernel(taps, sigma, kernel);
  padded.resize(static_cast<size_t>(planes.width() + taps));
  for (int channel = 0; channel < 3; ++channel) {
    for (int y = 0; y < planes.height(); ++y) blur_row(kernel, planes.width(), padded, planes.row(channel, y));
    source.assign(planes.plane(channel), planes.plane(channel) + planes.plane_size());
    blur_columns(kernel, channel, source, planes);
  }
}

}  // namespace sslbench
