// SPDX-License-Identifier: Apache-2.0
// How many test images, or how many seeds, show a difference of two models.
#pragma once

#include <cstdint>

namespace sslbench {

// NaN where undefined: no number of items shows a difference of 0.
struct ItemPower {
  double items_real = 0, items = 0;  // needed, and that rounded up (Connor, Biometrics 43, 1987)
  double power_at_n = 0;             // by the normal distribution
  double exact_power_at_n = 0;       // of the exact McNemar test; NaN above kMostExactItems
};
inline constexpr int64_t kMostExactItems = 400;

// Of a two-sided McNemar test at `alpha` where a share `only_a` of the items is right for a alone and `only_b` for b
// alone. InternalError unless both are shares of 1 together, and alpha and power lie within (0, 1).
ItemPower power_of_items(double only_a, double only_b, double alpha, double power, int64_t n);

struct SeedPower {
  double seeds = 0;  // the fewest, 2 at least, with the power; NaN where kMostSeeds have it not
  double power_at_n = 0;
};
inline constexpr int64_t kMostSeeds = int64_t{1} << 40;

// Of a two-sided paired t test at `alpha` of a mean difference in units of the differences' deviation, exactly:
// Student's t off centre. InternalError unless n >= 2 and alpha and power lie within (0, 1).
SeedPower power_of_seeds(double effect, double alpha, double power, int64_t n);

}  // namespace sslbench
