// SPDX-License-Identifier: Apache-2.0
#include "reports/ab/turns_for_gate.h"

#include <algorithm>
#include <utility>

#include "reports/ab/ab_report.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

constexpr std::pair<const char*, const char*> kMeasured[] = {
    {"pretrain.throughput", "pretrain.throughput"},
    {"pretrain.cpu_time", "pretrain.cpu_per_image"},
    {"pretrain.peak_memory_process", "pretrain.peak_memory"},
    {"pretrain.peak_memory_device", "pretrain.peak_memory_device"}};

// What turns call it; "" where they do not measure it.
std::string measure_in_turns(const GateCell& cell) {
  if (!cell.other_machine || cell.verdict != Verdict::incomparable || cell.rule.unit != "percent") return "";
  for (const auto& [of_gate, of_turns] : kMeasured) {
    if (cell.cell.measure() == of_gate) return of_turns;
  }
  return "";
}

std::string ratio_text(const AbCost& cost, const AbInput& measured) {
  std::string out = "in turns with " + measured.old_side.name + ": " + significant_text(cost.ratio.ratio);
  if (cost.ratio.pairs > 1) {
    out += " [" + significant_text(cost.ratio.interval.low) + ", " + significant_text(cost.ratio.interval.high) + "]";
  }
  return out + " of its " + cost.measure + " in " + counted(cost.ratio.pairs, "round");
}

void settle(GateCell& cell, const AbCost& cost, const AbInput& measured) {
  cell.verdict = cost.verdict;
  cell.reason = cost.reason;
  cell.marks.push_back(ratio_text(cost, measured));
}

}  // namespace

std::vector<std::string> rows_for_turns(const GateReport& report) {
  std::vector<std::string> out;
  for (const GateCell& cell : report.cells) {
    if (measure_in_turns(cell).empty() || std::find(out.begin(), out.end(), cell.cell.row) != out.end()) continue;
    out.push_back(cell.cell.row);
  }
  return out;
}

void settle_by_turns(GateReport& report, const AbInput& measured) {
  for (GateCell& cell : report.cells) {
    const std::string measure = measure_in_turns(cell);
    if (measure.empty()) continue;
    for (const AbRow& row : measured.rows) {
      if (row.row == cell.cell.row && !row.failure.empty()) cell.reason += "; in turns " + row.failure;
    }
    for (const AbCost& cost : judge_costs(measured.rows, cell.rule.max_drop)) {
      if (cost.row == cell.cell.row && cost.measure == measure) settle(cell, cost, measured);
    }
  }
}

}  // namespace sslbench
