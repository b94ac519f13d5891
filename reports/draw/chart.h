// SPDX-License-Identifier: Apache-2.0
// Charts as SVG: own white ground (readable on a light and a dark page), text as text, colours of Okabe and Ito (2008)
// with a marker shape each, so that no reading depends on colour alone. Equal charts give equal bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sslbench {

struct ChartSeries {
  std::string name;               // legend
  std::vector<double> x, y;       // points that are not finite are left out
  std::vector<double> low, high;  // error bars of y, of a line the band around it; empty = none
  bool line = false;              // joined points, no markers
  size_t style = 0;               // colour and marker; a row keeps its own in every chart
  bool steps = false;             // of a line: level until the next point, thin and dotted (a front)
};

struct Chart {
  std::string title, x_label, y_label;
  std::vector<ChartSeries> series;
  std::vector<std::string> x_names;  // of x = 1, 2, ...: stand on the axis in place of numbers
};

// One chart with a legend at the right.
std::string chart_svg(const Chart& chart);

// Several small charts without legend, side by side in rows of three; each has its own axes.
std::string panels_svg(const std::vector<Chart>& charts);

// One line a row: its interval, what was measured and the values behind it.
struct RowMark {
  std::string name;
  double value = 0, low = 0, high = 0;  // not finite: not drawn
  std::vector<double> points;           // small dots
  size_t style = 0;
};
struct RowChart {
  std::string title, x_label;
  std::vector<RowMark> rows;  // from top to bottom
};
std::string row_chart_svg(const RowChart& chart);

// A legend by itself: one named colour patch each.
std::string colour_legend_svg(const std::vector<std::string>& names);

// 0xRRGGBB of style or class `index`: Okabe and Ito's eight, four more, then hues by the golden ratio.
uint32_t palette_colour(size_t index);

}  // namespace sslbench
