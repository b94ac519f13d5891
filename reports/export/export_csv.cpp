// SPDX-License-Identifier: Apache-2.0
// CSV (RFC 4180), one row a measurement with the columns of /measurements.
#include <charconv>
#include <cmath>

#include "reports/export/exporter.h"
#include "reports/text/escape.h"

namespace sslbench {
namespace {

// Empty where it is undefined.
std::string number(double value) {
  if (std::isnan(value)) return "";
  char out[32];
  return {out, std::to_chars(out, out + sizeof out, value).ptr};
}

std::string text(const ExportInput& input) {
  std::string out =
      "suite,dataset,method,backbone,seed,stage,protocol,version,metric,split,value,unit,direction,n,run,reason,method_"
      "name\r\n";
  for (const Record& record : input.records) {
    for (const StageRecord& stage : record.stages) {
      for (const Measurement& m : stage.measurements) {
        out += escape_csv(m.suite) + "," + escape_csv(m.dataset) + "," + escape_csv(m.method) + "," +
               escape_csv(m.backbone) + "," + std::to_string(m.seed) + "," + escape_csv(m.stage) + "," +
               escape_csv(m.protocol) + "," + std::to_string(m.version) + "," + escape_csv(m.metric) + "," +
               escape_csv(m.split) + "," + number(m.value) + "," + escape_csv(m.unit) + "," + escape_csv(m.direction) +
               "," + std::to_string(m.n) + "," + escape_csv(m.run) + "," + escape_csv(m.reason) + "," +
               escape_csv(m.method_name) + "\r\n";
      }
    }
  }
  return out;
}

const bool registered =
    Registry<ExporterEntry>::add({"csv", "one row a measurement, for spreadsheets and pandas", text});

}  // namespace
}  // namespace sslbench
