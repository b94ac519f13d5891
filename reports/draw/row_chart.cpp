// SPDX-License-Identifier: Apache-2.0
// Rows from top to bottom with their names at the left: intervals, or the values of single seeds.
#include <algorithm>
#include <cmath>
#include <limits>

#include "reports/draw/chart.h"
#include "reports/draw/chart_axis.h"
#include "reports/draw/svg_parts.h"

namespace sslbench {
namespace {

using namespace svg;

constexpr double kLine = 24, kTop = 40, kBottom = 52, kPlot = 470;

struct Extent {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  void cover(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
};

Extent extent_of(const RowChart& chart) {
  Extent out;
  for (const RowMark& row : chart.rows) {
    for (const double value : {row.value, row.low, row.high}) out.cover(value);
    for (const double point : row.points) out.cover(point);
  }
  return out;
}

std::string draw_row(const RowMark& row, double y, const Axis& x) {
  std::string out;
  const std::string stroke = colour(row.style);
  if (std::isfinite(row.low) && std::isfinite(row.high)) {
    const double low = x.pixel(row.low), high = x.pixel(row.high);
    out += line_between(low, y, high, y, stroke, 2) + line_between(low, y - 4, low, y + 4, stroke, 2) +
           line_between(high, y - 4, high, y + 4, stroke, 2);
  }
  for (const double point : row.points) {
    if (!std::isfinite(point)) continue;
    out += "<circle cx=\"" + number(x.pixel(point)) + "\" cy=\"" + number(y) + "\" r=\"3.0\" fill=\"none\" stroke=\"" +
           stroke + "\" stroke-width=\"1.5\"/>\n";
  }
  if (std::isfinite(row.value)) out += marker(x.pixel(row.value), y, row.style);
  return out;
}

}  // namespace

std::string row_chart_svg(const RowChart& chart) {
  const Extent extent = extent_of(chart);
  double names = 0;
  for (const RowMark& row : chart.rows) names = std::max(names, name_width(row.name));
  const double left = 22 + names, height = kTop + kLine * static_cast<double>(chart.rows.size()) + kBottom;
  const double bottom = height - kBottom, width = left + kPlot + 30;
  const size_t longest = static_cast<size_t>((width - 28) / (kCharacter + 1));
  std::string content = text_at(14, 20, shortened(chart.title, longest), "start", 13, " font-weight=\"bold\"");
  if (!(extent.low <= extent.high)) return document(width, height, chart.title, content);
  const Axis x(extent.low, extent.high, left, left + kPlot, 6);
  for (const double tick : x.ticks()) {
    content += line_between(x.pixel(tick), kTop - 6, x.pixel(tick), bottom, kFaint, 1) +
               text_at(x.pixel(tick), bottom + 17, x.label(tick), "middle", 11);
  }
  content += line_between(left, bottom, left + kPlot, bottom, kInk, 1) +
             text_at(left + kPlot / 2, bottom + 37, shortened(chart.x_label, longest), "middle");
  double y = kTop + kLine / 2 - 4;
  for (const RowMark& row : chart.rows) {
    content += text_at(left - 10, y + 4, shortened(row.name), "end") + draw_row(row, y, x);
    y += kLine;
  }
  return document(width, height, chart.title, content);
}

}  // namespace sslbench
