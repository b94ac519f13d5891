// SPDX-License-Identifier: Apache-2.0
// How well clusters agree with labels, whatever either are called.
#pragma once

#include <cstdint>
#include <span>

namespace sslbench {

// NaN without any item.
struct ClusteringScores {
  // Mutual information over the mean of both entropies (arithmetic, as scikit-learn's default); 0 where the information
  // is 0, but 1 for one cluster of one label.
  double nmi = 0;
  // Hubert and Arabie, "Comparing Partitions", J. Classification 2, 1985; 1 for equal partitions and for one item.
  double ari = 0;
  double purity = 0;    // share of items that have their cluster's most frequent label
  double accuracy = 0;  // share that is right under the best one-to-one matching of clusters to labels
};

// InternalError unless both have the same size. UserError where labels x clusters are more than kMostPairs, which no
// matching could be found for in reasonable time.
inline constexpr size_t kMostPairs = size_t{1} << 25;
ClusteringScores clustering_scores(std::span<const int64_t> assignments, std::span<const int64_t> labels);

}  // namespace sslbench
