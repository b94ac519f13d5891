// SPDX-License-Identifier: Apache-2.0
#include "reports/export/exporter.h"

#include <algorithm>
#include <cctype>

#include "reports/statistics/statistics.h"
#include "suites/ground/printable.h"

namespace sslbench {

std::string exported_text(const ExporterEntry& format, const ExportInput& input) {
  return printable_lines(format.text(input), {.orders_allowed = true});
}

SmallerIsBetter smaller_is_better(const SnapshotCell& cell) {
  SmallerIsBetter out;
  std::vector<double> values = cell.values();
  if (cell.is_fraction()) {
    out.unit = cell.higher_is_better() ? "% error" : "%";
    for (double& value : values) value = 100 * (cell.higher_is_better() ? 1 - value : value);
  } else if (!cell.is_cost()) {
    out.unit = (cell.unit == "1" ? "number" : cell.unit) + (cell.higher_is_better() ? ", negated" : "");
    for (double& value : values) value = cell.higher_is_better() ? -value : value;
  } else if (cell.higher_is_better() && cell.unit != "1") {
    out.unit = "ms/" + (cell.unit.ends_with("s/s") ? cell.unit.substr(0, cell.unit.size() - 3) : cell.unit);
    for (double& value : values) value = 1000 / value;
  } else {
    out.unit = cell.unit;
  }
  out.mean = mean(values);
  out.deviation = standard_deviation(values);
  return out;
}

std::string slug(const std::string& text, char filler, size_t longest) {
  std::string out;
  for (const char c : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0;
    if (plain) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!out.empty() && out.back() != filler) {
      out += filler;
    }
  }
  out.resize(std::min(out.size(), longest));
  while (!out.empty() && out.back() == filler) out.pop_back();
  return out;
}

}  // namespace sslbench
