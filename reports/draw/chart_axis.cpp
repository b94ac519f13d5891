// SPDX-License-Identifier: Apache-2.0
#include "reports/draw/chart_axis.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace sslbench {
namespace {

// The smallest of 1, 2, 5 times a power of ten that is >= `raw`.
double round_step(double raw) {
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= raw * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

}  // namespace

Axis::Axis(double low, double high, double first_pixel, double last_pixel, int wanted_ticks)
    : low_(low), high_(high), first_pixel_(first_pixel), last_pixel_(last_pixel) {
  if (!(high_ > low_)) {
    const double room = low_ == 0 ? 1 : 0.1 * std::fabs(low_);
    low_ -= room;
    high_ += room;
  }
  step_ = round_step((high_ - low_) / wanted_ticks);
  const double first = std::floor(low_ / step_ + 1e-9), last = std::ceil(high_ / step_ - 1e-9);
  for (int k = 0; first + k <= last; ++k) ticks_.push_back((first + k) * step_);
  low_ = ticks_.front();
  high_ = ticks_.back();
}

double Axis::pixel(double value) const {
  return first_pixel_ + (value - low_) / (high_ - low_) * (last_pixel_ - first_pixel_);
}

std::string Axis::label(double tick) const {
  const double largest = std::max(std::fabs(low_), std::fabs(high_));
  const bool scientific = largest >= 1e6 || step_ < 1e-4;
  const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step_) + 1e-9)));
  char text[48];
  std::snprintf(text, sizeof text, scientific ? "%.*g" : "%.*f", scientific ? 3 : decimals,
                std::fabs(tick) < step_ / 1000 ? 0.0 : tick);
  return text;
}

}  // namespace sslbench
