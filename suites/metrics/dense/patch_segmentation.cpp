// SPDX-License-Identifier: Apache-2.0
#include "suites/metrics/dense/patch_segmentation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "suites/ground/error.h"
#include "suites/metrics/labels/assignment.h"
#include "suites/metrics/softmax.h"

namespace sslbench {
namespace {

// The two patches whose centres a pixel lies between, and how near it is to the second.
struct Between {
  size_t low = 0, high = 0;
  double share = 0;
};

Between between(size_t pixel, const PatchGrid& grid) {
  const double place = std::max(0.0, (static_cast<double>(pixel) + 0.5) / static_cast<double>(grid.patch) - 0.5);
  const auto low = static_cast<size_t>(place);
  return {low, std::min(low + 1, grid.grid - 1), place - static_cast<double>(low)};
}

double iou_of(const ConfusionMatrix& confusion, const std::vector<double>& truth, const std::vector<double>& predicted,
              int t, int p) {
  const auto both = static_cast<double>(confusion.at(t, p));
  const double either = truth[static_cast<size_t>(t)] + predicted[static_cast<size_t>(p)] - both;
  return either == 0 ? 0 : both / either;
}

}  // namespace

PatchVotes patch_votes(const Matrix& memory, const Matrix& memory_labels, const Matrix& queries, size_t k,
                       double temperature, size_t threads) {
  require(memory.rows == memory_labels.rows && temperature > 0, "labels for every row of the memory");
  PatchVotes out{nearest_neighbours(unit_length_rows(memory), unit_length_rows(queries), k, threads),
                 {queries.rows, memory_labels.columns, std::vector<double>(queries.rows * memory_labels.columns)}};
  const Matrix weights =
      softmax_rows({queries.rows, k, {out.near.similarity.begin(), out.near.similarity.end()}}, 1 / temperature);
  for (size_t q = 0; q < queries.rows; ++q) {
    const std::span<double> share = out.share.row(q);
    for (size_t j = 0; j < k; ++j) {
      const std::span<const double> labels = memory_labels.row(static_cast<size_t>(out.near.index[q * k + j]));
      for (size_t c = 0; c < labels.size(); ++c) share[c] += weights.at(q, j) * labels[c];
    }
  }
  return out;
}

void EnlargedShares::at(size_t y, size_t x, std::vector<double>& out) const {
  const Between row = between(y, grid_), column = between(x, grid_);
  const auto patch = [&](size_t r, size_t c) { return share_.row(first_ + r * grid_.grid + c); };
  const auto a = patch(row.low, column.low), b = patch(row.low, column.high), c = patch(row.high, column.low),
             d = patch(row.high, column.high);
  out.resize(share_.columns);
  for (size_t i = 0; i < out.size(); ++i) {
    const double above = (1 - column.share) * a[i] + column.share * b[i];
    const double below = (1 - column.share) * c[i] + column.share * d[i];
    out[i] = (1 - row.share) * above + row.share * below;
  }
}

PatchSegmentation patch_segmentation(const ConfusionMatrix& confusion) {
  const int C = confusion.classes();
  std::vector<double> truth(static_cast<size_t>(C)), predicted(static_cast<size_t>(C));
  for (int t = 0; t < C; ++t) {
    for (int p = 0; p < C; ++p) {
      truth[static_cast<size_t>(t)] += static_cast<double>(confusion.at(t, p));
      predicted[static_cast<size_t>(p)] += static_cast<double>(confusion.at(t, p));
    }
  }
  PatchSegmentation out;
  Matrix iou{truth.size(), truth.size(), {}};
  double sum = 0, present = 0;
  for (int t = 0; t < C; ++t) {
    for (int p = 0; p < C; ++p) iou.values.push_back(iou_of(confusion, truth, predicted, t, p));
    const auto c = static_cast<size_t>(t);
    out.iou.push_back(iou.at(c, c));
    out.present.push_back(truth[c] + predicted[c] > 0);
    sum += out.iou.back();
    present += out.present.back() ? 1 : 0;
  }
  out.miou = sum / C;
  out.miou_present = present == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / present;
  const std::vector<size_t> matched = best_assignment(iou);
  for (size_t t = 0; t < matched.size(); ++t) out.miou_hungarian += iou.at(t, matched[t]) / C;
  return out;
}

}  // namespace sslbench
