// SPDX-License-Identifier: Apache-2.0
// Which changes of a segmented series are more than chance: the penalty of change_points() alone cuts a twentieth of
// all series of pure noise, and most of those whose noise resembles that of the day before.
#pragma once

#include <vector>

#include "reports/statistics/change_points.h"

namespace sslbench {

// The chance that noise alone makes the levels of two neighbouring segments differ as much: two-sided, Student's t of
// the step by generalised least squares in an autoregression of this memory (0: independent values), with two degrees
// of freedom fewer than values.
double step_chance(const std::vector<double>& values, const Segment& before, const Segment& after, double memory);

// Joins segments, the least sure step first, until the chance of each that is left is at most `alpha` after Bonferroni
// over all places where the two segments might have begun, met and ended. Then a series has a step that is none with
// a chance of at most `alpha`.
std::vector<Segment> sure_changes(const std::vector<double>& values, std::vector<Segment> segments, double alpha,
                                  double memory);

}  // namespace sslbench
