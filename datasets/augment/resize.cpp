// SPDX-License-Identifier: Apache-2.0
#include "datasets/augment/resize.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "suites/ground/vector_clones.h"

namespace sslbench {
namespace {

constexpr float kUnit = 1.f / 255;
// Output pixels are held as four floats (r, g, b, unused): one tap is one vector operation.
constexpr size_t kChannels = 4;

const uint8_t* pixel_at(const Image& image, int y, int x) {
  return image.pixels.data() + (static_cast<size_t>(y) * static_cast<size_t>(image.width) + static_cast<size_t>(x)) * 3;
}

// Bytes of one source row to floats.
SSLBENCH_VECTOR_CLONES
void widen_row(const uint8_t* __restrict__ source, size_t values, float* __restrict__ out) {
  size_t i = 0;
  for (; i + kLanes <= values; i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) out[i + lane] = static_cast<float>(source[i + lane]);
  }
  for (; i < values; ++i) out[i] = static_cast<float>(source[i]);
}

// One widened row to one row of output pixels. What is summed up as a fourth channel is the next pixel's first, and of
// no meaning; the row has room for it.
SSLBENCH_VECTOR_CLONES
void resize_row(const float* __restrict__ source, const int32_t* __restrict__ first, const float* __restrict__ weight,
                size_t taps, size_t width, float* __restrict__ out) {
  for (size_t x = 0; x < width; ++x, weight += taps, out += kChannels) {
    const float* pixel = source + 3 * static_cast<size_t>(first[x]);
    float sum[kChannels];
    for (size_t c = 0; c < kChannels; ++c) sum[c] = weight[0] * pixel[c];
    for (size_t k = 1; k < taps; ++k) {
      for (size_t c = 0; c < kChannels; ++c) sum[c] += weight[k] * pixel[3 * k + c];
    }
    for (size_t c = 0; c < kChannels; ++c) out[c] = sum[c];
  }
}

// out = sum over taps of weight * row; row k of the kernel lies in slot (first + k) mod taps of the ring.
SSLBENCH_VECTOR_CLONES
void blend_rows(const float* __restrict__ ring, size_t first, const float* __restrict__ weight, size_t taps,
                size_t values, float* __restrict__ out) {
  for (size_t x = 0; x < values; x += kLanes) {
    float sum[kLanes] = {};
    for (size_t k = 0, slot = first % taps; k < taps; ++k) {
      const float* row = ring + slot * values + x;
      const float w = weight[k] * kUnit;
      for (int lane = 0; lane < kLanes; ++lane) sum[lane] += w * row[lane];
      slot = slot + 1 == taps ? 0 : slot + 1;
    }
    for (int lane = 0; lane < kLanes; ++lane) out[x + static_cast<size_t>(lane)] = sum[lane];
  }
}

// Pixels of four floats to three planes; `width` is a multiple of kLanes.
SSLBENCH_VECTOR_CLONES
void split_row(const float* __restrict__ pixels, size_t width, float* __restrict__ r, float* __restrict__ g,
               float* __restrict__ b) {
  for (size_t x = 0; x < width; x += kLanes) {
    for (size_t lane = x; lane < x + kLanes; ++lane) {
      r[lane] = pixels[kChannels * lane], g[lane] = pixels[kChannels * lane + 1],
      b[lane] = pixels[kChannels * lane + 2];
    }
  }
}

SSLBENCH_VECTOR_CLONES
void clamp_values(float* values, size_t count) {
  for (size_t x = 0; x < count; x += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) values[x + lane] = clamp_unit(values[x + lane]);
  }
}

struct Scratch {
  Taps across, down;
  std::vector<float> source, ring, row;
};

}  // namespace

void Taps::prepare(int source_size, int outputs, bool mirrored, Interpolation kind) {
  const double scale = static_cast<double>(source_size) / outputs;
  count = std::min(2 * kernel_radius(kind), source_size);
  for (int i = 0; scale > 1 && i < outputs; ++i) count = std::max(count, tap_range(i, scale, source_size, kind).count);
  first.resize(static_cast<size_t>(outputs));
  weight.assign(static_cast<size_t>(outputs) * static_cast<size_t>(count), 0.f);
  for (int i = 0; i < outputs; ++i) {
    const TapRange range = tap_range(i, scale, source_size, kind);
    const auto place = static_cast<size_t>(mirrored ? outputs - 1 - i : i);
    const int start = std::min(range.first, source_size - count);
    float* out = weight.data() + place * static_cast<size_t>(count);
    float sum = 0;
    for (int k = 0; k < range.count; ++k) {
      const float w = tap_weight(range.first + k, i, scale, kind);
      out[range.first + k - start] = w;
      sum += w;
    }
    for (int k = 0; k < count; ++k) out[k] /= sum;
    first[place] = start;
  }
}

void resize_crop(const Image& image, const CropRect& crop, const Placement& placement, Planes& out) {
  thread_local Scratch scratch;
  Taps &across = scratch.across, &down = scratch.down;
  across.prepare(crop.width, out.width(), placement.mirrored, placement.interpolation);
  down.prepare(crop.height, out.height(), false, placement.interpolation);
  const auto width = static_cast<size_t>(out.width()), taps = static_cast<size_t>(down.count);
  const size_t values = kChannels * static_cast<size_t>(out.stride());
  scratch.source.resize(3 * static_cast<size_t>(crop.width) + 1);
  scratch.ring.resize(taps * values);
  scratch.row.resize(values);
  int ready = 0;  // rows of the crop that the ring has seen
  for (int y = 0; y < out.height(); ++y) {
    const auto first = static_cast<size_t>(down.first[static_cast<size_t>(y)]);
    for (; ready < static_cast<int>(first + taps); ++ready) {
      widen_row(pixel_at(image, crop.top + ready, crop.left), 3 * static_cast<size_t>(crop.width),
                scratch.source.data());
      resize_row(scratch.source.data(), across.first.data(), across.weight.data(), static_cast<size_t>(across.count),
                 width, scratch.ring.data() + static_cast<size_t>(ready) % taps * values);
    }
    blend_rows(scratch.ring.data(), first, down.weight.data() + static_cast<size_t>(y) * taps, taps, values,
               scratch.row.data());
    if (placement.interpolation == Interpolation::bicubic) clamp_values(scratch.row.data(), values);
    const int place = placement.upside_down ? out.height() - 1 - y : y;
    split_row(scratch.row.data(), static_cast<size_t>(out.stride()), out.row(0, place), out.row(1, place),
              out.row(2, place));
  }
  out.clear_padding();
}

void gather_rotated(const Image& image, const CropRect& crop, float angle, const Placement& placement, Planes& out) {
  const float c = std::cos(angle), s = std::sin(angle);
  const float step_x =
      static_cast<float>(crop.width) / static_cast<float>(out.width()) * (placement.mirrored ? -1.f : 1.f);
  const float step_y =
      static_cast<float>(crop.height) / static_cast<float>(out.height()) * (placement.upside_down ? -1.f : 1.f);
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

void cut_with_border(const Image& image, const CropRect& rect, Image& out) {
  out.height = rect.height, out.width = rect.width;
  out.pixels.assign(static_cast<size_t>(rect.height) * static_cast<size_t>(rect.width) * 3, 0);
  const int left = std::max(0, rect.left), right = std::min(image.width, rect.left + rect.width);
  const int top = std::max(0, rect.top), bottom = std::min(image.height, rect.top + rect.height);
  for (int y = top; y < bottom && left < right; ++y) {
    uint8_t* to = out.pixels.data() + (static_cast<size_t>(y - rect.top) * static_cast<size_t>(rect.width) +
                                       static_cast<size_t>(left - rect.left)) *
                                          3;
    std::memcpy(to, pixel_at(image, y, left), static_cast<size_t>(right - left) * 3);
  }
}

}  // namespace sslbench
