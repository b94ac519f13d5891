// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/paired_power.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <cmath>
#include <limits>

#include "reports/statistics/distributions.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

using boost::math::binomial;
using boost::math::cdf;
using boost::math::pdf;

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
constexpr double kSlack = 1 + 1e-12;  // a p value of just alpha rejects, whatever its rounding

double normal_cdf(double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; }

// The largest count of the rarer kind among `discordant` items that the exact test rejects; -1: none.
int64_t last_rejected(int64_t discordant, double alpha) {
  if (discordant == 0) return -1;
  const binomial even(static_cast<double>(discordant), 0.5);
  int64_t last = -1;
  while (2 * (last + 1) <= discordant &&
         std::min(1.0, 2 * cdf(even, static_cast<double>(last + 1))) <= alpha * kSlack) {
    ++last;
  }
  return last;
}

double exact_power(double only_a, double only_b, double alpha, int64_t n) {
  const double either = only_a + only_b;
  if (either == 0) return 0;
  const binomial discordant(static_cast<double>(n), std::min(1.0, either));
  double sum = 0;
  for (int64_t m = 1; m <= n; ++m) {
    const int64_t last = last_rejected(m, alpha);
    if (last < 0) continue;
    const auto items = static_cast<double>(m);
    const binomial of_a(items, only_a / either), of_b(items, only_b / either);
    double rejected = 0;
    for (int64_t rare = 0; rare <= last; ++rare) {
      rejected += pdf(of_a, static_cast<double>(rare));
      if (2 * rare != m) rejected += pdf(of_b, static_cast<double>(rare));
    }
    sum += pdf(discordant, items) * rejected;
  }
  return sum;
}

// Where this holds the test misses less often than once in 1e20, and the series for it would be long.
bool is_certain(double df, double shift, double critical) { return df >= 200 && shift >= 40 && critical <= shift / 2; }

double t_test_power(double effect, double alpha, int64_t seeds) {
  const double df = static_cast<double>(seeds - 1), shift = std::abs(effect) * std::sqrt(static_cast<double>(seeds));
  const double critical = -t_quantile(alpha / 2, df);
  if (shift == 0) return alpha;
  if (is_certain(df, shift, critical)) return 1;
  const boost::math::non_central_t shifted(df, shift);
  return cdf(complement(shifted, critical)) + cdf(shifted, -critical);
}

}  // namespace

ItemPower power_of_items(double only_a, double only_b, double alpha, double power, int64_t n) {
  require(only_a >= 0 && only_b >= 0 && only_a + only_b <= kSlack && n >= 0, "shares of items");
  require(alpha > 0 && alpha < 1 && power > 0 && power < 1, "alpha and power within 0 and 1");
  const double d = std::abs(only_a - only_b), s = only_a + only_b, spread = std::sqrt(std::max(0.0, s - d * d));
  const double z_alpha = -normal_quantile(alpha / 2) * std::sqrt(s), z_power = normal_quantile(power) * spread;
  ItemPower out;
  out.items_real = d == 0 ? kUndefined : std::pow((z_alpha + z_power) / d, 2);
  out.items = std::ceil(out.items_real);
  out.power_at_n = normal_cdf((d * std::sqrt(static_cast<double>(n)) - z_alpha) / spread);
  out.exact_power_at_n = n > kMostExactItems ? kUndefined : exact_power(only_a, only_b, alpha, n);
  return out;
}

SeedPower power_of_seeds(double effect, double alpha, double power, int64_t n) {
  require(n >= 2 && alpha > 0 && alpha < 1 && power > 0 && power < 1, "two seeds; alpha and power within 0 and 1");
  SeedPower out{kUndefined, t_test_power(effect, alpha, n)};
  const auto enough = [&](int64_t seeds) { return t_test_power(effect, alpha, seeds) >= power; };
  int64_t high = 2;
  while (high < kMostSeeds && !enough(high)) high *= 2;
  if (!enough(high)) return out;
  int64_t low = std::max<int64_t>(1, high / 2);  // has it not, unless high is 2
  while (high - low > 1) {
    const int64_t middle = low + (high - low) / 2;
    (enough(middle) ? high : low) = middle;
  }
  out.seeds = static_cast<double>(high);
  return out;
}

}  // namespace sslbench
