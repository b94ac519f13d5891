// SPDX-License-Identifier: Apache-2.0
// A thread a pixel; all arithmetic is that of datasets/augment.
#include "suites/training/cuda/augment_kernels.h"

#include <cmath>

#include "datasets/augment/affine.h"
#include "datasets/augment/colour.h"
#include "datasets/augment/rearrange.h"
#include "datasets/augment/resample.h"
#include "datasets/augment/sharpness.h"
#include "datasets/augment/tone.h"

namespace sslbench {
namespace {

constexpr int kThreads = 256;

enum class Kind {
  brightness,
  contrast,
  saturation,
  hue,
  grayscale,
  solarize,
  invert,
  posterize,
  sharpness,
  left_right,
  upside_down,
  quarter_turns,
  affine,
  blur,
  resized_crop,
  unknown
};

Kind kind_of(const std::string& name) {
  const char* names[] = {"brightness",       "contrast",      "saturation", "hue",       "grayscale",
                         "solarize",         "invert",        "posterize",  "sharpness", "flip_left_right",
                         "flip_upside_down", "quarter_turns", "affine",     "blur",      "resized_crop"};
  for (int i = 0; i < static_cast<int>(Kind::unknown); ++i) {
    if (name == names[i]) return static_cast<Kind>(i);
  }
  return Kind::unknown;
}

__device__ int pixel_number() { return static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x); }

__global__ void change_pixels(DevicePicture in, Kind kind, float value, const float* mean_gray, float* out) {
  const int i = pixel_number(), plane = in.height * in.width;
  if (i >= plane) return;
  Rgb p{in.values[i], in.values[plane + i], in.values[2 * plane + i]};
  switch (kind) {
    case Kind::brightness: p = brightened(p, value); break;
    case Kind::contrast: p = contrasted(p, *mean_gray, value); break;
    case Kind::saturation: p = saturated(p, value); break;
    case Kind::hue: p = hue_shifted(p, value); break;
    case Kind::grayscale: p = grayed(p); break;
    case Kind::solarize: p = solarized(p, value); break;
    case Kind::invert: p = {inverted(p.r), inverted(p.g), inverted(p.b)}; break;
    default: p = {posterized(p.r, value), posterized(p.g, value), posterized(p.b, value)}; break;
  }
  out[i] = p.r, out[plane + i] = p.g, out[2 * plane + i] = p.b;
}

__global__ void move_pixels(DevicePicture in, Kind kind, int turns, AffineMap map, Sides sides, float* out) {
  const int i = pixel_number(), plane = sides.height * sides.width;
  if (i >= plane) return;
  const int y = i / sides.width, x = i % sides.width;
  int from = 0;
  if (kind == Kind::left_right) from = y * in.width + in.width - 1 - x;
  if (kind == Kind::upside_down) from = (in.height - 1 - y) * in.width + x;
  if (kind == Kind::affine) from = nearest_source(map, y, x, in.height, in.width, in.width);
  if (kind == Kind::quarter_turns) {
    const PixelPlace place = before_quarter_turns(turns, y, x, in.height, in.width);
    from = place.y * in.width + place.x;
  }
  for (int c = 0; c < 3; ++c) out[c * plane + i] = from < 0 ? 0.f : in.values[c * in.height * in.width + from];
}

__global__ void sharpen_pixels(DevicePicture in, float factor, float* out) {
  const int i = pixel_number(), plane = in.height * in.width;
  if (i >= 3 * plane) return;
  const int y = i % plane / in.width, x = i % in.width;
  const bool inside = y > 0 && x > 0 && y < in.height - 1 && x < in.width - 1;
  const float* at = in.values + i;
  out[i] = inside ? sharpened(at - in.width, at, at + in.width, factor) : *at;
}

// One direction of the separable blur: along rows (step 1) or columns (step width).
__global__ void blur_pixels(DevicePicture in, const float* kernel, int taps, bool along_rows, float* out) {
  const int i = pixel_number(), plane = in.height * in.width;
  if (i >= 3 * plane) return;
  const int y = i % plane / in.width, x = i % in.width, first = i - i % plane;
  float sum = 0;
  for (int k = 0; k < taps; ++k) {
    const int shift = k - taps / 2;
    const int from =
        along_rows ? y * in.width + mirrored(x + shift, in.width) : mirrored(y + shift, in.height) * in.width + x;
    sum += kernel[k] * in.values[first + from];
  }
  out[i] = sum;
}

struct Crop {
  int top, left, height, width;
  Interpolation kind;
};

__global__ void resize_pixels(DevicePicture in, Crop crop, Sides sides, float* out) {
  const int i = pixel_number(), plane = sides.height * sides.width;
  if (i >= 3 * plane) return;
  const int y = i % plane / sides.width, x = i % sides.width;
  const double down = static_cast<double>(crop.height) / sides.height;
  const double across = static_cast<double>(crop.width) / sides.width;
  const TapRange rows = tap_range(y, down, crop.height, crop.kind);
  const TapRange columns = tap_range(x, across, crop.width, crop.kind);
  const float* values = in.values + i / plane * in.height * in.width;
  float total = 0, row_weights = 0, column_weights = 0;
  for (int k = 0; k < columns.count; ++k) column_weights += tap_weight(columns.first + k, x, across, crop.kind);
  for (int j = 0; j < rows.count; ++j) {
    const float* row = values + (crop.top + rows.first + j) * in.width + crop.left + columns.first;
    const float weight = tap_weight(rows.first + j, y, down, crop.kind);
    float sum = 0;
    for (int k = 0; k < columns.count; ++k) sum += tap_weight(columns.first + k, x, across, crop.kind) * row[k];
    total += weight * sum / column_weights;
    row_weights += weight;
  }
  const float value = total / row_weights;
  out[i] = crop.kind == Interpolation::bicubic ? clamp_unit(value) : value;
}

unsigned blocks_for(int64_t threads) { return static_cast<unsigned>((threads + kThreads - 1) / kThreads); }

// The kernel's weights go behind the planes of `scratch`, which hold the rows that are already blurred.
void launch_blur(int taps, double sigma, DevicePicture picture, float* scratch, float* out, cudaStream_t stream) {
  std::vector<float> kernel;
  double sum = 0;
  for (int k = 0; k < taps; ++k) {
    const double distance = (k - taps / 2) / sigma;
    kernel.push_back(static_cast<float>(std::exp(-0.5 * distance * distance)));
    sum += kernel.back();
  }
  for (float& weight : kernel) weight = static_cast<float>(weight / sum);
  const int64_t values = int64_t{3} * picture.height * picture.width;
  float* weights = scratch + values;
  cudaMemcpyAsync(weights, kernel.data(), kernel.size() * sizeof(float), cudaMemcpyHostToDevice, stream);
  cudaStreamSynchronize(stream);  // `kernel` is on this function's stack
  blur_pixels<<<blocks_for(values), kThreads, 0, stream>>>(picture, weights, taps, true, scratch);
  blur_pixels<<<blocks_for(values), kThreads, 0, stream>>>({scratch, picture.height, picture.width}, weights, taps,
                                                           false, out);
}

float value_at(const std::vector<double>& values, size_t i) {
  return i < values.size() ? static_cast<float>(values[i]) : 0.f;
}

}  // namespace

Sides sides_after(const std::string& operation, const std::vector<double>& values, Sides before) {
  if (operation == "resized_crop") return {static_cast<int>(values.at(4)), static_cast<int>(values.at(5))};
  const bool swapped = operation == "quarter_turns" && static_cast<int>(values.at(0)) % 2 != 0;
  return swapped ? Sides{before.width, before.height} : before;
}

bool launch_augment(const std::string& operation, const std::vector<double>& values, DevicePicture picture,
                    const float* mean_gray, float* scratch, float* out, cudaStream_t stream) {
  const Kind kind = kind_of(operation);
  const Sides sides = sides_after(operation, values, {picture.height, picture.width});
  const int64_t pixels = int64_t{1} * sides.height * sides.width;
  const float first = value_at(values, 0);
  const auto whole = [&](size_t i) { return static_cast<int>(value_at(values, i)); };
  if (kind == Kind::unknown) return false;
  if (kind == Kind::blur) {
    launch_blur(whole(0), values.at(1), picture, scratch, out, stream);
  } else if (kind == Kind::sharpness) {
    sharpen_pixels<<<blocks_for(3 * pixels), kThreads, 0, stream>>>(picture, first, out);
  } else if (kind == Kind::resized_crop) {
    const Crop crop{whole(0), whole(1), whole(2), whole(3),
                    value_at(values, 6) > 0 ? Interpolation::bicubic : Interpolation::bilinear};
    resize_pixels<<<blocks_for(3 * pixels), kThreads, 0, stream>>>(picture, crop, sides, out);
  } else if (kind >= Kind::left_right) {
    const AffineMap map{
        first, value_at(values, 1), value_at(values, 2), value_at(values, 3), value_at(values, 4), value_at(values, 5)};
    move_pixels<<<blocks_for(pixels), kThreads, 0, stream>>>(picture, kind, whole(0), map, sides, out);
  } else {
    const float value = kind == Kind::posterize ? static_cast<float>(1 << whole(0)) : first;
    change_pixels<<<blocks_for(pixels), kThreads, 0, stream>>>(picture, kind, value, mean_gray, out);
  }
  return true;
}

}  // namespace sslbench
