// SPDX-License-Identifier: Apache-2.0
#include "reports/figures.h"

#include <algorithm>
#include <cmath>

#include "reports/chart.h"
#include "reports/escape.h"
#include "reports/number_text.h"

namespace sslbench {
namespace {

constexpr size_t kMostPoints = 200;  // a curve; more are averaged in equal bins

const StageRecord* first_stage(const Comparison& comparison, const Row& row, const std::string& stage) {
  if (row.records.empty()) return nullptr;
  for (const StageRecord& candidate : comparison.records[row.records.front()].stages) {
    if (candidate.name == stage) return &candidate;
  }
  return nullptr;
}

// Names of all stages that satisfy `holds`: pretraining, then in order of appearance.
template <class Holds>
std::vector<std::string> stages_with(const Comparison& comparison, Holds holds) {
  std::vector<std::string> names;
  for (const Row& row : comparison.rows) {
    if (row.records.empty()) continue;
    for (const StageRecord& stage : comparison.records[row.records.front()].stages) {
      const bool listed = std::find(names.begin(), names.end(), stage.name) != names.end();
      if (!listed && holds(stage)) names.push_back(stage.name);
    }
  }
  std::stable_partition(names.begin(), names.end(), [](const std::string& name) { return name == "pretrain"; });
  return names;
}

bool has_loss(const StageRecord& stage) { return stage.curves.count("loss") > 0; }

ChartSeries loss_series(const std::string& name, const Curve& curve, size_t style) {
  ChartSeries series{name};
  series.line = true;
  series.style = style;
  const size_t bin = std::max<size_t>(1, (curve.step.size() + kMostPoints - 1) / kMostPoints);
  for (size_t begin = 0; begin < curve.step.size(); begin += bin) {
    const size_t end = std::min(begin + bin, curve.step.size());
    double step = 0, value = 0;
    for (size_t i = begin; i < end; ++i) {
      step += static_cast<double>(curve.step[i]);
      value += curve.value[i];
    }
    series.x.push_back(step / static_cast<double>(end - begin));
    series.y.push_back(value / static_cast<double>(end - begin));
  }
  return series;
}

std::string pretraining_panels(const Comparison& comparison) {
  std::vector<Chart> panels;
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    const StageRecord* stage = first_stage(comparison, comparison.rows[r], "pretrain");
    if (stage == nullptr || !has_loss(*stage)) continue;
    panels.push_back({comparison.rows[r].name, "step", "loss", {loss_series("", stage->curves.at("loss"), r)}});
  }
  return panels.empty() ? "" : panels_svg(panels);
}

std::string stage_chart(const Comparison& comparison, const std::string& name) {
  Chart chart{name + ": training loss", "step", "loss", {}};
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    const StageRecord* stage = first_stage(comparison, comparison.rows[r], name);
    if (stage == nullptr || !has_loss(*stage)) continue;
    chart.series.push_back(loss_series(comparison.rows[r].name, stage->curves.at("loss"), r));
  }
  return chart_svg(chart);
}

}  // namespace

Figure cost_figure(const Comparison& comparison) {
  Figure figure{"cost.svg", "accuracy against cost", ""};
  if (!comparison.primary) return figure;
  const Column& column = comparison.columns[*comparison.primary];
  Chart chart{column_title(column) + " against pretraining time",
              "wall time of pretraining, s",
              column_title(column) + ", %",
              {}};
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    const Row& row = comparison.rows[r];
    const Cell& cell = row.cells[*comparison.primary];
    if (!cell.word.empty() || std::isnan(row.cost.wall_seconds)) continue;
    const bool seeds = cell.values.size() > 1;
    const double low = seeds ? cell.value - cell.deviation : cell.interval.low;
    const double high = seeds ? cell.value + cell.deviation : cell.interval.high;
    chart.series.push_back(
        {row.name, {row.cost.wall_seconds}, {100 * cell.value}, {100 * low}, {100 * high}, false, r});
  }
  if (chart.series.size() > 1) figure.bytes = chart_svg(chart);
  return figure;
}

std::vector<Figure> curve_figures(const Comparison& comparison) {
  std::vector<Figure> figures;
  for (const std::string& stage : stages_with(comparison, has_loss)) {
    const bool pretraining = stage == "pretrain";
    const std::string bytes = pretraining ? pretraining_panels(comparison) : stage_chart(comparison, stage);
    figures.push_back({"loss-" + file_name(stage) + ".svg", stage + ": training loss", bytes});
  }
  return figures;
}

}  // namespace sslbench
