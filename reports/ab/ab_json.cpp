// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "reports/ab/ab_report.h"
#include "reports/gate/gate_text.h"
#include "reports/text/json_text.h"

namespace sslbench {
namespace {

using nlohmann::json;

json side_json(const AbSide& side) {
  return {{"name", side.name},
          {"revision", side.results.revision},
          {"worker", side.results.worker},
          {"build_type", side.results.build_type},
          {"dirty", side.results.dirty}};
}

json cost_json(const AbCost& cost) {
  const Interval& interval = cost.ratio.interval;
  return {{"row", cost.row == kAllRows ? json(nullptr) : json(cost.row)},
          {"metric", cost.measure},
          {"unit", cost.unit},
          {"better", cost.higher_is_better ? "higher" : "lower"},
          {"verdict", verdict_name(cost.verdict)},
          {"reason", cost.reason},
          {"old", number_or_null(cost.old_mean)},
          {"new", number_or_null(cost.new_mean)},
          {"ratio", number_or_null(cost.ratio.ratio)},
          {"interval", std::isfinite(interval.low) ? json{interval.low, interval.high} : json(nullptr)},
          {"rounds", cost.ratio.pairs},
          {"deviation_of_a_round", number_or_null(cost.ratio.deviation)},
          {"p_adjusted", cost.adjusted}};
}

json curves_json(const LossCurves& curves) {
  const CurveDistance& far = curves.between;
  return {{"row", curves.row},
          {"points", far.points},
          {"largest_relative_difference", far.largest},
          {"at_step", far.step < 0 ? json(nullptr) : json(far.step)},
          {"first_different_step", far.parted < 0 ? json(nullptr) : json(far.parted)}};
}

}  // namespace

json ab_json(const AbReport& report) {
  json counts = json::object(), costs = json::array(), curves = json::array(), failed = json::array();
  for (int v = 0; v <= static_cast<int>(Verdict::failed); ++v) {
    counts[std::string(verdict_name(static_cast<Verdict>(v)))] = report.count(static_cast<Verdict>(v));
  }
  for (const AbCost& cost : report.costs) costs.push_back(cost_json(cost));
  for (const LossCurves& each : report.curves) curves.push_back(curves_json(each));
  for (const auto& [row, why] : report.failed) failed.push_back({{"row", row}, {"why", why}});
  return {{"schema", "sslbench.ab/1"},
          {"suite", report.suite},
          {"old", side_json(report.old_side)},
          {"new", side_json(report.new_side)},
          {"rounds", report.rounds},
          {"margin_percent", report.margin},
          {"counts", counts},
          {"costs", costs},
          {"loss_curves", curves},
          {"results", comparison_json(report.results).at("cells")},
          {"failed", failed}};
}

}  // namespace sslbench
