// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/corruption_error.h"

#include <limits>
#include <numeric>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

double ratio(double part, double whole) { return whole == 0 ? std::numeric_limits<double>::quiet_NaN() : part / whole; }

double mean_value(const std::map<std::string, double>& values) {
  double sum = 0;
  for (const auto& [name, value] : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

CorruptionErrors corruption_errors(const ErrorsByCorruption& errors, const ErrorsByCorruption& baseline,
                                   double clean_error, double baseline_clean_error) {
  require(!errors.empty() && errors.size() == baseline.size(), "errors and baseline of the same corruptions");
  CorruptionErrors out;
  double mean_error = 0;
  for (const auto& [name, list] : errors) {
    const auto base = baseline.find(name);
    require(base != baseline.end() && !list.empty() && base->second.size() == list.size(),
            "errors and baseline of the same severities");
    const auto severities = static_cast<double>(list.size());
    const double sum = std::accumulate(list.begin(), list.end(), 0.0);
    const double base_sum = std::accumulate(base->second.begin(), base->second.end(), 0.0);
    out.ce[name] = ratio(sum, base_sum);
    out.relative_ce[name] = ratio(sum - severities * clean_error, base_sum - severities * baseline_clean_error);
    mean_error += sum / severities;
  }
  out.mce = mean_value(out.ce);
  out.relative_mce = mean_value(out.relative_ce);
  out.mean_corruption_accuracy = 1 - mean_error / static_cast<double>(errors.size());
  return out;
}

}  // namespace sslbench
