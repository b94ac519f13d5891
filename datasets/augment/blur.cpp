// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/blur.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "datasets/augment/resample.h"
#include "suites/ground/error.h"
#include "suites/ground/vector_clones.h"

namespace sslbench {
namespace {

constexpr size_t kBlurLanes = 2 * kLanes;

struct Scratch {
  std::vector<float> kernel, padded, source;
  std::vector<const float*> rows;
};

// Taps whose weight is 0 in float are left out at both ends; they would add nothing.
void fill_kernel(int taps, float sigma, std::vector<float>& kernel) {
  kernel.resize(static_cast<size_t>(taps));
  const int reach = taps / 2;
  double sum = 0;
  for (int k = 0; k < taps; ++k) {
    const double distance = (k - reach) / static_cast<double>(sigma);
    sum +=
        static_cast<double>(kernel[static_cast<size_t>(k)] = static_cast<float>(std::exp(-0.5 * distance * distance)));
  }
  for (float& weight : kernel) weight = static_cast<float>(static_cast<double>(weight) / sum);
  const auto used = std::find_if(kernel.begin(), kernel.end(), [](float weight) { return weight > 0; });
  const auto unused = used - kernel.begin();
  kernel.erase(kernel.end() - unused, kernel.end());
  kernel.erase(kernel.begin(), kernel.begin() + unused);
}

// out[x] = sum over taps of kernel[k] * padded[x + k], for `count` values rounded up to kBlurLanes.
SSLBENCH_VECTOR_CLONES
void blur_row(const float* __restrict__ kernel, size_t taps, const float* __restrict__ padded, size_t count,
              float* __restrict__ out) {
  for (size_t x = 0; x < count; x += kBlurLanes) {
    float sum[kBlurLanes] = {};
    for (size_t k = 0; k < taps; ++k) {
      for (size_t lane = 0; lane < kBlurLanes; ++lane) sum[lane] += kernel[k] * padded[x + k + lane];
    }
    for (size_t lane = 0; lane < kBlurLanes; ++lane) out[x + lane] = sum[lane];
  }
}

// out[x] = sum over taps of kernel[k] * rows[k][x], for `count` values, a multiple of kLanes.
SSLBENCH_VECTOR_CLONES
void blur_column(const float* __restrict__ kernel, size_t taps, const float* const* __restrict__ rows, size_t count,
                 float* __restrict__ out) {
  for (size_t x = 0; x < count; x += kLanes) {
    float sum[kLanes] = {};
    for (size_t k = 0; k < taps; ++k) {
      const float* row = rows[k] + x;
      for (int lane = 0; lane < kLanes; ++lane) sum[lane] += kernel[k] * row[lane];
    }
    for (int lane = 0; lane < kLanes; ++lane) out[x + static_cast<size_t>(lane)] = sum[lane];
  }
}

}  // namespace

int blur_taps(int size) { return std::max(3, size / 20 * 2 + 1); }

void gaussian_blur(int taps, float sigma, Planes& planes) {
  require(taps > 0 && taps % 2 == 1 && sigma > 0, "blur: taps must be odd and sigma positive");
  thread_local Scratch scratch;
  fill_kernel(taps, sigma, scratch.kernel);
  const size_t used = scratch.kernel.size(),
               lanes = (static_cast<size_t>(planes.stride()) + kLanes) / kBlurLanes * kBlurLanes;
  const int height = planes.height(), width = planes.width(), reach = static_cast<int>(used) / 2;
  scratch.padded.assign(lanes + used, 0.f);
  scratch.source.resize(static_cast<size_t>(height) * lanes);
  scratch.rows.resize(used);
  for (int channel = 0; channel < 3; ++channel) {
    for (int y = 0; y < height; ++y) {
      const float* row = planes.row(channel, y);
      float* padded = scratch.padded.data() + reach;
      std::copy(row, row + width, padded);
      for (int x = 1; x <= reach; ++x) {
        padded[-x] = row[mirrored(-x, width)];
        padded[width - 1 + x] = row[mirrored(width - 1 + x, width)];
      }
      blur_row(scratch.kernel.data(), used, scratch.padded.data(), static_cast<size_t>(width),
               scratch.source.data() + static_cast<size_t>(y) * lanes);
    }
    for (int y = 0; y < height; ++y) {
      for (int k = 0; k < static_cast<int>(used); ++k) {
        scratch.rows[static_cast<size_t>(k)] =
            scratch.source.data() + static_cast<size_t>(mirrored(y + k - reach, height)) * lanes;
      }
      blur_column(scratch.kernel.data(), used, scratch.rows.data(), static_cast<size_t>(planes.stride()),
                  planes.row(channel, y));
    }
  }
  planes.clear_padding();
}

}  // namespace sslbench
