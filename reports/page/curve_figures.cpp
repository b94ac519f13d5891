// SPDX-License-Identifier: Apache-2.0
// Pictures of training: losses over steps, and the pieces behind them.
#include <algorithm>
#include <cmath>

#include "reports/draw/chart.h"
#include "reports/page/figures.h"
#include "reports/record/pretraining_names.h"
#include "reports/text/escape.h"

namespace sslbench {
namespace {

const StageRecord* stage_of(const Record& record, const std::string& stage) {
  for (const StageRecord& candidate : record.stages) {
    if (candidate.name == stage) return &candidate;
  }
  return nullptr;
}

// Names of all stages that recorded a loss: pretraining, then in order of appearance.
std::vector<std::string> stages_with_loss(const Comparison& comparison) {
  std::vector<std::string> names;
  for (const Row& row : comparison.rows) {
    if (row.records.empty()) continue;
    for (const StageRecord& stage : comparison.records[row.records.front()].stages) {
      const bool listed = std::find(names.begin(), names.end(), stage.name) != names.end();
      if (!listed && stage.curves.count("loss") > 0) names.push_back(stage.name);
    }
  }
  std::stable_partition(names.begin(), names.end(), [](const std::string& name) { return name == "pretrain"; });
  return names;
}

// The row's curve of one stage, of every seed that recorded it.
std::vector<const Curve*> curves_of(const Comparison& comparison, const Row& row, const std::string& stage,
                                    const std::string& name) {
  std::vector<const Curve*> out;
  for (const size_t r : row.records) {
    const StageRecord* found = stage_of(comparison.records[r], stage);
    if (found == nullptr) continue;
    const auto curve = found->curves.find(name);
    if (curve != found->curves.end() && !curve->second.step.empty()) out.push_back(&curve->second);
  }
  return out;
}

// One line of the first curve, as the mean over all curves of the same steps with a band from the lowest to the
// highest.
ChartSeries curve_series(const std::string& name, const std::vector<const Curve*>& curves, size_t style) {
  ChartSeries series{name};
  series.line = true;
  series.style = style;
  std::vector<const Curve*> alike;
  for (const Curve* curve : curves) {
    if (curve->step == curves.front()->step) alike.push_back(curve);
  }
  const std::vector<int64_t>& steps = curves.front()->step;
  const size_t bin = std::max<size_t>(1, (steps.size() + kMostCurvePoints - 1) / kMostCurvePoints);
  for (size_t begin = 0; begin < steps.size(); begin += bin) {
    const size_t end = std::min(begin + bin, steps.size());
    const double count = static_cast<double>(end - begin);
    double step = 0, sum = 0, low = 0, high = 0;
    for (size_t i = begin; i < end; ++i) {
      double lowest = alike.front()->value[i], highest = lowest;
      for (const Curve* curve : alike) {
        sum += curve->value[i] / static_cast<double>(alike.size());
        lowest = std::fmin(lowest, curve->value[i]);
        highest = std::fmax(highest, curve->value[i]);
      }
      step += static_cast<double>(steps[i]);
      low += lowest;
      high += highest;
    }
    series.x.push_back(step / count);
    series.y.push_back(sum / count);
    if (alike.size() < 2) continue;
    series.low.push_back(low / count);
    series.high.push_back(high / count);
  }
  return series;
}

std::string pretraining_panels(const Comparison& comparison) {
  std::vector<Chart> panels;
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    const auto curves = curves_of(comparison, comparison.rows[r], "pretrain", "loss");
    if (!curves.empty()) panels.push_back({comparison.rows[r].name, "step", "loss", {curve_series("", curves, r)}});
  }
  return panels.empty() ? "" : panels_svg(panels);
}

// A curve of a stage, all rows in one chart; "" where none has it.
std::string stage_chart(const Comparison& comparison, Chart chart, const std::string& stage, const std::string& curve) {
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    const auto curves = curves_of(comparison, comparison.rows[r], stage, curve);
    if (!curves.empty()) chart.series.push_back(curve_series(comparison.rows[r].name, curves, r));
  }
  return chart.series.empty() ? "" : chart_svg(chart);
}

}  // namespace

std::vector<Figure> curve_figures(const Comparison& comparison) {
  std::vector<Figure> figures;
  for (const std::string& stage : stages_with_loss(comparison)) {
    const bool pretraining = stage == "pretrain";
    const std::string bytes =
        pretraining ? pretraining_panels(comparison)
                    : stage_chart(comparison, {stage + ": training loss", "step", "loss", {}}, stage, "loss");
    if (!bytes.empty()) figures.push_back({"loss-" + file_name(stage) + ".svg", stage + ": training loss", bytes});
  }
  const std::string title = "what the features were worth while pretraining";
  const std::string curve = std::string(kValueCurves) + "knn_top1";
  const std::string bytes = stage_chart(comparison, {title, "step", "held-out knn_top1", {}}, "pretrain", curve);
  if (!bytes.empty()) figures.push_back({"value.svg", title, bytes});
  return figures;
}

Figure pieces_figure(const Comparison& comparison, size_t row) {
  const Row& of = comparison.rows[row];
  Figure figure{"pretrain-row-" + file_name(of.name) + ".svg", of.name + ": what was recorded while pretraining", ""};
  const StageRecord* stage =
      of.records.empty() ? nullptr : stage_of(comparison.records[of.records.front()], "pretrain");
  if (stage == nullptr || stage->curves.size() < 2) return figure;
  std::vector<Chart> panels;
  for (const auto& [name, curve] : stage->curves) {
    if (curve.step.size() > 1) panels.push_back({name, "step", "", {curve_series("", {&curve}, row)}});
  }
  if (panels.size() > 1) figure.bytes = panels_svg(panels);
  return figure;
}

}  // namespace sslbench
