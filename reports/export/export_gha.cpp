// SPDX-License-Identifier: Apache-2.0
// github-action-benchmark, tool customSmallerIsBetter: its alarm is a ratio, which 92.5 -> 90.7 % never reaches and
// 7.5 -> 9.3 % error does.
#include <cmath>

#include "reports/export/exporter.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

std::string text(const ExportInput& input) {
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const SnapshotCell& cell : input.snapshot.cells) {
    const SmallerIsBetter value = smaller_is_better(cell);
    if (!std::isfinite(value.mean)) continue;
    nlohmann::ordered_json one = {{"name", cell.name()}, {"unit", value.unit}, {"value", value.mean}};
    std::string extra = "dataset " + cell.dataset + ", version " + std::to_string(cell.version) + ", " +
                        std::to_string(cell.by_seed.size()) + " runs";
    if (std::isfinite(value.deviation)) {
      one["range"] = "± " + significant_text(value.deviation, 2);
      extra += ", ± standard deviation over seeds";
    }
    one["extra"] = extra;
    out.push_back(one);
  }
  return out.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

const bool registered = Registry<ExporterEntry>::add(
    {"gha", "github-action-benchmark, customSmallerIsBetter; range: standard deviation over seeds", text});

}  // namespace
}  // namespace sslbench
