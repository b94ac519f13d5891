// SPDX-License-Identifier: Apache-2.0
#include "reports/chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "reports/chart_axis.h"
#include "reports/escape.h"

namespace sslbench {
namespace {

constexpr const char* kInk = "#24292f";
constexpr const char* kFaint = "#d0d7de";
constexpr double kCharacter = 7;  // widest average of a 12 px sans-serif letter
constexpr size_t kLongestName = 28;

struct Rectangle {
  double x = 0, y = 0, width = 0, height = 0;
};

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string colour(size_t index) {
  char text[8];
  std::snprintf(text, sizeof text, "#%06x", palette_colour(index));
  return text;
}

std::string shortened(const std::string& name, size_t longest = kLongestName) {
  if (character_count(name) <= longest) return escape_xml(name);
  std::string kept;
  for (size_t i = 0; i < name.size() && character_count(kept) < longest - 1; ++i) kept += name[i];
  return escape_xml(kept) + "…";
}

std::string text_at(double x, double y, const std::string& escaped, const char* anchor, int size = 12,
                    const std::string& more = "") {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\" font-size=\"" +
         std::to_string(size) + "\" fill=\"" + kInk + "\"" + more + ">" + escaped + "</text>\n";
}

std::string line_between(double x0, double y0, double x1, double y1, const std::string& stroke, double width) {
  return "<line x1=\"" + number(x0) + "\" y1=\"" + number(y0) + "\" x2=\"" + number(x1) + "\" y2=\"" + number(y1) +
         "\" stroke=\"" + stroke + "\" stroke-width=\"" + number(width) + "\"/>\n";
}

// Circle, square, triangle, diamond and their turned or crossed kin, by style.
std::string marker(double x, double y, size_t style) {
  const std::string fill = "fill=\"" + colour(style) + "\" stroke=\"#ffffff\" stroke-width=\"1.0\"/>\n";
  const auto polygon = [&](std::initializer_list<std::pair<double, double>> corners) {
    std::string points;
    for (const auto& [dx, dy] : corners) points += number(x + dx) + "," + number(y + dy) + " ";
    return "<polygon points=\"" + points + "\" " + fill;
  };
  switch (style % 6) {
    case 0: return "<circle cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"5.0\" " + fill;
    case 1: return polygon({{-4.5, -4.5}, {4.5, -4.5}, {4.5, 4.5}, {-4.5, 4.5}});
    case 2: return polygon({{0, -6}, {5.5, 4.5}, {-5.5, 4.5}});
    case 3: return polygon({{0, -6.5}, {6.5, 0}, {0, 6.5}, {-6.5, 0}});
    case 4: return polygon({{0, 6}, {5.5, -4.5}, {-5.5, -4.5}});
    default:
      return polygon(
          {{-2, -6}, {2, -6}, {2, -2}, {6, -2}, {6, 2}, {2, 2}, {2, 6}, {-2, 6}, {-2, 2}, {-6, 2}, {-6, -2}, {-2, -2}});
  }
}

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

std::string draw_series(const ChartSeries& series, const Axis& x, const Axis& y) {
  std::string out, path;
  for (size_t i = 0; i < series.x.size(); ++i) {
    if (!std::isfinite(series.x[i]) || !std::isfinite(series.y[i])) continue;
    const double at_x = x.pixel(series.x[i]), at_y = y.pixel(series.y[i]);
    if (series.line) {
      path += (path.empty() ? "M" : " L") + number(at_x) + " " + number(at_y);
      continue;
    }
    if (i < series.low.size() && std::isfinite(series.low[i]) && std::isfinite(series.high[i])) {
      const double low = y.pixel(series.low[i]), high = y.pixel(series.high[i]);
      const std::string stroke = colour(series.style);
      out += line_between(at_x, low, at_x, high, stroke, 1.5) +
             line_between(at_x - 4, low, at_x + 4, low, stroke, 1.5) +
             line_between(at_x - 4, high, at_x + 4, high, stroke, 1.5);
    }
    out += marker(at_x, at_y, series.style);
  }
  if (path.empty()) return out;
  const char* dashes[] = {"none", "6 3", "2 2", "8 3 2 3"};
  return out + "<path d=\"" + path + "\" fill=\"none\" stroke=\"" + colour(series.style) + "\" stroke-width=\"1.8\" " +
         "stroke-dasharray=\"" + dashes[series.style / 2 % 4] + "\"/>\n";
}

std::string draw_axes(const Chart& chart, const Rectangle& plot, const Axis& x, const Axis& y) {
  const double bottom = plot.y + plot.height, right = plot.x + plot.width;
  std::string out;
  for (const double tick : y.ticks()) {
    out += line_between(plot.x, y.pixel(tick), right, y.pixel(tick), kFaint, 1) +
           text_at(plot.x - 6, y.pixel(tick) + 4, y.label(tick), "end", 11);
  }
  for (const double tick : x.ticks()) {
    out += line_between(x.pixel(tick), bottom, x.pixel(tick), bottom + 4, kInk, 1) +
           text_at(x.pixel(tick), bottom + 17, x.label(tick), "middle", 11);
  }
  out += line_between(plot.x, bottom, right, bottom, kInk, 1) + line_between(plot.x, plot.y, plot.x, bottom, kInk, 1);
  out += text_at(plot.x + plot.width / 2, bottom + 35, escape_xml(chart.x_label), "middle");
  const double middle = plot.y + plot.height / 2, side = plot.x - 48;
  return out + text_at(side, middle, escape_xml(chart.y_label), "middle", 12,
                       " transform=\"rotate(-90 " + number(side) + " " + number(middle) + ")\"");
}

// Title, axes and series inside `area`.
std::string draw_chart(const Chart& chart, const Rectangle& area) {
  const Rectangle plot{area.x + 66, area.y + 34, area.width - 84, area.height - 80};
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
  const Axis x(x_range.low, x_range.high, plot.x, plot.x + plot.width, std::max(2, static_cast<int>(plot.width / 80)));
  const Axis y(y_range.low, y_range.high, plot.y + plot.height, plot.y,
               std::max(2, static_cast<int>(plot.height / 45)));
  out += draw_axes(chart, plot, x, y);
  for (const ChartSeries& series : chart.series) out += draw_series(series, x, y);
  return out;
}

std::string document(double width, double height, const std::string& title, const std::string& content) {
  const std::string size = number(width) + "\" height=\"" + number(height);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + size + "\" viewBox=\"0 0 " + number(width) + " " +
         number(height) + "\" font-family=\"Helvetica, Arial, sans-serif\" role=\"img\">\n<title>" + escape_xml(title) +
         "</title>\n<rect width=\"" + size + "\" rx=\"6\" fill=\"#ffffff\"/>\n" + content + "</svg>\n";
}

double name_width(const std::string& name) {
  return kCharacter * static_cast<double>(std::min(character_count(name), kLongestName));
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
      ChartSeries sample{"", {0, 1}, {0, 0}, {}, {}, true, series.style};
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
    content += "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"14.0\" height=\"14.0\" fill=\"" +
               colour(i) + "\"/>\n" + text_at(x + 20, y + 11, shortened(names[i]), "start");
    title += (title.empty() ? "" : ", ") + names[i];
    x += width;
  }
  return document(760, y + 26, title, content);
}

}  // namespace sslbench
