// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/resize.h"

#include <algorithm>
#include <cmath>

#include "datasets/augment/resample.h"

namespace sslbench {
namespace {

constexpr float kUnit = 1.f / 255;

// One source row to one row of three planes; `source` points at the crop's first pixel. TapCount 0: any number.
template <int TapCount>
void resize_row(const uint8_t* source, const Taps& taps, int width, float* r, float* g, float* b) {
  const int count = TapCount > 0 ? TapCount : taps.count;
  const float* weight = taps.weight.data();
  for (int x = 0; x < width; ++x, weight += count) {
    const uint8_t* pixel = source + 3 * taps.first[static_cast<size_t>(x)];
    float sum_r = 0, sum_g = 0, sum_b = 0;
    for (int k = 0; k < count; ++k) {
      sum_r += weight[k] * static_cast<float>(pixel[3 * k]);
      sum_g += weight[k] * static_cast<float>(pixel[3 * k + 1]);
      sum_b += weight[k] * static_cast<float>(pixel[3 * k + 2]);
    }
    r[x] = sum_r, g[x] = sum_g, b[x] = sum_b;
  }
}

// out = sum over taps of weight * row, for rows of `stride` floats (a multiple of kLanes) that lie `stride` apart.
void blend_rows(const float* first_row, const float* weight, int taps, int stride, float* out) {
  for (int x = 0; x < stride; x += kLanes) {
    float sum[kLanes] = {};
    for (int k = 0; k < taps; ++k) {
      const float* row = first_row + static_cast<size_t>(k) * static_cast<size_t>(stride) + x;
      const float w = weight[k] * kUnit;
      for (int lane = 0; lane < kLanes; ++lane) sum[lane] += w * row[lane];
    }
    for (int lane = 0; lane < kLanes; ++lane) out[x + lane] = sum[lane];
  }
}

struct Scratch {
  Taps across, down;
  Planes rows;  // all rows of the crop, already as wide as the output
};

const uint8_t* pixel_at(const Image& image, int y, int x) {
  return image.pixels.data() + (static_cast<size_t>(y) * static_cast<size_t>(image.width) + static_cast<size_t>(x)) * 3;
}

}  // namespace

void Taps::prepare(int source_size, int outputs, bool mirrored) {
  const double scale = static_cast<double>(source_size) / outputs;
  count = std::min(2, source_size);
  for (int i = 0; scale > 1 && i < outputs; ++i) count = std::max(count, tap_range(i, scale, source_size).count);
  first.resize(static_cast<size_t>(outputs));
  weight.assign(static_cast<size_t>(outputs) * static_cast<size_t>(count), 0.f);
  for (int i = 0; i < outputs; ++i) {
    const TapRange range = tap_range(i, scale, source_size);
    const auto place = static_cast<size_t>(mirrored ? outputs - 1 - i : i);
    const int start = std::min(range.first, source_size - count);
    float* out = weight.data() + place * static_cast<size_t>(count);
    float sum = 0;
    for (int k = 0; k < range.count; ++k) {
      const float w = tap_weight(range.first + k, i, scale);
      out[range.first + k - start] = w;
      sum += w;
    }
    for (int k = 0; k < count; ++k) out[k] /= sum;
    first[place] = start;
  }
}

void resize_crop(const Image& image, const CropRect& crop, bool flip, Planes& out) {
  thread_local Scratch scratch;
  scratch.across.prepare(crop.width, out.width(), flip);
  scratch.down.prepare(crop.height, out.height(), false);
  Planes& rows = scratch.rows;
  rows.resize(crop.height, out.width());
  const auto resize = scratch.across.count == 2 ? resize_row<2> : resize_row<0>;
  for (int y = 0; y < crop.height; ++y) {
    resize(pixel_at(image, crop.top + y, crop.left), scratch.across, out.width(), rows.row(0, y), rows.row(1, y),
           rows.row(2, y));
  }
  const Taps& down = scratch.down;
  for (int channel = 0; channel < 3; ++channel) {
    for (int y = 0; y < out.height(); ++y) {
      const auto at = static_cast<size_t>(y);
      blend_rows(rows.row(channel, down.first[at]), down.weight.data() + at * static_cast<size_t>(down.count),
                 down.count, out.stride(), out.row(channel, y));
    }
  }
}

void gather_rotated(const Image& image, const CropRect& crop, float angle, bool flip, Planes& out) {
  const float c = std::cos(angle), s = std::sin(angle);
  const float step_x = static_cast<float>(crop.width) / static_cast<float>(out.width()) * (flip ? -1.f : 1.f);
  const float step_y = static_cast<float>(crop.height) / static_cast<float>(out.height());
  const float half_width = 0.5f * static_cast<float>(out.width()),
              half_height = 0.5f * static_cast<float>(out.height());
  const float centre_x = static_cast<float>(crop.left) + 0.5f * static_cast<float>(crop.width) - 0.5f;
  const float centre_y = static_cast<float>(crop.top) + 0.5f * static_cast<float>(crop.height) - 0.5f;
  for (int y = 0; y < out.height(); ++y) {
    const float dy = (static_cast<float>(y) + 0.5f - half_height) * step_y;
    float *r = out.row(0, y), *g = out.row(1, y), *b = out.row(2, y);
    for (int x = 0; x < out.width(); ++x) {
      const float dx = (static_cast<float>(x) + 0.5f - half_width) * step_x;
      const Rgb value = bilinear_sample(image.pixels.data(), image.height, image.width, centre_x + c * dx - s * dy,
                                        centre_y + s * dx + c * dy);
      r[x] = value.r, g[x] = value.g, b[x] = value.b;
    }
  }
}

}  // namespace sslbench
