// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/cost_front.h"

#include "reports/comparison/rank_scaling.h"

#include <algorithm>
#include <cmath>

#include "reports/comparison/ranking.h"

namespace sslbench {

bool on_gpu(const Comparison& comparison, const Row& row) {
  if (row.records.empty()) return false;
  const auto& environment = comparison.records[row.records.front()].environment;
  if (!environment.is_object() || !environment.contains("device") || !environment.at("device").is_string())
    return false;
  return environment.at("device").get<std::string>().starts_with("cuda");
}

double device_seconds(const Comparison& comparison, const Row& row) {
  if (!on_gpu(comparison, row)) return row.cost.cpu_seconds;
  return row.cost.wall_seconds * static_cast<double>(ranks_of(comparison.records[row.records.front()]));
}

CostAxis cost_axis(const Comparison& comparison) {
  size_t gpus = 0, rows = 0;
  for (const Row& row : comparison.rows) {
    if (row.records.empty()) continue;
    gpus += on_gpu(comparison, row);
    ++rows;
  }
  const bool mixed = gpus > 0 && gpus < rows;
  CostAxis axis{mixed ? "wall time" : gpus > 0 ? "GPU time" : "CPU time", {}};
  double most = 0;
  for (const Row& row : comparison.rows) {
    axis.by_row.push_back(mixed ? row.cost.wall_seconds : device_seconds(comparison, row));
    if (std::isfinite(axis.by_row.back())) most = std::max(most, axis.by_row.back());
  }
  const bool hours = most >= 1800;
  axis.label += " of pretraining, " + std::string(hours ? "h" : "s");
  for (double& cost : axis.by_row) cost /= hours ? 3600 : 1;
  return axis;
}

std::vector<size_t> cost_front(const Comparison& comparison, size_t column, const CostAxis& cost,
                               const std::vector<double>* values) {
  const double sign = comparison.columns[column].direction == "lower" ? -1 : 1;
  const auto value = [&](size_t row) {
    return sign * (values == nullptr ? comparison.rows[row].cells[column].value : (*values)[row]);
  };
  std::vector<size_t> order;
  for (const size_t row : ranked_rows(comparison, column, false)) {
    if (std::isfinite(cost.by_row[row]) && std::isfinite(value(row))) order.push_back(row);
  }
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return cost.by_row[a] != cost.by_row[b] ? cost.by_row[a] < cost.by_row[b] : value(a) > value(b);
  });
  std::vector<size_t> front;
  for (const size_t row : order) {
    if (front.empty() || value(row) > value(front.back())) front.push_back(row);
  }
  return front;
}

}  // namespace sslbench
