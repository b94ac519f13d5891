// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "datasets/corruptions/corruption.h"
#include "suites/ground/registry.h"

namespace sslbench {
namespace {

using Colour = std::array<double, 3>;

// As skimage.color.rgb2hsv.
Colour hsv_of(const Colour& rgb) {
  const double most = std::max({rgb[0], rgb[1], rgb[2]}), range = most - std::min({rgb[0], rgb[1], rgb[2]});
  double hue = 0;
  if (range > 0) {
    if (rgb[2] == most) {
      hue = 4 + (rgb[0] - rgb[1]) / range;
    } else if (rgb[1] == most) {
      hue = 2 + (rgb[2] - rgb[0]) / range;
    } else {
      hue = (rgb[1] - rgb[2]) / range;
    }
    hue = std::fmod(hue / 6 + 1, 1.0);
  }
  return {hue, most > 0 ? range / most : 0, most};
}

Colour rgb_of(const Colour& hsv) {
  const double sector = std::floor(hsv[0] * 6), f = hsv[0] * 6 - sector, v = hsv[2];
  const double p = v * (1 - hsv[1]), q = v * (1 - f * hsv[1]), t = v * (1 - (1 - f) * hsv[1]);
  switch (static_cast<int>(sector) % 6) {
    case 0: return {v, t, p};
    case 1: return {q, v, p};
    case 2: return {p, v, t};
    case 3: return {p, q, v};
    case 4: return {t, p, v};
    default: return {v, p, q};
  }
}

template <class Function>
RealPicture in_hsv(const RealPicture& x, Function function) {
  RealPicture out = x;
  for (size_t i = 0; i + 2 < out.values.size(); i += 3) {
    Colour hsv = hsv_of({x.values[i], x.values[i + 1], x.values[i + 2]});
    function(hsv);
    const Colour rgb = rgb_of(hsv);
    std::copy(rgb.begin(), rgb.end(), out.values.begin() + static_cast<int64_t>(i));
  }
  return out;
}

RealPicture brightness(const RealPicture& x, const Severity& p, const CorruptionDraws&) {
  return in_hsv(x, [&](Colour& hsv) { hsv[2] = std::clamp(hsv[2] + p[0], 0.0, 1.0); });
}

RealPicture saturate(const RealPicture& x, const Severity& p, const CorruptionDraws&) {
  return in_hsv(x, [&](Colour& hsv) { hsv[1] = std::clamp(hsv[1] * p[0] + p[1], 0.0, 1.0); });
}

RealPicture contrast(const RealPicture& x, const Severity& p, const CorruptionDraws&) {
  Colour mean{};
  for (size_t i = 0; i < x.values.size(); ++i) mean[i % 3] += x.values[i];
  for (double& value : mean) value /= (static_cast<double>(x.height) * x.width);
  RealPicture out = x;
  for (size_t i = 0; i < x.values.size(); ++i) out.values[i] = (x.values[i] - mean[i % 3]) * p[0] + mean[i % 3];
  return out;
}

using Corruptions = Registry<CorruptionEntry>;
const bool registered = Corruptions::add({"brightness", "weather", true, {}, brightness}) &&
                        Corruptions::add({"saturate", "digital", false, {}, saturate}) &&
                        Corruptions::add({"contrast", "digital", true, {}, contrast});

}  // namespace
}  // namespace sslbench
