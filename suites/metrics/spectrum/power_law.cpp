// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/spectrum/power_law.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "suites/ground/error.h"
#include "suites/metrics/spectrum/feature_spectrum.h"

namespace sslbench {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kManyEigenvalues = 512, kLastOfMany = 500, kLeftOfFew = 10;

struct Line {
  double slope = 0, offset = 0;
};

// Of ln l on ln rank, by weights of 1/rank or 1.
Line fit_line(const std::vector<double>& log_l, RankRange range, bool weighted) {
  double weights = 0, x_sum = 0, y_sum = 0;
  const auto weight = [&](int64_t rank) { return weighted ? 1 / static_cast<double>(rank) : 1.0; };
  for (int64_t rank = range.from; rank <= range.to; ++rank) {
    weights += weight(rank);
    x_sum += weight(rank) * std::log(static_cast<double>(rank));
    y_sum += weight(rank) * log_l[static_cast<size_t>(rank - 1)];
  }
  const double x_mean = x_sum / weights, y_mean = y_sum / weights;
  double xx = 0, xy = 0;
  for (int64_t rank = range.from; rank <= range.to; ++rank) {
    const double x = std::log(static_cast<double>(rank)) - x_mean;
    xx += weight(rank) * x * x;
    xy += weight(rank) * x * (log_l[static_cast<size_t>(rank - 1)] - y_mean);
  }
  return {xy / xx, y_mean - xy / xx * x_mean};
}

double median_slope(const std::vector<double>& log_l, RankRange range, int64_t width) {
  std::vector<double> slopes;
  for (int64_t first = range.from; first <= range.to; ++first) {
    slopes.push_back(fit_line(log_l, {first, first + width}, false).slope);
  }
  if (!std::all_of(slopes.begin(), slopes.end(), [](double slope) { return std::isfinite(slope); })) return kUndefined;
  std::sort(slopes.begin(), slopes.end());
  const size_t middle = slopes.size() / 2;
  return slopes.size() % 2 == 1 ? slopes[middle] : (slopes[middle - 1] + slopes[middle]) / 2;
}

double r2_behind(const std::vector<double>& log_l, int64_t from, const Line& line) {
  const auto count = static_cast<int64_t>(log_l.size());
  const int64_t last = count >= kManyEigenvalues ? kLastOfMany : count - kLeftOfFew;
  if (last <= from) return kUndefined;
  const auto ranks = static_cast<double>(last - from);
  const double mean = std::accumulate(log_l.begin() + from, log_l.begin() + last, 0.0) / ranks;
  double off_line = 0, off_mean = 0;
  for (int64_t rank = from + 1; rank <= last; ++rank) {
    const double y = log_l[static_cast<size_t>(rank - 1)];
    off_line += std::pow(y - line.offset - line.slope * std::log(static_cast<double>(rank)), 2);
    off_mean += (y - mean) * (y - mean);
  }
  return 1 - off_line / off_mean;
}

// Windows of a robust fit reach `width` ranks past the end of the range.
void require_range(RankRange range, bool robust, int64_t width, int64_t count) {
  const std::string text = "ranks " + std::to_string(range.from) + " to " + std::to_string(range.to);
  if (range.from < 1 || range.to <= range.from || (robust && width < 1)) {
    throw UserError(text + ": expected 1 or more, and two ranks or more; a robust fit needs eleven");
  }
  if (range.to + (robust ? width : 0) <= count) return;
  throw UserError(text + (robust ? ", with " + std::to_string(width) + " more for the last window" : "") +
                  ": there are " + std::to_string(count) +
                  " eigenvalues, as many as the least of images, dimensions and the limit; end the range before");
}

}  // namespace

PowerLaw power_law(const Matrix& features, PowerLawFit fit, RankRange range, int64_t most) {
  std::vector<double> spectrum = squared_singular_values(centred_columns(features));
  const double total = std::accumulate(spectrum.begin(), spectrum.end(), 0.0);
  const auto count = std::min(std::ssize(spectrum), most);
  const bool robust = fit == PowerLawFit::robust;
  const int64_t width = (range.to - range.from) / 10;
  require_range(range, robust, width, count);
  spectrum.resize(static_cast<size_t>(count));
  PowerLaw out{kUndefined, kUndefined, {}};
  std::vector<double> log_l;
  for (const double value : spectrum) {
    out.spectrum.push_back(total > 0 ? value / total : kUndefined);
    log_l.push_back(std::log(out.spectrum.back()));
  }
  const Line line = fit_line(log_l, range, fit == PowerLawFit::weighted);
  out.alpha = -(robust ? median_slope(log_l, range, width) : line.slope);
  if (!std::isfinite(out.alpha)) out.alpha = kUndefined;
  if (fit == PowerLawFit::weighted) out.r2 = r2_behind(log_l, range.from, line);
  if (!std::isfinite(out.r2)) out.r2 = kUndefined;
  return out;
}

}  // namespace sslbench
