// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "datasets/corruptions/corruption.h"
#include "datasets/corruptions/smoothing.h"
#include "suites/ground/registry.h"

namespace sslbench {
namespace {

CorruptionDraws draw_angle(const RealPicture&, const Severity&, RandomStream& random) {
  return {.angle = random.uniform(-45, 45)};
}

RealPicture gaussian_blur(const RealPicture& x, const Severity& p, const CorruptionDraws&) {
  return gaussian_smoothed(x, p[0], p[0], 4, nearest_place);
}

// Rows and columns that are moved; none where the picture is smaller than twice the distance.
int64_t moved_pixels(const RealPicture& x, int distance) {
  return int64_t{std::max(0, x.height - 2 * distance)} * std::max(0, x.width - 2 * distance);
}

CorruptionDraws draw_offsets(const RealPicture& x, const Severity& p, RandomStream& random) {
  CorruptionDraws out;
  const int distance = static_cast<int>(p[1]);
  const int64_t count = 2 * static_cast<int64_t>(p[2]) * moved_pixels(x, distance);
  for (int64_t i = 0; i < count; ++i) {  // numpy.random.randint: the upper end is left out
    out.offsets.push_back(int64_t{random.below(static_cast<uint32_t>(2 * distance))} - distance);
  }
  return out;
}

// The published code means to swap pixels; its numpy views alias, so that one is copied over the other.
RealPicture glass_blur(const RealPicture& x, const Severity& p, const CorruptionDraws& draws) {
  RealPicture a = gaussian_smoothed(x, p[0], p[0], 4, nearest_place);
  for (double& value : a.values) value = std::trunc(255 * value + 1e-9) / 255;
  const int distance = static_cast<int>(p[1]);
  size_t used = 0;
  for (int pass = 0; pass < static_cast<int>(p[2]); ++pass) {
    for (int y = a.height - distance; y > distance; --y) {
      for (int x0 = a.width - distance; x0 > distance; --x0) {
        const auto dx = static_cast<int>(draws.offsets[used]), dy = static_cast<int>(draws.offsets[used + 1]);
        used += 2;
        for (int c = 0; c < a.channels; ++c) a.at(y, x0, c) = a.at(y + dy, x0 + dx, c);
      }
    }
  }
  return gaussian_smoothed(a, p[0], p[0], 4, nearest_place);
}

// A disk with soft edges.
RealPicture disk(double radius, double sigma) {
  const int reach = radius <= 8 ? 8 : static_cast<int>(radius), soft = radius <= 8 ? 1 : 2;
  RealPicture kernel(2 * reach + 1, 2 * reach + 1, 1);
  double sum = 0;
  for (int y = -reach; y <= reach; ++y) {
    for (int x = -reach; x <= reach; ++x) {
      const bool inside = y * y + x * x <= radius * radius;
      kernel.at(y + reach, x + reach, 0) = inside ? 1 : 0;
      sum += inside ? 1 : 0;
    }
  }
  for (double& value : kernel.values) value /= sum;
  const std::vector<double> edge = gaussian_kernel(sigma, soft);
  return convolved(kernel, edge, edge, reflect_101_place);
}

RealPicture defocus_blur(const RealPicture& x, const Severity& p, const CorruptionDraws&) {
  const RealPicture kernel = disk(p[0], p[1]);
  const int reach = kernel.height / 2;
  RealPicture out(x.height, x.width, x.channels);
  for (int dy = -reach; dy <= reach; ++dy) {
    for (int dx = -reach; dx <= reach; ++dx) {
      const double weight = kernel.at(dy + reach, dx + reach, 0);
      if (weight == 0) continue;
      for (int y = 0; y < x.height; ++y) {
        const int from_y = reflect_101_place(y + dy, x.height);
        for (int x0 = 0; x0 < x.width; ++x0) {
          const int from_x = reflect_101_place(x0 + dx, x.width);
          for (int c = 0; c < x.channels; ++c) out.at(y, x0, c) += weight * x.at(from_y, from_x, c);
        }
      }
    }
  }
  return out;
}

RealPicture motion_blur(const RealPicture& x, const Severity& p, const CorruptionDraws& draws) {
  return motion_blurred(x, p[0], p[1], draws.angle);
}

// The numbers are factors.
RealPicture zoom_blur(const RealPicture& x, const Severity& p, const CorruptionDraws&) {
  RealPicture out = x;
  for (const double factor : p.numbers) {
    const RealPicture larger = zoomed(x, factor);
    for (int y = 0; y < x.height; ++y) {
      for (int x0 = 0; x0 < x.width; ++x0) {
        const int row = std::min(y, larger.height - 1), column = std::min(x0, larger.width - 1);
        for (int c = 0; c < x.channels; ++c) out.at(y, x0, c) += larger.at(row, column, c);
      }
    }
  }
  for (double& value : out.values) value /= static_cast<double>(p.numbers.size()) + 1;
  return out;
}

using Corruptions = Registry<CorruptionEntry>;
const bool registered = Corruptions::add({"gaussian_blur", "blur", false, {}, gaussian_blur}) &&
                        Corruptions::add({"glass_blur", "blur", true, draw_offsets, glass_blur}) &&
                        Corruptions::add({"defocus_blur", "blur", true, {}, defocus_blur}) &&
                        Corruptions::add({"motion_blur", "blur", true, draw_angle, motion_blur}) &&
                        Corruptions::add({"zoom_blur", "blur", true, {}, zoom_blur});

}  // namespace
}  // namespace sslbench
