// SPDX-License-Identifier: Apache-2.0
#include "reports/statistics/crossed_design.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "reports/statistics/distributions.h"
#include "suites/ground/error.h"

namespace sslbench {
namespace {

// h(R) = z + (t - z) max(0, (R - from) / (1 - from))^power, one line for 1, 2, ... degrees of freedom, the last for
// all above. Minimises the largest distance of the coverage from 95 % over all shares.
struct Bend {
  double from, power;
};
constexpr Bend kBends[] = {{0.14, 0.159}, {0.28, 0.587}, {0.28, 0.799}, {0.20, 1.174}, {0.20, 1.268},
                           {0.16, 1.369}, {0.14, 1.479}, {0.14, 1.479}, {0.14, 1.479}, {0.08, 1.725}};

double variance(const std::vector<double>& values) { return std::pow(standard_deviation(values), 2); }

// How many standard errors an interval of this confidence reaches.
double reach(const CrossedMean& mean, double confidence) {
  const double q = (1 + confidence) / 2, df = static_cast<double>(mean.seeds - 1);
  const double few = t_quantile(q, df);
  const double many = mean.images > 1 ? t_quantile(q, static_cast<double>(mean.images - 1)) : normal_quantile(q);
  const double all = mean.of_seeds + mean.of_images, share = all > 0 ? mean.of_seeds / all : 0;
  const Bend& bend = kBends[std::min(mean.seeds - 1, std::size(kBends)) - 1];
  const double far = std::max(0.0, (share - bend.from) / (1 - bend.from));
  return many + std::max(0.0, few - many) * std::pow(far, bend.power);
}

using ReplicatesOfSeeds = std::vector<std::vector<double>>;

// The resamples in which every seed has a value; empty where those are too few.
ReplicatesOfSeeds defined_for_all(const ReplicatesOfSeeds& replicates) {
  const size_t times = replicates.front().size();
  ReplicatesOfSeeds out(replicates.size());
  for (size_t b = 0; b < times; ++b) {
    if (std::any_of(replicates.begin(), replicates.end(), [b](const auto& seed) { return std::isnan(seed[b]); })) {
      continue;
    }
    for (size_t s = 0; s < replicates.size(); ++s) out[s].push_back(replicates[s][b]);
  }
  const auto left = static_cast<double>(out.front().size());
  return left < 2 || left < kLeastDefined * static_cast<double>(times) ? ReplicatesOfSeeds() : out;
}

bool all_defined(const ReplicatesOfSeeds& replicates) {
  return std::ranges::none_of(replicates, [](const std::vector<double>& of_seed) {
    return std::ranges::any_of(of_seed, [](double value) { return std::isnan(value); });
  });
}

double standard_error(const CrossedMean& mean) { return std::sqrt(mean.of_seeds + mean.of_images); }

}  // namespace

std::optional<CrossedMean> crossed_mean(const CrossedSample& sample) {
  const size_t seeds = sample.values.size();
  require(seeds > 1 && sample.replicates.size() == seeds, "two or more seeds with their replicates");
  const size_t drawn = sample.replicates.front().size();
  const auto as_often = [&](const std::vector<double>& of_seed) { return of_seed.size() == drawn; };
  if (!std::ranges::all_of(sample.replicates, as_often)) return std::nullopt;
  ReplicatesOfSeeds defined;  // a copy only where some are not
  const bool whole = drawn >= 2 && all_defined(sample.replicates);
  if (!whole) defined = defined_for_all(sample.replicates);
  const ReplicatesOfSeeds& all = whole ? sample.replicates : defined;
  if (all.empty()) return std::nullopt;
  const size_t times = all.front().size();
  std::vector<double> means(times, 0);
  double single = 0;  // the replicates' variance of one seed, mean over the seeds
  for (const std::vector<double>& replicates : all) {
    for (size_t b = 0; b < times; ++b) means[b] += replicates[b] / static_cast<double>(seeds);
    single += variance(replicates) / static_cast<double>(seeds);
  }
  const double count = static_cast<double>(seeds), n = static_cast<double>(sample.images);
  // Resamples of n images vary by (n - 1) / n of what other images would.
  const double correction = sample.images > 1 ? n / (n - 1) : 1;
  CrossedMean out{mean(sample.values), variance(sample.values) / count, 0, seeds, sample.images};
  out.of_images = std::max(0.0, correction * (count * variance(means) - single) / (count - 1));
  if (!std::isfinite(out.of_seeds + out.of_images + single)) return std::nullopt;
  return out;
}

Interval crossed_interval(const CrossedMean& mean, double confidence) {
  const double half = reach(mean, confidence) * standard_error(mean);
  return {mean.value - half, mean.value + half};
}

double crossed_p(const CrossedMean& mean) {
  if (!(standard_error(mean) > 0)) return mean.value == 0 ? 1 : 0;
  const double distance = std::abs(mean.value) / standard_error(mean);
  double low = 1e-12, high = 1 - 1e-12;  // of the confidence
  if (reach(mean, high) <= distance) return 1 - high;
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    (reach(mean, middle) < distance ? low : high) = middle;
  }
  return 1 - (low + high) / 2;
}

}  // namespace sslbench
