// SPDX-License-Identifier: Apache-2.0
// Pictures of results: cost, intervals, seeds.
#include "reports/page/figures.h"

#include <algorithm>
#include <cmath>

#include "reports/comparison/cell_text.h"
#include "reports/comparison/columns.h"
#include "reports/comparison/cost_front.h"
#include "reports/draw/chart.h"
#include "reports/text/escape.h"

namespace sslbench {
namespace {

size_t rows_with_values(const Comparison& comparison, size_t column) {
  return static_cast<size_t>(std::count_if(comparison.rows.begin(), comparison.rows.end(),
                                           [&](const Row& row) { return row.cells[column].word.empty(); }));
}

// The dotted line through the rows of the front, level from each to the next.
ChartSeries front_series(const Comparison& comparison, size_t column, const CostAxis& cost) {
  ChartSeries series{"front"};
  series.line = series.steps = true;
  for (const size_t r : cost_front(comparison, column, cost)) {
    series.x.push_back(cost.by_row[r]);
    series.y.push_back(shown_value(comparison.columns[column], comparison.rows[r].cells[column].value));
  }
  return series;
}

std::string column_file(const Column& column) {
  const std::string variant = column.variant == 0 ? "" : "-" + std::to_string(column.variant);
  return file_name(column.protocol) + "-" + file_name(column.metric) +
         (column.ambiguous ? "-" + file_name(column.dataset) + "-v" + std::to_string(column.version) + variant : "");
}

RowChart row_chart(const Comparison& comparison, size_t column, bool seeds) {
  const Column& of = comparison.columns[column];
  RowChart chart{
      column_title(of) + (seeds ? ": single seeds" : ": 95 % intervals"), column_title(of) + unit_behind(of), {}};
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    const Cell& cell = comparison.rows[r].cells[column];
    if (!cell.word.empty()) continue;
    RowMark mark{comparison.rows[r].name, kUndefined, kUndefined, kUndefined, {}, r};
    if (seeds) {
      for (const double value : cell.values) mark.points.push_back(shown_value(of, value));
    } else {
      mark.value = shown_value(of, cell.value);
      mark.low = shown_value(of, cell.interval.low);
      mark.high = shown_value(of, cell.interval.high);
    }
    chart.rows.push_back(mark);
  }
  return chart;
}

}  // namespace

Figure cost_figure(const Comparison& comparison) {
  Figure figure{"cost.svg", "accuracy against cost", ""};
  if (!comparison.primary) return figure;
  const Column& column = comparison.columns[*comparison.primary];
  const CostAxis cost = cost_axis(comparison);
  Chart chart{column_title(column) + " against cost", cost.label, column_title(column) + unit_behind(column), {}};
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    const Row& row = comparison.rows[r];
    const Cell& cell = row.cells[*comparison.primary];
    if (!cell.word.empty() || std::isnan(cost.by_row[r])) continue;
    chart.series.push_back({row.name,
                            {cost.by_row[r]},
                            {shown_value(column, cell.value)},
                            {shown_value(column, cell.interval.low)},
                            {shown_value(column, cell.interval.high)},
                            false,
                            r});
  }
  if (chart.series.size() < 2) return figure;
  ChartSeries front = front_series(comparison, *comparison.primary, cost);
  if (front.x.size() > 1) chart.series.push_back(std::move(front));
  figure.bytes = chart_svg(chart);
  return figure;
}

std::vector<Figure> interval_figures(const Comparison& comparison) {
  std::vector<Figure> out;
  for (const size_t c : first_columns(comparison)) {
    if (rows_with_values(comparison, c) < 2) continue;
    const RowChart chart = row_chart(comparison, c, false);
    out.push_back({"interval-" + column_file(comparison.columns[c]) + ".svg", chart.title, row_chart_svg(chart)});
  }
  return out;
}

std::vector<Figure> seed_figures(const Comparison& comparison) {
  std::vector<Figure> out;
  for (const size_t c : first_columns(comparison)) {
    const bool several = std::any_of(comparison.rows.begin(), comparison.rows.end(),
                                     [c](const Row& row) { return row.cells[c].values.size() > 1; });
    if (!several) continue;
    const RowChart chart = row_chart(comparison, c, true);
    out.push_back({"seeds-" + column_file(comparison.columns[c]) + ".svg", chart.title, row_chart_svg(chart)});
  }
  return out;
}

}  // namespace sslbench
