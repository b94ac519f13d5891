// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "datasets/corruptions/corruption.h"
#include "datasets/corruptions/draws.h"
#include "datasets/corruptions/smoothing.h"
#include "suites/ground/registry.h"

namespace sslbench {
namespace {

using Places = std::array<std::array<double, 2>, 3>;  // x, y of three points

CorruptionDraws draw_elastic(const RealPicture& x, const Severity& p, RandomStream& random) {
  const size_t pixels = static_cast<size_t>(x.height) * static_cast<size_t>(x.width);
  CorruptionDraws out;
  out.uniform_x = uniform_draws(pixels, random);
  out.uniform_y = uniform_draws(pixels, random);
  if (p.numbers.size() > 2) out.uniform_affine = uniform_draws(6, random);
  return out;
}

double between(const RealPicture& x, double row, double column, int c, BorderPlace border) {
  const int y = static_cast<int>(std::floor(row)), x0 = static_cast<int>(std::floor(column));
  const double ty = row - y, tx = column - x0;
  const auto pixel = [&](int a, int b) { return x.at(border(a, x.height), border(b, x.width), c); };
  return (1 - ty) * ((1 - tx) * pixel(y, x0) + tx * pixel(y, x0 + 1)) +
         ty * ((1 - tx) * pixel(y + 1, x0) + tx * pixel(y + 1, x0 + 1));
}

// The affine map that sends three points where three others lie, inverted: from places of the result to those of the
// picture. {a, b, c}: x = a[0] + a[1] x' + a[2] y', y likewise.
std::array<std::array<double, 3>, 2> inverse_map(const Places& from, const Places& to) {
  const double ux = to[1][0] - to[0][0], uy = to[1][1] - to[0][1], vx = to[2][0] - to[0][0], vy = to[2][1] - to[0][1];
  const double det = ux * vy - uy * vx;
  std::array<std::array<double, 3>, 2> out{};
  for (size_t axis = 0; axis < 2; ++axis) {
    const double u = from[1][axis] - from[0][axis], v = from[2][axis] - from[0][axis];
    const double along_x = (u * vy - v * uy) / det, along_y = (v * ux - u * vx) / det;
    out[axis] = {from[0][axis] - along_x * to[0][0] - along_y * to[0][1], along_x, along_y};
  }
  return out;
}

RealPicture affine(const RealPicture& x, double most, const std::vector<double>& uniform) {
  const int whole_reach = std::min(x.height, x.width) / 3, half_height = x.height / 2, half_width = x.width / 2;
  const double reach = whole_reach, c0 = half_height, c1 = half_width;
  const Places from{{{c0 + reach, c1 + reach}, {c0 + reach, c1 - reach}, {c0 - reach, c1 - reach}}};
  Places to = from;
  for (size_t k = 0; k < 3; ++k) {
    for (size_t axis = 0; axis < 2; ++axis) to[k][axis] += (2 * uniform[2 * k + axis] - 1) * most;
  }
  const auto map = inverse_map(from, to);
  RealPicture out(x.height, x.width, x.channels);
  for (int y = 0; y < x.height; ++y) {
    for (int x0 = 0; x0 < x.width; ++x0) {
      const double column = map[0][0] + map[0][1] * x0 + map[0][2] * y;
      const double row = map[1][0] + map[1][1] * x0 + map[1][2] * y;
      for (int c = 0; c < x.channels; ++c) out.at(y, x0, c) = between(x, row, column, c, reflect_101_place);
    }
  }
  return out;
}

// How far every pixel is moved along one axis.
RealPicture displacement(const RealPicture& x, const std::vector<double>& uniform, const Severity& p) {
  RealPicture out(x.height, x.width, 1);
  const bool relative = p.table == "imagecorruptions";  // in shares of the picture's height
  for (size_t i = 0; i < out.values.size(); ++i) {
    out.values[i] = (2 * uniform[i] - 1) * (relative ? 0.005 * x.height : 1);
  }
  const double sigma_y = relative ? 0.01 * x.height : p[1], sigma_x = relative ? 0.01 * x.width : p[1];
  out = gaussian_smoothed(out, sigma_y, sigma_x, 3, reflect_place);
  for (double& value : out.values) value *= p[0];
  return out;
}

RealPicture elastic(const RealPicture& x, const Severity& p, const CorruptionDraws& draws) {
  const RealPicture moved = draws.uniform_affine.empty() ? x : affine(x, p.numbers.at(2), draws.uniform_affine);
  const RealPicture dx = displacement(x, draws.uniform_x, p), dy = displacement(x, draws.uniform_y, p);
  RealPicture out(x.height, x.width, x.channels);
  for (int y = 0; y < x.height; ++y) {
    for (int x0 = 0; x0 < x.width; ++x0) {
      for (int c = 0; c < x.channels; ++c) {
        out.at(y, x0, c) = between(moved, y + dy.at(y, x0, 0), x0 + dx.at(y, x0, 0), c, reflect_place);
      }
    }
  }
  return out;
}

using Corruptions = Registry<CorruptionEntry>;
const bool registered = Corruptions::add({"elastic_transform", "digital", true, draw_elastic, elastic});

}  // namespace
}  // namespace sslbench
