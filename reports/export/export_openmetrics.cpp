// SPDX-License-Identifier: Apache-2.0
// OpenMetrics text: one gauge a metric, one sample a row; what Prometheus and GitLab's metrics reports read.
#include <charconv>
#include <map>

#include "reports/export/exporter.h"
#include "reports/statistics/statistics.h"
#include "reports/text/escape.h"

namespace sslbench {
namespace {

std::string label(const std::string& text) {
  std::string out;
  for (const char c : visible_text(text)) {
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
  return out;
}

std::string number(double value) {
  char out[32];
  return {out, std::to_chars(out, out + sizeof out, value).ptr};
}

std::string text(const ExportInput& input) {
  std::map<std::string, std::string> families;  // samples of one family lie together
  for (const SnapshotCell& cell : input.snapshot.cells) {
    const std::string family = "sslbench_" + slug(cell.measure(), '_', 200);
    std::string& lines = families[family];
    if (lines.empty()) {
      lines = "# TYPE " + family + " gauge\n# HELP " + family + " " + label(cell.measure()) +
              (cell.is_fraction() ? " as a fraction"
               : cell.unit == "1" ? ""
                                  : " in " + label(cell.unit)) +
              ", mean over seeds\n";
    }
    lines += family + "{suite=\"" + label(input.snapshot.suite) + "\",row=\"" + label(cell.row) + "\",dataset=\"" +
             label(cell.dataset) + "\",split=\"" + label(cell.split) + "\",version=\"" + std::to_string(cell.version) +
             "\"} " + number(mean(cell.values())) + "\n";
  }
  std::string out;
  for (const auto& [family, lines] : families) out += lines;
  return out + "# EOF\n";
}

const bool registered = Registry<ExporterEntry>::add({"openmetrics", "Prometheus and GitLab", text});

}  // namespace
}  // namespace sslbench
