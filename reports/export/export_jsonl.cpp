// SPDX-License-Identifier: Apache-2.0
// JSON lines: one measurement a line, with the columns of /measurements. A value that is no number is null, and
// `reason` says why where it is undefined by nature.
#include "reports/export/exporter.h"
#include "reports/text/json_text.h"

namespace sslbench {
namespace {

using nlohmann::ordered_json;

std::string line(const Measurement& m) {
  const ordered_json out = {{"suite", m.suite},
                            {"dataset", m.dataset},
                            {"method", m.method},
                            {"backbone", m.backbone},
                            {"seed", m.seed},
                            {"stage", m.stage},
                            {"protocol", m.protocol},
                            {"version", m.version},
                            {"metric", m.metric},
                            {"split", m.split},
                            {"value", number_or_null(m.value)},
                            {"unit", m.unit},
                            {"direction", m.direction},
                            {"n", m.n},
                            {"run", m.run},
                            {"reason", m.reason},
                            {"method_name", m.method_name}};
  return out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::string text(const ExportInput& input) {
  std::string out;
  for (const Record& record : input.records) {
    for (const StageRecord& stage : record.stages) {
      for (const Measurement& m : stage.measurements) out += line(m);
    }
  }
  return out;
}

const bool registered = Registry<ExporterEntry>::add({"jsonl", "one measurement a line, for pandas and jq", text});

}  // namespace
}  // namespace sslbench
