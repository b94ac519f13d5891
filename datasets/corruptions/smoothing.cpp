// SPDX-License-Identifier: Apache-2.0
#include "datasets/corruptions/smoothing.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace sslbench {

std::vector<double> gaussian_kernel(double sigma, int radius) {
  std::vector<double> out;
  double sum = 0;
  for (int i = -radius; i <= radius; ++i) {
    out.push_back(std::exp(-0.5 * i * i / (sigma * sigma)));
    sum += out.back();
  }
  for (double& weight : out) weight /= sum;
  return out;
}

RealPicture convolved(const RealPicture& x, const std::vector<double>& vertical, const std::vector<double>& horizontal,
                      BorderPlace border) {
  const auto along = [&](const RealPicture& from, const std::vector<double>& kernel, bool down) {
    if (kernel.empty()) return from;
    RealPicture out(from.height, from.width, from.channels);
    const int radius = static_cast<int>(kernel.size() / 2), size = down ? from.height : from.width;
    for (int y = 0; y < from.height; ++y) {
      for (int x0 = 0; x0 < from.width; ++x0) {
        for (int k = -radius; k <= radius; ++k) {
          const int place = border((down ? y : x0) + k, size);
          const double weight = kernel[static_cast<size_t>(k + radius)];
          for (int c = 0; c < from.channels; ++c) {
            out.at(y, x0, c) += weight * (down ? from.at(place, x0, c) : from.at(y, place, c));
          }
        }
      }
    }
    return out;
  };
  return along(along(x, vertical, true), horizontal, false);
}

RealPicture gaussian_smoothed(const RealPicture& x, double sigma_y, double sigma_x, double truncate,
                              BorderPlace border) {
  const auto kernel = [&](double sigma) {
    return sigma > 0 ? gaussian_kernel(sigma, static_cast<int>(truncate * sigma + 0.5)) : std::vector<double>();
  };
  return convolved(x, kernel(sigma_y), kernel(sigma_x), border);
}

RealPicture motion_blurred(const RealPicture& x, double radius, double sigma, double angle) {
  const int count = static_cast<int>(2 * radius) + 1;
  double sum = 0;
  for (int i = 0; i < count; ++i) sum += std::exp(-0.5 * i * i / (sigma * sigma));
  const double turn = angle * std::numbers::pi / 180;
  RealPicture out(x.height, x.width, x.channels);
  for (int i = 0; i < count; ++i) {
    const int dy = -static_cast<int>(std::ceil(i * std::sin(turn) - 0.5));
    const int dx = -static_cast<int>(std::ceil(i * std::cos(turn) - 0.5));
    if (std::abs(dy) >= x.height || std::abs(dx) >= x.width) break;
    const double weight = std::exp(-0.5 * i * i / (sigma * sigma)) / sum;
    for (int y = 0; y < x.height; ++y) {
      const int from_y = nearest_place(y - dy, x.height);
      for (int x0 = 0; x0 < x.width; ++x0) {
        const int from_x = nearest_place(x0 - dx, x.width);
        for (int c = 0; c < x.channels; ++c) out.at(y, x0, c) += weight * x.at(from_y, from_x, c);
      }
    }
  }
  return out;
}

RealPicture zoomed(const RealPicture& x, double factor) {
  const int crop_height = static_cast<int>(std::ceil(x.height / factor));
  const int crop_width = static_cast<int>(std::ceil(x.width / factor));
  const int top = (x.height - crop_height) / 2, left = (x.width - crop_width) / 2;
  // Python's round: half to even, as nearbyint in the default mode.
  RealPicture out(static_cast<int>(std::nearbyint(crop_height * factor)),
                  static_cast<int>(std::nearbyint(crop_width * factor)), x.channels);
  const auto scale = [](int from, int to) { return to > 1 ? (from - 1.0) / (to - 1.0) : 0.0; };
  const double step_y = scale(crop_height, out.height), step_x = scale(crop_width, out.width);
  for (int y = 0; y < out.height; ++y) {
    const double place_y = y * step_y;
    const int y0 = std::min(static_cast<int>(place_y), crop_height - 1), y1 = std::min(y0 + 1, crop_height - 1);
    for (int x0 = 0; x0 < out.width; ++x0) {
      const double place_x = x0 * step_x;
      const int left0 = std::min(static_cast<int>(place_x), crop_width - 1),
                left1 = std::min(left0 + 1, crop_width - 1);
      const double ty = place_y - y0, tx = place_x - left0;
      for (int c = 0; c < x.channels; ++c) {
        const auto pixel = [&](int row, int column) { return x.at(top + row, left + column, c); };
        out.at(y, x0, c) = (1 - ty) * ((1 - tx) * pixel(y0, left0) + tx * pixel(y0, left1)) +
                           ty * ((1 - tx) * pixel(y1, left0) + tx * pixel(y1, left1));
      }
    }
  }
  return out;
}

}  // namespace sslbench
