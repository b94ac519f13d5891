// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/classification.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

template <class Real>
bool all_finite(std::span<const Real> row) {
  return std::all_of(row.begin(), row.end(), [](Real value) { return std::isfinite(value); });
}

template <class Real>
int64_t rank_of(std::span<const Real> row, int64_t label) {
  if (!all_finite(row)) return kNoHit;
  const Real own = row[static_cast<size_t>(label)];
  int64_t rank = 0;
  for (int64_t c = 0; c < static_cast<int64_t>(row.size()); ++c) {
    const Real other = row[static_cast<size_t>(c)];
    if (other > own || (other == own && c < label)) ++rank;
  }
  return rank;
}

size_t rows_of(size_t values, int64_t columns) {
  require(columns > 0 && values % static_cast<size_t>(columns) == 0, "scores must be whole rows of `classes` numbers");
  return values / static_cast<size_t>(columns);
}

}  // namespace

template <class Real>
std::vector<int64_t> label_ranks(std::span<const Real> scores, int64_t classes, std::span<const int64_t> labels) {
  const size_t rows = rows_of(scores.size(), classes), width = static_cast<size_t>(classes);
  require(rows == labels.size(), "one label a row of scores");
  std::vector<int64_t> ranks(rows);
  for (size_t i = 0; i < rows; ++i) {
    require(labels[i] >= 0 && labels[i] < classes, "label outside 0 .. classes-1");
    ranks[i] = rank_of(scores.subspan(i * width, width), labels[i]);
  }
  return ranks;
}

template <class Real>
std::vector<int64_t> predictions(std::span<const Real> scores, int64_t classes) {
  const size_t rows = rows_of(scores.size(), classes), width = static_cast<size_t>(classes);
  std::vector<int64_t> best(rows);
  for (size_t i = 0; i < rows; ++i) {
    const auto row = scores.subspan(i * width, width);
    best[i] = all_finite(row) ? std::max_element(row.begin(), row.end()) - row.begin() : kNoClass;
  }
  return best;
}

std::vector<int64_t> vote_ranks(std::span<const double> votes, int64_t classes, std::span<const int64_t> labels) {
  std::vector<int64_t> ranks = label_ranks(votes, classes, labels);
  for (size_t i = 0; i < ranks.size(); ++i) {
    if (!(votes[i * static_cast<size_t>(classes) + static_cast<size_t>(labels[i])] > 0)) ranks[i] = kNoHit;
  }
  return ranks;
}

template std::vector<int64_t> label_ranks<float>(std::span<const float>, int64_t, std::span<const int64_t>);
template std::vector<int64_t> label_ranks<double>(std::span<const double>, int64_t, std::span<const int64_t>);
template std::vector<int64_t> predictions<float>(std::span<const float>, int64_t);
template std::vector<int64_t> predictions<double>(std::span<const double>, int64_t);

std::vector<double> top_k_hits(std::span<const int64_t> ranks, int64_t k) {
  std::vector<double> hits(ranks.size());
  std::transform(ranks.begin(), ranks.end(), hits.begin(), [k](int64_t rank) { return rank < k ? 1.0 : 0.0; });
  return hits;
}

double top_k(std::span<const int64_t> ranks, int64_t k) {
  if (ranks.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto hits = std::count_if(ranks.begin(), ranks.end(), [k](int64_t rank) { return rank < k; });
  return static_cast<double>(hits) / static_cast<double>(ranks.size());
}

double mean_per_class(std::span<const int64_t> predicted, std::span<const int64_t> labels) {
  require(predicted.size() == labels.size(), "one prediction a label");
  std::map<int64_t, std::pair<int64_t, int64_t>> hits_and_total;
  for (size_t i = 0; i < labels.size(); ++i) {
    auto& [hits, total] = hits_and_total[labels[i]];
    hits += predicted[i] == labels[i];
    ++total;
  }
  double sum = 0;
  for (const auto& [label, counts] : hits_and_total) {
    sum += static_cast<double>(counts.first) / static_cast<double>(counts.second);
  }
  return sum / static_cast<double>(hits_and_total.size());
}

std::vector<double> knn_vote(std::span<const int64_t> neighbour_labels, std::span<const float> similarities, int64_t k,
                             int64_t classes, double temperature) {
  require(neighbour_labels.size() == similarities.size() && temperature > 0, "one similarity a neighbour");
  const size_t rows = rows_of(similarities.size(), k), width = static_cast<size_t>(classes),
               depth = static_cast<size_t>(k);
  std::vector<double> votes(rows * width, 0.0);
  for (size_t i = 0; i < rows; ++i) {
    const auto near = similarities.subspan(i * depth, depth);
    if (!all_finite(near)) {
      std::fill_n(votes.begin() + static_cast<int64_t>(i * width), width, std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    // Relative to the nearest, so that a low temperature does not overflow; the shares are the same.
    const double nearest = *std::max_element(near.begin(), near.end());
    double total = 0;
    for (size_t j = 0; j < depth; ++j) {
      const int64_t label = neighbour_labels[i * depth + j];
      require(label >= 0 && label < classes, "neighbour label outside 0 .. classes-1");
      const double weight = std::exp((near[j] - nearest) / temperature);
      votes[i * width + static_cast<size_t>(label)] += weight;
      total += weight;
    }
    for (size_t c = 0; c < width; ++c) votes[i * width + c] /= total;
  }
  return votes;
}

}  // namespace sslbench
