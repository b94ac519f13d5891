// SPDX-License-Identifier: Apache-2.0
// A mean over seeds that were all measured on the same test images: other seeds would move it, and so would other
// images, whose luck no number of seeds averages out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "reports/statistics/statistics.h"

namespace sslbench {

// The value of each of two or more seeds, and its bootstrap replicates over test images (replicate b of the same
// resample for every seed). `images`: how many they are; 0 where that is not known.
struct CrossedSample {
  std::vector<double> values;
  std::vector<std::vector<double>> replicates;
  int64_t images = 0;
};

// The variance of the mean, s^2 / S + C: s^2 is the variance between the seeds, which holds what seeds and images do
// together; C the mean covariance of the replicates of two seeds, which is what the images do to all seeds alike
// (unbiased for crossed random effects: Searle, Casella, McCulloch, "Variance Components", 1992, ch. 4).
struct CrossedMean {
  double value = 0;
  double of_seeds = 0, of_images = 0;  // s^2 / S and C
  size_t seeds = 0;
  int64_t images = 0;
};

// Nothing unless every seed has replicates, equally many and finite; resamples that are undefined (NaN) for a seed are
// left out, a few at most (kLeastDefined).
std::optional<CrossedMean> crossed_mean(const CrossedSample& sample);

// value -+ h sqrt(s^2 / S + C). h lies between the quantiles of Student's t with S - 1 and with images - 1 degrees of
// freedom, by the share R = (s^2 / S) / (s^2 / S + C). Satterthwaite's degrees of freedom would give a 95 % interval
// that covers down to 87 % with two seeds and 92 % with three; h is fitted so that it covers 94.1 to 95.9 % with two
// seeds and 94.9 to 95.1 % with more, whatever share of the variance the images have.
Interval crossed_interval(const CrossedMean& mean, double confidence = kConfidence);

// Two-sided p value of a mean of 0: one less the confidence of the interval that ends at 0.
double crossed_p(const CrossedMean& mean);

}  // namespace sslbench
