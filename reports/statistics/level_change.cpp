// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/level_change.h"

#include <algorithm>
#include <cmath>

#include "reports/statistics/distributions.h"

namespace sslbench {
namespace {

// Sums of products of the whitened series y, its level u and its step x.
struct Products {
  double uu = 0, ux = 0, xx = 0, uy = 0, xy = 0, yy = 0;
  void add(double u, double x, double y) {
    uu += u * u;
    ux += u * x;
    xx += x * x;
    uy += u * y;
    xy += x * y;
    yy += y * y;
  }
};

Products products_of(const std::vector<double>& values, const Segment& before, const Segment& after, double memory) {
  const double centre = before.mean;  // for precision: a level takes no part in the step
  const auto stepped = [&](size_t i) { return i >= after.begin ? 1.0 : 0.0; };
  Products out;
  const double first = std::sqrt(1 - memory * memory);
  out.add(first, 0, first * (values[before.begin] - centre));
  for (size_t i = before.begin + 1; i < after.end; ++i) {
    out.add(1 - memory, stepped(i) - memory * stepped(i - 1), (values[i] - centre) - memory * (values[i - 1] - centre));
  }
  return out;
}

Segment joined(const Segment& a, const Segment& b) {
  const double n = static_cast<double>(a.end - a.begin), m = static_cast<double>(b.end - b.begin);
  return {a.begin, b.end, (n * a.mean + m * b.mean) / (n + m)};
}

}  // namespace

double step_chance(const std::vector<double>& values, const Segment& before, const Segment& after, double memory) {
  const double df = static_cast<double>(after.end - before.begin) - 2;
  if (df < 1) return 1;
  const Products p = products_of(values, before, after, memory);
  const double determinant = p.uu * p.xx - p.ux * p.ux;
  const double step = (p.uu * p.xy - p.ux * p.uy) / determinant, level = (p.xx * p.uy - p.ux * p.xy) / determinant;
  const double squares = p.yy - level * p.uy - step * p.xy;
  // What rounding leaves of a series that is two constants.
  if (squares <= 1e-12 * p.yy) return step != 0 && p.yy > 0 ? 0 : 1;
  return 2 * t_tail(std::abs(step) / std::sqrt(squares / df * p.uu / determinant), df);
}

std::vector<Segment> sure_changes(const std::vector<double>& values, std::vector<Segment> segments, double alpha,
                                  double memory) {
  const double n = static_cast<double>(values.size());
  const double places = std::max(1.0, n * (n - 1) * (n - 2) / 6);
  while (segments.size() > 1) {
    size_t weakest = 1;
    double chance = -1;
    for (size_t s = 1; s < segments.size(); ++s) {
      const double of_step = step_chance(values, segments[s - 1], segments[s], memory);
      if (of_step <= chance) continue;
      chance = of_step;
      weakest = s;
    }
    if (chance * places <= alpha) return segments;
    segments[weakest - 1] = joined(segments[weakest - 1], segments[weakest]);
    segments.erase(segments.begin() + static_cast<std::ptrdiff_t>(weakest));
  }
  return segments;
}

}  // namespace sslbench
