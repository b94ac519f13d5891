// SPDX-License-Identifier: Apache-2.0
// Bencher's metric format: {"benchmark": {"measure": {"value", "lower_value", "upper_value"}}}. It has no place for
// words.
#include <cmath>

#include "reports/export/exporter.h"
#include "reports/statistics/statistics.h"

namespace sslbench {
namespace {

constexpr size_t kLongestSlug = 64, kLongestName = 1024;

std::string text(const ExportInput& input) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (const SnapshotCell& cell : input.snapshot.cells) {
    const std::vector<double> values = cell.values();
    const Interval interval = mean_interval(values);
    nlohmann::ordered_json one = {{"value", mean(values)}};
    if (std::isfinite(interval.low)) {
      one["lower_value"] = interval.low;
      one["upper_value"] = interval.high;
    }
    const std::string name = (input.snapshot.suite + "/" + cell.row).substr(0, kLongestName);
    out[name][slug(cell.measure() + (cell.split == "test" ? "" : "-" + cell.split), '-', kLongestSlug)] = one;
  }
  return out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

const bool registered = Registry<ExporterEntry>::add(
    {"bmf", "Bencher's metric format; lower and upper: 95 % interval of the mean over seeds (Student)", text});

}  // namespace
}  // namespace sslbench
