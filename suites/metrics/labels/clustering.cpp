// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/labels/clustering.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "suites/ground/error.h"
#include "suites/metrics/labels/assignment.h"

namespace sslbench {
namespace {

// The places of values among the distinct ones.
struct Numbered {
  std::vector<size_t> number;
  size_t distinct = 0;
};

Numbered numbered(std::span<const int64_t> values) {
  std::vector<int64_t> distinct(values.begin(), values.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  Numbered out{{}, distinct.size()};
  for (const int64_t value : values) {
    out.number.push_back(
        static_cast<size_t>(std::lower_bound(distinct.begin(), distinct.end(), value) - distinct.begin()));
  }
  return out;
}

// Counts of items [labels, clusters].
struct Contingency {
  Matrix count;
  std::vector<double> of_label, of_cluster;
  double items = 0;
};

Contingency contingency(std::span<const int64_t> assignments, std::span<const int64_t> labels) {
  const Numbered clusters = numbered(assignments), classes = numbered(labels);
  if (clusters.distinct > kMostPairs / std::max<size_t>(classes.distinct, 1)) {
    throw UserError("there are " + std::to_string(classes.distinct) + " labels and " +
                    std::to_string(clusters.distinct) + " clusters; expected a product of at most " +
                    std::to_string(kMostPairs) + ": make fewer clusters");
  }
  Contingency out{{classes.distinct, clusters.distinct, std::vector<double>(classes.distinct * clusters.distinct)},
                  std::vector<double>(classes.distinct),
                  std::vector<double>(clusters.distinct),
                  static_cast<double>(labels.size())};
  for (size_t i = 0; i < labels.size(); ++i) {
    out.count.at(classes.number[i], clusters.number[i]) += 1;
    out.of_label[classes.number[i]] += 1;
    out.of_cluster[clusters.number[i]] += 1;
  }
  return out;
}

double entropy(const std::vector<double>& counts, double items) {
  double sum = 0;
  for (const double count : counts) sum -= count / items * std::log(count / items);
  return sum;
}

double normalised_information(const Contingency& table) {
  if (table.count.values.size() == 1) return 1;
  double information = 0;
  for (size_t l = 0; l < table.count.rows; ++l) {
    for (size_t c = 0; c < table.count.columns; ++c) {
      const double both = table.count.at(l, c);
      if (both == 0) continue;
      information += both / table.items *
                     (std::log(both) + std::log(table.items) - std::log(table.of_label[l] * table.of_cluster[c]));
    }
  }
  if (information <= std::numeric_limits<double>::epsilon()) return 0;  // what rounding leaves of nothing
  return information / ((entropy(table.of_label, table.items) + entropy(table.of_cluster, table.items)) / 2);
}

double pairs(const std::vector<double>& counts) {
  double sum = 0;
  for (const double count : counts) sum += count * (count - 1) / 2;
  return sum;
}

double adjusted_rand(const Contingency& table) {
  const double both = pairs(table.count.values), of_labels = pairs(table.of_label),
               of_clusters = pairs(table.of_cluster);
  if (both == of_labels && both == of_clusters) return 1;
  const double expected = of_labels * (of_clusters / pairs({table.items}));
  return (both - expected) / ((of_labels + of_clusters) / 2 - expected);
}

double purity(const Contingency& table) {
  double sum = 0;
  for (size_t c = 0; c < table.count.columns; ++c) {
    double most = 0;
    for (size_t l = 0; l < table.count.rows; ++l) most = std::max(most, table.count.at(l, c));
    sum += most;
  }
  return sum / table.items;
}

double matched_accuracy(const Contingency& table) {
  const std::vector<size_t> cluster_of = best_assignment(table.count);
  double right = 0;
  for (size_t l = 0; l < cluster_of.size(); ++l) {
    if (cluster_of[l] != kUnmatched) right += table.count.at(l, cluster_of[l]);
  }
  return right / table.items;
}

}  // namespace

ClusteringScores clustering_scores(std::span<const int64_t> assignments, std::span<const int64_t> labels) {
  require(assignments.size() == labels.size(), "a cluster for every label");
  constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
  if (labels.empty()) return {kUndefined, kUndefined, kUndefined, kUndefined};
  const Contingency table = contingency(assignments, labels);
  return {normalised_information(table), adjusted_rand(table), purity(table), matched_accuracy(table)};
}

}  // namespace sslbench
