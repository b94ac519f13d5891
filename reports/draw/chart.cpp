// SPDX-License-Identifier: Apache-2.0
#include "reports/draw/chart.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/draw/chart_axis.h"
#include "reports/draw/svg_parts.h"
#include "reports/text/escape.h"

namespace sslbench {
namespace {

using namespace svg;

struct Rectangle {
  double x = 0, y = 0, width = 0, height = 0;
};

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  void cover(const std::vector<double>& values) {
    for (const double value : values) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  bool empty() const { return !(low <= high); }
};

// The area between `low` and `high` of a line.
std::string draw_band(const ChartSeries& series, const Axis& x, const Axis& y) {
  std::string above, below;
  for (size_t i = 0; i < std::min(series.x.size(), series.low.size()); ++i) {
    if (!std::isfinite(series.x[i]) || !std::isfinite(series.low[i]) || !std::isfinite(series.high[i])) continue;
    above += number(x.pixel(series.x[i])) + "," + number(y.pixel(series.high[i])) + " ";
    below.insert(0, number(x.pixel(series.x[i])) + "," + number(y.pixel(series.low[i])) + " ");
  }
  if (above.empty()) return "";
  return "<polygon points=\"" + above + below + "\" fill=\"" + colour(series.style) + "\" fill-opacity=\"0.2\"/>\n";
}

std::string draw_line(const ChartSeries& series, const Axis& x, const Axis& y) {
  std::string path;
  double before = 0;
  for (size_t i = 0; i < series.x.size(); ++i) {
    if (!std::isfinite(series.x[i]) || !std::isfinite(series.y[i])) continue;
    const double at_y = y.pixel(series.y[i]);
    const std::string at_x = number(x.pixel(series.x[i]));
    if (series.steps && !path.empty()) path += " L" + at_x + " " + number(before);
    path += (path.empty() ? "M" : " L") + at_x + " " + number(at_y);
    before = at_y;
  }
  if (path.empty()) return "";
  const char* dashes[] = {"none", "6 3", "2 2", "8 3 2 3"};
  const std::string stroke = series.steps ? std::string(kInk) : colour(series.style);
  const std::string dash = series.steps ? "3 3" : dashes[series.style / 2 % 4];
  return "<path d=\"" + path + "\" fill=\"none\" stroke=\"" + stroke + "\" stroke-width=\"" +
         (series.steps ? "1.2" : "1.8") + "\" stroke-dasharray=\"" + dash + "\"/>\n";
}

std::string draw_points(const ChartSeries& series, const Axis& x, const Axis& y) {
  std::string out;
  for (size_t i = 0; i < series.x.size(); ++i) {
    if (!std::isfinite(series.x[i]) || !std::isfinite(series.y[i])) continue;
    const double at_x = x.pixel(series.x[i]), at_y = y.pixel(series.y[i]);
    if (i < series.low.size() && std::isfinite(series.low[i]) && std::isfinite(series.high[i])) {
      const double low = y.pixel(series.low[i]), high = y.pixel(series.high[i]);
      const std::string stroke = colour(series.style);
      out += line_between(at_x, low, at_x, high, stroke, 1.5) +
             line_between(at_x - 4, low, at_x + 4, low, stroke, 1.5) +
             line_between(at_x - 4, high, at_x + 4, high, stroke, 1.5);
    }
    out += marker(at_x, at_y, series.style);
  }
  return out;
}

std::string draw_series(const ChartSeries& series, const Axis& x, const Axis& y) {
  return series.line ? draw_band(series, x, y) + draw_line(series, x, y) : draw_points(series, x, y);
}

// Pixels of the widest tick label, 11 px high.
double label_width(const Axis& axis) {
  size_t longest = 1;
  for (const double tick : axis.ticks()) longest = std::max(longest, axis.label(tick).size());
  return 6.2 * static_cast<double>(longest);
}

// What stands at the x axis: its ticks, or as many of the names as have room, evenly spaced.
std::vector<std::pair<double, std::string>> x_labels(const Chart& chart, const Rectangle& plot, const Axis& x) {
  std::vector<std::pair<double, std::string>> out;
  if (chart.x_names.empty()) {
    for (const double tick : x.ticks()) out.emplace_back(tick, x.label(tick));
    return out;
  }
  constexpr double kNameWidth = 90;  // pixels, of a date with room around it
  const size_t names = chart.x_names.size(), room = std::max<size_t>(1, static_cast<size_t>(plot.width / kNameWidth));
  const size_t step = (names + room - 1) / room;
  for (size_t i = 0; i < names; i += step) out.emplace_back(static_cast<double>(i + 1), escape_xml(chart.x_names[i]));
  return out;
}

std::string draw_axes(const Chart& chart, const Rectangle& plot, const Axis& x, const Axis& y) {
  const double bottom = plot.y + plot.height, right = plot.x + plot.width;
  std::string out;
  for (const double tick : y.ticks()) {
    out += line_between(plot.x, y.pixel(tick), right, y.pixel(tick), kFaint, 1) +
           text_at(plot.x - 6, y.pixel(tick) + 4, y.label(tick), "end", 11);
  }
  for (const auto& [tick, label] : x_labels(chart, plot, x)) {
    out += line_between(x.pixel(tick), bottom, x.pixel(tick), bottom + 4, kInk, 1) +
           text_at(x.pixel(tick), bottom + 17, label, "middle", 11);
  }
  out += line_between(plot.x, bottom, right, bottom, kInk, 1) + line_between(plot.x, plot.y, plot.x, bottom, kInk, 1);
  out += text_at(plot.x + plot.width / 2, bottom + 35, escape_xml(chart.x_label), "middle");
  const double middle = plot.y + plot.height / 2, side = plot.x - 15 - label_width(y);
  return out + text_at(side, middle, escape_xml(chart.y_label), "middle", 12,
                       " transform=\"rotate(-90 " + number(side) + " " + number(middle) + ")\"");
}

// Title, axes and series inside `area`.
std::string draw_chart(const Chart& chart, const Rectangle& area) {
  Rectangle plot{area.x + 66, area.y + 34, area.width - 84, area.height - 80};
  std::string out = text_at(area.x + 14, area.y + 20,
                            shortened(chart.title, static_cast<size_t>((area.width - 28) / (kCharacter + 1))), "start",
                            13, " font-weight=\"bold\"");
  Range x_range, y_range;
  for (const ChartSeries& series : chart.series) {
    x_range.cover(series.x);
    y_range.cover(series.y);
    y_range.cover(series.low);
    y_range.cover(series.high);
  }
  if (x_range.empty() || y_range.empty()) {
    return out + text_at(plot.x + plot.width / 2, plot.y + plot.height / 2, "nothing measured", "middle");
  }
  const Axis y(y_range.low, y_range.high, plot.y + plot.height, plot.y,
               std::max(2, static_cast<int>(plot.height / 45)));
  const double more = std::max(0.0, label_width(y) + 26 - 66);  // room for long tick labels
  plot.x += more;
  plot.width -= more;
  const Axis x(x_range.low, x_range.high, plot.x, plot.x + plot.width, std::max(2, static_cast<int>(plot.width / 65)));
  out += draw_axes(chart, plot, x, y);
  for (const ChartSeries& series : chart.series) out += draw_series(series, x, y);
  return out;
}

}  // namespace

uint32_t palette_colour(size_t index) {
  constexpr uint32_t kFirst[] = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9,
                                 0x000000, 0xF0E442, 0x999999, 0x8C510A, 0x7F3FBF, 0x8BC34A};
  if (index < std::size(kFirst)) return kFirst[index];
  const double hue = 6 * std::fmod(0.11 + 0.618033988749895 * static_cast<double>(index), 1.0);
  const auto channel = [hue](double shift) {
    const double k = std::fmod(hue + shift, 6.0);
    const double value = 0.85 - 0.65 * std::clamp(std::min(k, 4 - k), 0.0, 1.0);
    return static_cast<uint32_t>(std::lround(255 * value));
  };
  return channel(5) << 16 | channel(3) << 8 | channel(1);
}

std::string chart_svg(const Chart& chart) {
  double names = 0;
  for (const ChartSeries& series : chart.series) names = std::max(names, name_width(series.name));
  const double plot_width = 560, legend = chart.series.size() > 1 ? 40 + names : 0;
  const double height = std::max(380.0, 60 + 22.0 * static_cast<double>(chart.series.size()));
  std::string content = draw_chart(chart, {0, 0, plot_width, height});
  if (legend > 0) {
    double y = 44;
    for (const ChartSeries& series : chart.series) {
      ChartSeries sample{"", {0, 1}, {0, 0}, {}, {}, true, series.style, series.steps};
      const Axis x(0, 1, plot_width, plot_width + 18, 1), flat(-1, 1, y + 20, y - 20, 2);
      content += series.line ? draw_series(sample, x, flat) : marker(plot_width + 9, y, series.style);
      content += text_at(plot_width + 26, y + 4, shortened(series.name), "start");
      y += 22;
    }
  }
  return document(plot_width + legend, height, chart.title, content);
}

std::string panels_svg(const std::vector<Chart>& charts) {
  constexpr size_t kColumns = 3;
  const double width = 290, height = 230;
  std::string content, title;
  for (size_t i = 0; i < charts.size(); ++i) {
    const size_t column = i % kColumns, row = i / kColumns;
    const double x = width * static_cast<double>(column), y = height * static_cast<double>(row);
    content += draw_chart(charts[i], {x, y, width, height});
    title += (title.empty() ? "" : ", ") + charts[i].title;
  }
  const double columns = static_cast<double>(std::min(charts.size(), kColumns));
  const size_t rows = (charts.size() + kColumns - 1) / kColumns;
  return document(width * columns, height * static_cast<double>(rows), title, content);
}

std::string colour_legend_svg(const std::vector<std::string>& names) {
  double x = 12, y = 12;
  std::string content, title;
  for (size_t i = 0; i < names.size(); ++i) {
    const double width = 34 + name_width(names[i]);
    if (x + width > 760 && x > 12) {
      x = 12;
      y += 24;
    }
    content += "<rect x=\"" + number(x) + "\" y=\"" + number(y) +
               "\" width=\"14.0\" height=\"14.0\" class=\"fixed\" stroke=\"#999999\" fill=\"" + colour(i) + "\"/>\n" +
               text_at(x + 20, y + 11, shortened(names[i]), "start");
    title += (title.empty() ? "" : ", ") + names[i];
    x += width;
  }
  return document(760, y + 26, title, content);
}

}  // namespace sslbench
