// SPDX-License-Identifier: Apache-2.0
#include "reports/ab/loss_curves.h"

#include <algorithm>
#include <cmath>

namespace sslbench {
namespace {

constexpr double kFarthest = 2;

double relative_distance(double a, double b) {
  if (a == b) return 0;
  const double distance = std::abs(a - b) / std::max(std::abs(a), std::abs(b));
  return std::isfinite(distance) ? distance : kFarthest;
}

// Steps rise along a curve.
CurveDistance distance_of(const Curve& a, const Curve& b) {
  CurveDistance out;
  for (size_t i = 0, j = 0; i < a.step.size() && j < b.step.size();) {
    if (a.step[i] != b.step[j]) {
      ++(a.step[i] < b.step[j] ? i : j);
      continue;
    }
    const double distance = relative_distance(a.value[i], b.value[j]);
    if (distance > 0 && out.parted < 0) out.parted = a.step[i];
    if (distance > out.largest) {
      out.largest = distance;
      out.step = a.step[i];
    }
    ++out.points, ++i, ++j;
  }
  return out;
}

void take_worse(CurveDistance& worst, const CurveDistance& other) {
  const size_t points = worst.points + other.points;
  if (other.largest > worst.largest) worst = other;
  worst.points = points;
}

}  // namespace

LossCurves loss_curves_of(const AbRow& row) {
  LossCurves out;
  out.row = row.row;
  for (const AbRound& round : row.rounds) {
    take_worse(out.between, distance_of(round.old_run.loss, round.new_run.loss));
  }
  return out;
}

}  // namespace sslbench
