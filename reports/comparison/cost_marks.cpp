// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/cost_marks.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "reports/comparison/cost_front.h"
#include "reports/comparison/rank_scaling.h"

namespace sslbench {
namespace {

constexpr double kEqualTime = 1.25;    // runs of one program differ by some percent
constexpr double kEqualImages = 1.01;  // the tail of an epoch may be left out
constexpr double kFreeShare = 0.6;

bool trained(const Row& row) { return row.cost.images > 0; }

double least(const std::vector<double>& values) {
  return values.empty() ? kUndefined : *std::min_element(values.begin(), values.end());
}

// "2.6x <what>", or "" within `equal` of the least.
std::string multiple(double value, double lowest, double equal, const char* what) {
  if (!(value > 0) || !(lowest > 0) || value / lowest <= equal) return "";
  char out[64];
  std::snprintf(out, sizeof out, "%.*fx %s", value / lowest < 9.95 ? 1 : 0, value / lowest, what);
  return out;
}

// CPU time over wall time of all threads; undefined on a GPU, whose host waits.
double share_of_threads(const Comparison& comparison, const Row& row) {
  if (row.records.empty() || on_gpu(comparison, row)) return kUndefined;
  const Record& first = comparison.records[row.records.front()];
  const auto& environment = first.environment;
  if (!environment.is_object() || !environment.contains("threads") || !environment.at("threads").is_number()) {
    return kUndefined;
  }
  return row.cost.cpu_seconds /
         (row.cost.wall_seconds * environment.at("threads").get<double>() * static_cast<double>(ranks_of(first)));
}

}  // namespace

void mark_costs(Comparison& comparison) {
  std::vector<double> images, cpu, gpu;
  for (const Row& row : comparison.rows) {
    if (!trained(row)) continue;
    images.push_back(row.cost.images);
    (on_gpu(comparison, row) ? gpu : cpu).push_back(device_seconds(comparison, row));
  }
  for (Row& row : comparison.rows) {
    if (!trained(row)) continue;
    const bool on_device = on_gpu(comparison, row);
    const std::string time = multiple(device_seconds(comparison, row), least(on_device ? gpu : cpu), kEqualTime,
                                      on_device ? "GPU time" : "CPU time");
    const std::string seen = multiple(row.cost.images, least(images), kEqualImages, "images");
    const std::string both = time.empty() || seen.empty() ? time + seen : time + " and " + seen;
    if (!both.empty()) row.marks.push_back("not equal cost: " + both);
    const double share = share_of_threads(comparison, row);
    if (share < kFreeShare) {
      row.marks.push_back("busy machine or idle threads (CPU " + std::to_string(std::lround(100 * share)) +
                          " % of them)");
    }
  }
}

}  // namespace sslbench
