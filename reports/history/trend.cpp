// SPDX-License-Identifier: Apache-2.0
#include "reports/history/trend.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <system_error>
#include <tuple>

#include "reports/draw/chart.h"
#include "reports/history/metric_text.h"
#include "reports/statistics/drop_significance.h"
#include "reports/statistics/level_change.h"
#include "reports/text/escape.h"
#include "reports/text/markdown_table.h"
#include "reports/text/number_text.h"
#include "suites/files/atomic_file.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

using Key = std::tuple<std::string, std::string, int64_t, std::string, std::string, std::string>;

constexpr size_t kRevisionDigits = 10;
constexpr double kTrendAlpha = 0.01;  // that any series without a change gets one

// What a chart shows values in.
struct Scale {
  double factor = 1;
  std::string unit;
};
Scale scale_of(const SnapshotCell& cell) {
  if (cell.is_fraction()) return {100, "%"};
  if (cell.unit == "B") return {1.0 / (1 << 20), "MiB"};
  return {1, cell.unit};
}

Chart chart_of(const TrendSeries& series) {
  const Scale scale = scale_of(series.cell);
  Chart chart{
      series.cell.name(), "recorded (UTC)", series.cell.metric + (scale.unit == "1" ? "" : ", " + scale.unit), {}, {}};
  for (const std::string& created : series.created) chart.x_names.push_back(created.substr(0, 10));
  ChartSeries points{"mean of the run's seeds"};
  for (size_t i = 0; i < series.values.size(); ++i) points.x.push_back(static_cast<double>(i + 1));
  for (const double value : series.values) points.y.push_back(value * scale.factor);
  chart.series.push_back(points);
  ChartSeries level{"level between changes"};
  level.line = true;
  level.style = 1;
  for (const Segment& segment : series.segments) {
    level.x.insert(level.x.end(), {static_cast<double>(segment.begin) + 0.6, static_cast<double>(segment.end) + 0.4});
    level.y.insert(level.y.end(), 2, segment.mean * scale.factor);
  }
  chart.series.push_back(level);
  return chart;
}

// One file a series: its own name again gets a number, since other settings or machines have a series of their own.
std::map<const TrendSeries*, std::string> figures_of(const std::vector<TrendSeries>& series) {
  std::map<const TrendSeries*, std::string> out;
  std::map<std::string, int> used;
  for (const TrendSeries& one : series) {
    const std::string name = file_name(one.cell.row + "-" + one.cell.measure());
    const int again = ++used[name];
    out[&one] = "fig/" + name + (again == 1 ? "" : "-" + std::to_string(again)) + ".svg";
  }
  return out;
}

// The charts that an earlier trend in this folder shows.
std::set<std::string> charts_of(const fs::path& readme) {
  std::set<std::string> out;
  std::error_code none;
  if (!fs::is_regular_file(readme, none)) return out;
  const std::string text = read_file(readme);
  constexpr std::string_view kLink = "](fig/";
  for (size_t at = text.find(kLink); at != std::string::npos; at = text.find(kLink, at + 1)) {
    const size_t from = at + 2, to = text.find(')', from);
    const std::string file = text.substr(from, to - from);
    if (file.ends_with(".svg") && file.find("..") == std::string::npos) out.insert(file);
  }
  return out;
}

// Settings that history of schema 1 knew by another digest.
std::map<std::string, std::string> later_configs(const History& history) {
  std::map<std::string, std::string> out;
  for (const Snapshot& run : history.runs) {
    for (const SnapshotCell& cell : run.cells) {
      if (!cell.config_1.empty()) out.emplace(cell.config_1, cell.config);
    }
  }
  return out;
}

}  // namespace

std::string changes_text(const TrendSeries& series,
                         const std::function<std::string(const std::string&)>& revision_text) {
  std::string out;
  for (size_t s = 1; s < series.segments.size(); ++s) {
    const Segment &before = series.segments[s - 1], &after = series.segments[s];
    const auto [from, to] = distinct_texts(series.cell, before.mean, after.mean);
    const auto shown = [&](size_t point) { return revision_text(series.revisions[point].substr(0, kRevisionDigits)); };
    out += (out.empty() ? "" : "; ") + from + " → " + to + " between " + shown(before.end - 1) + " and " +
           shown(after.begin) + " (" + series.created[after.begin].substr(0, 10) + ")";
  }
  return out.empty() ? "none" : out;
}

std::vector<TrendSeries> trend_of(const History& history, const std::string& suite) {
  std::map<Key, TrendSeries> all;
  const std::map<std::string, std::string> known_as = later_configs(history);
  for (const Snapshot& run : history.runs) {
    if (run.suite != suite) continue;
    for (const SnapshotCell& cell : run.cells) {
      if (cell.is_cost() && !run.why_unofficial().empty()) continue;
      const std::string machine = cell.is_cost() ? run.machine_class : "";
      TrendSeries& series = all[{cell.name(), cell.split, cell.version, cell.data,
                                 known_as.contains(cell.config) ? known_as.at(cell.config) : cell.config, machine}];
      series.cell = cell;
      series.machine_class = machine;
      series.revisions.push_back(run.shown_commit());
      series.created.push_back(run.created);
      series.values.push_back(mean(cell.values()));
    }
  }
  std::vector<TrendSeries> out;
  const double alpha = kTrendAlpha / static_cast<double>(std::max<size_t>(all.size(), 1));
  for (auto& [key, series] : all) {
    series.segments = sure_changes(series.values, change_points(series.values, change_penalty(series.values.size())),
                                   alpha, series.cell.is_cost() ? kMachineMemory : 0);
    out.push_back(std::move(series));
  }
  return out;
}

double last_gain(const TrendSeries& series) {
  if (series.segments.size() < 2) return 0;
  const size_t last = series.segments.size() - 1;
  const double change = series.segments[last].mean - series.segments[last - 1].mean;
  return series.cell.higher_is_better() ? change : -change;
}

std::vector<const TrendSeries*> changed_first(const std::vector<TrendSeries>& series) {
  std::vector<const TrendSeries*> out;
  for (const TrendSeries& one : series) out.push_back(&one);
  const auto rank = [](const TrendSeries* one) { return one->segments.size() < 2 ? 2 : last_gain(*one) < 0 ? 0 : 1; };
  std::stable_sort(out.begin(), out.end(),
                   [&](const TrendSeries* a, const TrendSeries* b) { return rank(a) < rank(b); });
  return out;
}

fs::path write_trend(const std::vector<TrendSeries>& series, const std::string& suite, const fs::path& folder) {
  std::string out = "# " + escape_markdown(suite) + ": trend\n\n";
  out +=
      "One point a recorded run (mean of its seeds). Changes are those of the exact penalised segmentation (PELT, "
      "penalty " +
      std::string(kChangePenalty) +
      " in units of the series' own noise; a level needs two runs) that are more than noise makes of all " +
      counted(series.size(), "cell") +
      " once in a hundred trends; of costs, noise that resembles the night before (autoregression of " +
      significant_text(kMachineMemory, 2) + ").\n\n";
  MarkdownTable table({"cell", "machine", "runs", "latest", "changes"}, 2);
  std::string figures;
  std::set<std::string> old = charts_of(folder / "README.md");
  const std::map<const TrendSeries*, std::string> charts = figures_of(series);
  for (const TrendSeries* each : changed_first(series)) {
    const TrendSeries& one = *each;
    const std::string& figure = charts.at(each);
    old.erase(figure);
    write_atomically(folder / figure, chart_svg(chart_of(one)));
    table.add({escape_markdown(one.cell.name()), escape_markdown(one.machine_class), std::to_string(one.values.size()),
               value_text(one.cell, one.values.back()), changes_text(one, markdown_name)});
    figures += "![" + escape_markdown(one.cell.name()) + ": latest " + value_text(one.cell, one.values.back()) + "](" +
               figure + ")\n\n";
  }
  out += table.text() + "\n" + figures;
  write_atomically(folder / "README.md", out);
  std::error_code none;
  for (const std::string& gone : old) fs::remove(folder / gone, none);
  return folder / "README.md";
}

}  // namespace sslbench
