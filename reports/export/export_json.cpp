// SPDX-License-Identifier: Apache-2.0
// The snapshot of the results, as history keeps it (schema sslbench.history/2).
#include "reports/export/exporter.h"

namespace sslbench {
namespace {

std::string text(const ExportInput& input) {
  return snapshot_to_json(input.snapshot).dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

const bool registered = Registry<ExporterEntry>::add({"json", "every value by cell and seed", text});

}  // namespace
}  // namespace sslbench
