// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/calibration_bins.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "suites/ground/error.h"
#include "suites/metrics/confidence_bins.h"
#include "suites/metrics/softmax.h"

namespace sslbench {
namespace {

struct Guess {
  double confidence = 0;
  bool right = false;
};

// Stable, by rising confidence.
std::vector<Guess> sorted_guesses(const Matrix& probabilities, std::span<const int64_t> labels) {
  std::vector<Guess> out;
  for (size_t r = 0; r < probabilities.rows; ++r) {
    const auto row = probabilities.row(r);
    const auto best = std::max_element(row.begin(), row.end());
    out.push_back({*best, best - row.begin() == labels[r]});
  }
  std::stable_sort(out.begin(), out.end(), [](const Guess& a, const Guess& b) { return a.confidence < b.confidence; });
  return out;
}

// |accuracy - confidence| times their number.
double gap(std::span<const Guess> guesses) {
  double sum = 0;
  for (const Guess& guess : guesses) sum += (guess.right ? 1 : 0) - guess.confidence;
  return std::abs(sum);
}

double of_equal_groups(const std::vector<Guess>& guesses, size_t bins) {
  const std::span<const Guess> all(guesses);
  double sum = 0;
  for (size_t b = 0, first = 0; b < bins; ++b) {
    const size_t size = all.size() / bins + (b < all.size() % bins ? 1 : 0);
    sum += gap(all.subspan(first, size));
    first += size;
  }
  return sum / static_cast<double>(all.size());
}

// numpy.interp of the sorted confidences at `place`.
double confidence_at(const std::vector<Guess>& guesses, double place) {
  const auto below = static_cast<size_t>(place);
  if (below + 1 >= guesses.size()) return guesses.back().confidence;
  const double low = guesses[below].confidence, high = guesses[below + 1].confidence;
  return (high - low) * (place - static_cast<double>(below)) + low;
}

double between_edges(const std::vector<Guess>& guesses, size_t bins) {
  const auto rows = static_cast<double>(guesses.size());
  const double step = rows / static_cast<double>(bins);
  const auto behind = [&](size_t j) {  // the first guess above edge j
    const double edge = confidence_at(guesses, j == bins ? rows : static_cast<double>(j) * step);
    return std::upper_bound(guesses.begin(), guesses.end(), edge,
                            [](double value, const Guess& guess) { return value < guess.confidence; });
  };
  double sum = 0;
  for (size_t j = 0; j < bins; ++j) {
    const auto first = behind(j), last = behind(j + 1);
    if (first < last) sum += gap({first, last});
  }
  return sum / rows;
}

double of_classes(const Matrix& probabilities, std::span<const int64_t> labels, int bins) {
  double sum = 0;
  for (size_t c = 0; c < probabilities.columns; ++c) {
    std::vector<double> gaps(static_cast<size_t>(bins) + 1);
    for (size_t r = 0; r < probabilities.rows; ++r) {
      const double p = probabilities.at(r, c);
      gaps[confidence_bin(p, bins)] += p - (labels[r] == static_cast<int64_t>(c) ? 1 : 0);
    }
    for (size_t b = 0; b < static_cast<size_t>(bins); ++b) sum += std::abs(gaps[b]);
  }
  return sum / static_cast<double>(probabilities.rows * probabilities.columns);
}

}  // namespace

BinnedCalibration binned_calibration(const Matrix& logits, std::span<const int64_t> labels, int bins) {
  require(logits.rows == labels.size() && bins > 0, "a row of logits for every label");
  for (const int64_t label : labels) {
    require(label >= 0 && label < static_cast<int64_t>(logits.columns), "label outside 0 .. classes-1");
  }
  const bool finite =
      std::all_of(logits.values.begin(), logits.values.end(), [](double value) { return std::isfinite(value); });
  constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
  if (labels.empty() || !finite) return {kUndefined, kUndefined, kUndefined};
  const Matrix probabilities = softmax_rows(logits);
  const std::vector<Guess> guesses = sorted_guesses(probabilities, labels);
  const auto groups = static_cast<size_t>(bins);
  return {of_equal_groups(guesses, groups), between_edges(guesses, groups), of_classes(probabilities, labels, bins)};
}

}  // namespace sslbench
