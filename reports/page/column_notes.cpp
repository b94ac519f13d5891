// SPDX-License-Identifier: Apache-2.0
#include "reports/page/column_notes.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "reports/comparison/cell_text.h"
#include "reports/page/report_sections.h"
#include "reports/record/counted_settings.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

// Of a protocol whose metrics have several versions, those of this one: " (top5)".
std::string metrics_of_version(const Comparison& comparison, const Column& of) {
  std::string names;
  bool several = false;
  for (const Column& column : comparison.columns) {
    if (column.protocol != of.protocol || column.dataset != of.dataset) continue;
    several = several || column.version != of.version;
    if (column.version == of.version && !is_of_class(column.metric))
      names += (names.empty() ? "" : ", ") + column.metric;
  }
  return several ? " (" + names + ")" : "";
}

// The preset that all records of a protocol's row start from: ", from preset dinov2"; "" where none or not all do.
std::string preset_text(const Comparison& comparison, const std::string& protocol) {
  std::set<std::string> presets;
  for (const Record& record : comparison.records) {
    if (const auto preset = protocol_preset(record, protocol)) presets.insert(*preset);
  }
  return presets.size() == 1 && !presets.begin()->empty() ? ", from preset " + *presets.begin() : "";
}

// In the unit of the column whose constant answer it is.
std::string constant_text(const Comparison& comparison, const Measurement& m) {
  const std::string metric = metric_with_constant(m.metric);
  const auto found = std::find_if(comparison.columns.begin(), comparison.columns.end(), [&](const Column& column) {
    return column.protocol == m.protocol && column.metric == metric;
  });
  return value_with_unit(found == comparison.columns.end() ? Column() : *found, m.value);
}

}  // namespace

Bullets columns_list(const Comparison& comparison) {
  std::set<std::string> seen;
  Bullets out;
  for (const Column& column : comparison.columns) {
    const std::string key = column.protocol + "\n" + column.dataset + "\n" + column.split + "\n" +
                            std::to_string(column.n) + "\n" + std::to_string(column.version) +
                            std::to_string(column.variant);
    if (!seen.insert(key).second) continue;
    Text line = Text::name(column.protocol) + ": " + Text(column.dataset) + " " + Text(column.split) +
                Text::own(", " + count_text(static_cast<double>(column.n)) + " images, protocol ") +
                Text::name(column.plugin) + Text::own(" version " + std::to_string(column.version)) +
                Text(metrics_of_version(comparison, column)) + Text(preset_text(comparison, column.protocol));
    if (column.variant > 0) line += Text::own(", settings " + std::to_string(column.variant));
    out.items.push_back(line);
  }
  return out;
}

Text constants_line(const Comparison& comparison) {
  std::set<std::string> seen;
  std::vector<Text> parts;
  for (const Record& record : comparison.records) {
    for (const StageRecord& stage : record.stages) {
      for (const Measurement& m : stage.measurements) {
        if (!is_constant_name(m.metric) || m.undefined()) continue;
        const std::string metric = metric_with_constant(m.metric), name = m.protocol + "." + metric;
        if (seen.insert(name).second) parts.push_back(Text::name(name) + Text::own(" " + constant_text(comparison, m)));
      }
    }
  }
  return parts.empty() ? Text() : "A constant answer, the same for every image, scores: " + listed(parts) + ".";
}

void add_kept_apart(const Comparison& comparison, Document& document) {
  std::set<std::string> seen;
  std::vector<Text> names;
  for (const Column& column : comparison.columns) {
    const std::string name = column.protocol + "." + column.metric;
    if (column.ambiguous && seen.insert(name).second) names.push_back(Text::name(name));
  }
  if (names.empty()) return;
  add(document, Paragraph{"Kept apart, because protocol version, data set, settings or data differ: " + listed(names) +
                          "; numbers of different columns are not comparable."});
}

}  // namespace sslbench
