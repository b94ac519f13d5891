// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/spectrum/lidar.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "suites/ground/error.h"
#include "suites/metrics/spectrum/feature_spectrum.h"

namespace sslbench {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// The lower factor of m = LL'; false where there is none.
bool factorise(Matrix& m) {
  for (size_t j = 0; j < m.rows; ++j) {
    const double pivot = m.at(j, j) - dot(m.row(j).first(j), m.row(j).first(j));
    if (!(pivot > 0) || !std::isfinite(pivot)) return false;
    m.at(j, j) = std::sqrt(pivot);
    for (size_t i = j + 1; i < m.rows; ++i) {
      m.at(i, j) = (m.at(i, j) - dot(m.row(i).first(j), m.row(j).first(j))) / m.at(j, j);
    }
  }
  return true;
}

// x <- L^-1 x
void solve(const Matrix& lower, std::span<double> x) {
  for (size_t i = 0; i < x.size(); ++i) x[i] = (x[i] - dot(lower.row(i).first(i), x.first(i))) / lower.at(i, i);
}

// Takes each sample's mean over its views from them; the means.
Matrix take_sample_means(Matrix& features, size_t views) {
  const size_t samples = features.rows / views, D = features.columns;
  Matrix means{samples, D, std::vector<double>(samples * D)};
  for (size_t r = 0; r < features.rows; ++r) {
    for (size_t c = 0; c < D; ++c) means.at(r / views, c) += features.at(r, c) / static_cast<double>(views);
  }
  for (size_t r = 0; r < features.rows; ++r) {
    for (size_t c = 0; c < D; ++c) features.at(r, c) -= means.at(r / views, c);
  }
  return means;
}

double exp_entropy(const std::vector<double>& shares) {
  double entropy = 0;
  for (const double p : shares) {
    if (p != 0) entropy -= p * std::log(p);
  }
  return std::exp(entropy);
}

}  // namespace

Lidar lidar(const Matrix& features, size_t views, const LidarSettings& settings) {
  require(views >= 2 && features.rows % views == 0 && features.rows / views >= 2, "two samples, two views of each");
  Matrix off_means = features;
  Matrix means = centred_columns(take_sample_means(off_means, views));
  const auto samples = static_cast<double>(means.rows);
  Matrix within = column_products(off_means);
  for (double& value : within.values) value /= samples * static_cast<double>(views - 1);
  for (size_t i = 0; i < within.rows; ++i) within.at(i, i) += settings.delta;
  if (!factorise(within)) return {kUndefined, kUndefined, kUndefined};
  // The eigenvalues of W^-1/2 B W^-1/2 are those of L^-1 B L^-T, and B is the products of the means.
  for (size_t r = 0; r < means.rows; ++r) solve(within, means.row(r));
  std::vector<double> eigenvalues = squared_singular_values(means);
  eigenvalues.resize(features.columns);  // the others are 0
  for (double& value : eigenvalues) value /= samples - 1;
  const double total = std::accumulate(eigenvalues.begin(), eigenvalues.end(), 0.0);
  if (!std::isfinite(total)) return {kUndefined, kUndefined, kUndefined};
  const double raised = total + settings.epsilon * static_cast<double>(eigenvalues.size());
  std::vector<double> of_raised, of_paper;
  for (const double value : eigenvalues) {
    of_raised.push_back((value + settings.epsilon) / raised);
    of_paper.push_back(value / total + settings.epsilon_paper);
  }
  return {exp_entropy(of_raised), exp_entropy(of_paper), eigenvalues.front()};
}

}  // namespace sslbench
