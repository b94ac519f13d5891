// SPDX-License-Identifier: Apache-2.0
// CSV (RFC 4180), one row a measurement with the columns of /measurements.
#include <charconv>

#include "reports/exporter.h"

namespace sslbench {
namespace {

// A text that a spreadsheet would take for a formula gets an apostrophe in front.
std::string field(const std::string& text) {
  const bool formula = !text.empty() && std::string("=+-@\t\r").find(text[0]) != std::string::npos;
  const std::string safe = formula ? "'" + text : text;
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  std::string out = "\"";
  for (const char c : safe) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string number(double value) {
  char out[32];
  return {out, std::to_chars(out, out + sizeof out, value).ptr};
}

std::string text(const ExportInput& input) {
  std::string out =
      "suite,dataset,method,backbone,seed,stage,protocol,version,metric,split,value,unit,direction,n,run\r\n";
  for (const Record& record : input.records) {
    for (const StageRecord& stage : record.stages) {
      for (const Measurement& m : stage.measurements) {
        out += field(m.suite) + "," + field(m.dataset) + "," + field(m.method) + "," + field(m.backbone) + "," +
               std::to_string(m.seed) + "," + field(m.stage) + "," + field(m.protocol) + "," +
               std::to_string(m.version) + "," + field(m.metric) + "," + field(m.split) + "," + number(m.value) + "," +
               field(m.unit) + "," + field(m.direction) + "," + std::to_string(m.n) + "," + field(m.run) + "\r\n";
      }
    }
  }
  return out;
}

const bool registered =
    Registry<ExporterEntry>::add({"csv", "one row a measurement, for spreadsheets and pandas", text});

}  // namespace
}  // namespace sslbench
