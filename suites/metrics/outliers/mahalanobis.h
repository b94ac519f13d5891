// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "suites/metrics/matrix.h"

namespace sslbench {

// How far queries lie from the nearest class mean, by the covariance that all classes share.
struct MahalanobisScores {
  // -min_c (q - mu_c)' S^+ (q - mu_c), S = sum (x - mu_y)(x - mu_y)' / N (Lee, Lee, Lee, Shin: "A Simple Unified
  // Framework for Detecting Out-of-Distribution Samples", NeurIPS 2018, arXiv:1807.03888).
  std::vector<double> score;
  // score + (q - mu)' T^+ (q - mu), mu and T of all features together (Ren et al., "A Simple Fix to Mahalanobis
  // Distance for Improving Near-OOD Detection", 2021, arXiv:2106.09022).
  std::vector<double> relative;
  std::vector<int64_t> nearest;  // class; the lowest of equally near ones
  size_t rank = 0;               // of S, its columns fewer where S is singular
};

// ^+ is the pseudo-inverse: eigenvalues below this share of the largest count as 0.
inline constexpr double kSingular = 1e-6;

// Classes without a row are nowhere near. All NaN, and nearest 0, where S or T is 0 or not finite. InternalError unless
// there is a row, each has a label from 0 to classes - 1, and queries have the same columns.
MahalanobisScores mahalanobis_scores(const Matrix& features, std::span<const int64_t> labels, int64_t classes,
                                     const Matrix& queries, size_t threads = 1);

}  // namespace sslbench
