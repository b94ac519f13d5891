// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/paired_resamples.h"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <limits>

#include "reports/statistics/distributions.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

constexpr double kSlack = 1e-12;  // two equal means may differ by rounding

// Of a chi-square with one degree of freedom.
double chi2_tail(double chi2) { return std::erfc(std::sqrt(chi2 / 2)); }

double mean_at(const std::vector<double>& values, const std::vector<size_t>& places) {
  double sum = 0;
  for (const size_t place : places) {
    require(place < values.size(), "a resample names a value that does not exist");
    sum += values[place];
  }
  return sum / static_cast<double>(places.size());
}

}  // namespace

McNemar mcnemar(int64_t both_correct, int64_t only_a_correct, int64_t only_b_correct, int64_t both_wrong) {
  const int64_t all = both_correct + only_a_correct + only_b_correct + both_wrong;
  require(std::min({both_correct, only_a_correct, only_b_correct, both_wrong}) >= 0 && all > 0, "counts of items");
  const double b = static_cast<double>(only_a_correct), c = static_cast<double>(only_b_correct), n = b + c;
  McNemar out;
  out.difference = (b - c) / static_cast<double>(all);
  if (n == 0) {
    out.chi2 = out.p_chi2 = out.chi2_corrected = out.p_chi2_corrected = std::numeric_limits<double>::quiet_NaN();
    return out;
  }
  const boost::math::binomial chance(n, 0.5);
  out.p_exact = std::min(1.0, 2 * boost::math::cdf(chance, std::min(b, c)));
  out.p_mid = out.p_exact - boost::math::pdf(chance, std::min(b, c));
  out.chi2 = (b - c) * (b - c) / n;
  out.p_chi2 = chi2_tail(out.chi2);
  out.chi2_corrected = std::pow(std::abs(b - c) - 1, 2) / n;
  out.p_chi2_corrected = chi2_tail(out.chi2_corrected);
  return out;
}

PairedBootstrap paired_bootstrap(const std::vector<double>& a, const std::vector<double>& b,
                                 const std::vector<std::vector<size_t>>& resamples, double confidence) {
  require(a.size() == b.size(), "pairs need as many values on both sides");
  std::vector<double> differences, replicates;
  for (size_t i = 0; i < a.size(); ++i) differences.push_back(a[i] - b[i]);
  PairedBootstrap out;
  out.difference = mean(differences);
  double below = 1, above = 1, farther = 1;
  for (const std::vector<size_t>& places : resamples) {
    const double replicate = mean_at(differences, places);
    replicates.push_back(replicate);
    below += replicate <= kSlack;
    above += replicate >= -kSlack;
    farther += std::abs(replicate - out.difference) >= std::abs(out.difference) - kSlack;
  }
  const double times = static_cast<double>(resamples.size()) + 1;
  out.interval = percentile_interval(replicates, confidence);
  out.standard_error = standard_deviation(replicates);
  out.p_sign = std::min(1.0, 2 * std::min(below, above) / times);
  out.p_shift = farther / times;
  return out;
}

HierarchicalBootstrap hierarchical_bootstrap(const std::vector<std::vector<double>>& values,
                                             const std::vector<std::vector<size_t>>& seeds,
                                             const std::vector<std::vector<std::vector<size_t>>>& items,
                                             double confidence) {
  require(seeds.size() == items.size(), "as many resamples of items as of seeds");
  std::vector<double> of_seeds, replicates, of_seeds_only;
  for (const std::vector<double>& seed : values) of_seeds.push_back(mean(seed));
  for (size_t b = 0; b < seeds.size(); ++b) {
    require(items[b].size() == 1 || items[b].size() == seeds[b].size(), "items of all seeds or of each");
    double sum = 0;
    for (size_t s = 0; s < seeds[b].size(); ++s) {
      require(seeds[b][s] < values.size(), "a resample names a seed that does not exist");
      sum += mean_at(values[seeds[b][s]], items[b][items[b].size() == 1 ? 0 : s]);
    }
    replicates.push_back(sum / static_cast<double>(seeds[b].size()));
    of_seeds_only.push_back(mean_at(of_seeds, seeds[b]));
  }
  return {mean(of_seeds), percentile_interval(replicates, confidence), standard_deviation(replicates),
          standard_deviation(of_seeds_only)};
}

}  // namespace sslbench
