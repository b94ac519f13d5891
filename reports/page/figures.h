// SPDX-License-Identifier: Apache-2.0
// The pictures of a report, each as a file name below fig/ and its bytes. Empty text = nothing to show.
#pragma once

#include <string>
#include <vector>

#include "reports/comparison/comparison.h"
#include "reports/text/document.h"

namespace sslbench {

// Primary column against device time of pretraining with the front; no bytes when fewer than two rows have both.
Figure cost_figure(const Comparison& comparison);

// Of each of first_columns(), every row's value with its interval; columns in which fewer than two rows have a value
// are left out.
std::vector<Figure> interval_figures(const Comparison& comparison);
// Of each, every seed of every row; columns in which no row has two seeds are left out.
std::vector<Figure> seed_figures(const Comparison& comparison);

inline constexpr size_t kMostCurvePoints = 200;  // drawn of one; more are averaged in equal bins

// Training curves named "loss", mean over seeds with a band from the lowest to the highest: pretraining as one panel a
// row, since losses of different methods share no scale, then each protocol with all rows in one chart.
std::vector<Figure> curve_figures(const Comparison& comparison);

// What the row's first seed recorded while it pretrained, one panel a curve; no bytes when there is one curve at most.
Figure pieces_figure(const Comparison& comparison, size_t row);

// Sample pictures of one stage: each row's (first seed's) findings, before them the truth where there is one.
struct Strip {
  std::string row;  // "" = truth
  Figure figure;
};
struct StageStrips {
  std::string stage;
  bool boxes = false, masks = false;
  bool neighbours = false, painted = false;  // other pictures beside each one: no truth, no legend
  Figure legend;
  std::vector<Strip> strips;
};
std::vector<StageStrips> sample_strips(const Comparison& comparison);

}  // namespace sslbench
