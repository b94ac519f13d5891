// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/outliers/mahalanobis.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "suites/ground/error.h"
#include "suites/ground/threads/row_blocks.h"
#include "suites/metrics/packed_rows.h"
#include "suites/metrics/spectrum/feature_spectrum.h"
#include "suites/metrics/spectrum/symmetric_eigen.h"

namespace sslbench {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

// Means of the rows of each label; a class without one keeps zeros.
struct ClassMeans {
  Matrix mean;
  std::vector<double> rows;
};

ClassMeans class_means(const Matrix& features, std::span<const int64_t> labels, size_t classes) {
  ClassMeans out{{classes, features.columns, std::vector<double>(classes * features.columns)},
                 std::vector<double>(classes)};
  for (size_t r = 0; r < features.rows; ++r) {
    const auto c = static_cast<size_t>(labels[r]);
    out.rows[c] += 1;
    for (size_t i = 0; i < features.columns; ++i) out.mean.at(c, i) += features.at(r, i);
  }
  for (size_t c = 0; c < classes; ++c) {
    for (double& value : out.mean.row(c)) value /= std::max(out.rows[c], 1.0);
  }
  return out;
}

// Rows v_i / sqrt(l_i): what they make of a difference has its Mahalanobis distance for length. Empty where the
// covariance of `centred` is 0 or not finite.
Matrix whitening(const Matrix& centred) {
  Matrix covariance = column_products(centred);
  for (double& value : covariance.values) value /= static_cast<double>(centred.rows);
  const SymmetricEigen eigen = symmetric_eigen(std::move(covariance));
  Matrix out{0, centred.columns, {}};
  for (size_t i = 0; i < eigen.values.size() && eigen.values[i] > 0; ++i) {
    if (eigen.values[i] < kSingular * eigen.values.front()) break;
    for (const double value : eigen.vectors.row(i)) out.values.push_back(value / std::sqrt(eigen.values[i]));
    ++out.rows;
  }
  return out;
}

Matrix whitened(const Matrix& rows, const Matrix& by, size_t threads) {
  const PackedRows packed(by);
  Matrix out{rows.rows, by.rows, std::vector<double>(rows.rows * by.rows)};
  for_row_blocks(rows.rows, kQueriesAtOnce, threads, [&](size_t first, size_t last) {
    std::vector<double> products;
    packed.products(rows, first, last, products);
    std::copy(products.begin(), products.end(), out.values.begin() + static_cast<int64_t>(first * by.rows));
  });
  return out;
}

// Four sums side by side, which a processor adds up four times as fast as one.
double squared_distance(std::span<const double> a, std::span<const double> b) {
  double sums[4] = {};
  size_t i = 0;
  for (; i + 3 < a.size(); i += 4) {
    for (size_t j = 0; j < 4; ++j) sums[j] += (a[i + j] - b[i + j]) * (a[i + j] - b[i + j]);
  }
  for (; i < a.size(); ++i) sums[0] += (a[i] - b[i]) * (a[i] - b[i]);
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

Matrix less_row(Matrix m, std::span<const double> row) {
  for (size_t r = 0; r < m.rows; ++r) {
    for (size_t i = 0; i < m.columns; ++i) m.at(r, i) -= row[i];
  }
  return m;
}

std::vector<double> mean_row(const Matrix& m) {
  std::vector<double> out(m.columns);
  for (size_t r = 0; r < m.rows; ++r) {
    for (size_t i = 0; i < m.columns; ++i) out[i] += m.at(r, i) / static_cast<double>(m.rows);
  }
  return out;
}

}  // namespace

MahalanobisScores mahalanobis_scores(const Matrix& features, std::span<const int64_t> labels, int64_t classes,
                                     const Matrix& queries, size_t threads) {
  require(features.rows > 0 && features.rows == labels.size() && features.columns == queries.columns,
          "labelled rows and queries of the same columns");
  for (const int64_t label : labels) require(label >= 0 && label < classes, "label outside 0 .. classes-1");
  const std::vector<double> mean = mean_row(features);
  const Matrix centred = less_row(features, mean), from = less_row(queries, mean);
  const ClassMeans means = class_means(centred, labels, static_cast<size_t>(classes));
  Matrix within = centred;
  for (size_t r = 0; r < within.rows; ++r) {
    for (size_t i = 0; i < within.columns; ++i) within.at(r, i) -= means.mean.at(static_cast<size_t>(labels[r]), i);
  }
  const Matrix of_classes = whitening(within), of_all = whitening(centred);
  MahalanobisScores out{std::vector<double>(queries.rows, kUndefined), std::vector<double>(queries.rows, kUndefined),
                        std::vector<int64_t>(queries.rows), of_classes.rows};
  if (of_classes.rows == 0 || of_all.rows == 0) return out;
  const Matrix query = whitened(from, of_classes, threads), centre = whitened(means.mean, of_classes, threads);
  const Matrix together = whitened(from, of_all, threads);
  for_row_blocks(queries.rows, kQueriesAtOnce, threads, [&](size_t first, size_t last) {
    for (size_t q = first; q < last; ++q) {
      double nearest = std::numeric_limits<double>::infinity();
      for (size_t c = 0; c < centre.rows; ++c) {
        const double distance = squared_distance(query.row(q), centre.row(c));
        if (means.rows[c] > 0 && distance < nearest) nearest = distance, out.nearest[q] = static_cast<int64_t>(c);
      }
      out.score[q] = std::isfinite(nearest) ? -nearest : kUndefined;
      out.relative[q] = out.score[q] + dot(together.row(q), together.row(q));
    }
  });
  return out;
}

}  // namespace sslbench
