// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace sslbench {

// A linear scale from data to pixels with round ticks.
class Axis {
 public:
  // Covers low .. high, widened to whole ticks; a single value gets room on both sides.
  Axis(double low, double high, double first_pixel, double last_pixel, int wanted_ticks);

  double pixel(double value) const;
  const std::vector<double>& ticks() const { return ticks_; }
  // "1500", "0.25", "1e-05".
  std::string label(double tick) const;

 private:
  double low_, high_, first_pixel_, last_pixel_, step_;
  std::vector<double> ticks_;
};

}  // namespace sslbench
