// SPDX-License-Identifier: Apache-2.0
// Errors on corrupted images against those of a baseline (Hendrycks and Dietterich, "Benchmarking Neural Network
// Robustness to Common Corruptions and Perturbations", ICLR 2019, arXiv:1903.12261, section 4.2).
#pragma once

#include <map>
#include <string>
#include <vector>

namespace sslbench {

using ErrorsByCorruption = std::map<std::string, std::vector<double>>;  // one a severity, shares of 1

// NaN where a baseline's sum is 0, and then for its mean, too.
struct CorruptionErrors {
  std::map<std::string, double> ce;           // sum of errors / sum of the baseline's, each over severities
  std::map<std::string, double> relative_ce;  // the same of errors less that of clean images
  double mce = 0, relative_mce = 0;           // means over corruptions
  double mean_corruption_accuracy = 0;        // 1 less the mean over corruptions of their mean error
};

// InternalError unless both hold the same corruptions, one or more, each with the same severities, one or more.
CorruptionErrors corruption_errors(const ErrorsByCorruption& errors, const ErrorsByCorruption& baseline,
                                   double clean_error, double baseline_clean_error);

}  // namespace sslbench
