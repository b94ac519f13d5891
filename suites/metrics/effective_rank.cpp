// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/effective_rank.h"

#include <cmath>
#include <limits>
#include <numeric>

namespace sslbench {
namespace {

constexpr double kRankMeEpsilon = 1e-7;

double exp_entropy(std::span<const double> sigma, double epsilon) {
  const double total = std::accumulate(sigma.begin(), sigma.end(), 0.0);
  if (!(total > 0) || !std::isfinite(total)) return std::numeric_limits<double>::quiet_NaN();
  double entropy = 0;
  for (const double value : sigma) {
    const double p = value / total + epsilon;
    if (p > 0) entropy -= p * std::log(p);
  }
  return std::exp(entropy);
}

double mean_std_of_columns(const Matrix& m) {
  const Matrix centred = centred_columns(m);
  double sum = 0;
  for (size_t c = 0; c < m.columns; ++c) {
    double squares = 0;
    for (size_t r = 0; r < m.rows; ++r) squares += centred.at(r, c) * centred.at(r, c);
    sum += std::sqrt(squares / (static_cast<double>(m.rows) - 1));
  }
  return sum / static_cast<double>(m.columns);
}

}  // namespace

double rankme_of(std::span<const double> sigma) { return exp_entropy(sigma, kRankMeEpsilon); }

EffectiveRank effective_rank(const Matrix& features) {
  const std::vector<double> sigma = singular_values(features), centred = singular_values(centred_columns(features));
  EffectiveRank out;
  out.rankme = rankme_of(sigma);
  out.rankme_centered = rankme_of(centred);
  out.effective_rank = exp_entropy(sigma, 0);
  double second = 0, fourth = 0;  // moments of the spectrum: traces of C and of C^2 up to their common factor
  for (const double value : centred) {
    second += value * value;
    fourth += value * value * value * value;
  }
  out.participation_ratio = second * second / fourth;
  out.feature_std = mean_std_of_columns(unit_length_rows(features));
  for (const double value : sigma) out.spectrum.push_back(value / sigma.front());
  return out;
}

}  // namespace sslbench
