// SPDX-License-Identifier: Apache-2.0
// The pictures of a report, each as a file name below fig/ and its bytes. Empty text = nothing to show.
#pragma once

#include <string>
#include <vector>

#include "reports/comparison.h"

namespace sslbench {

struct Figure {
  std::string file;   // "cost.svg"
  std::string title;  // what it shows, unescaped
  std::string bytes;
};

// Primary column against wall time of pretraining; no bytes when fewer than two rows have both.
Figure cost_figure(const Comparison& comparison);

// Training curves named "loss" (of each row's first seed): pretraining as one panel a row, since losses of different
// methods share no scale, then each protocol with all rows in one chart.
std::vector<Figure> curve_figures(const Comparison& comparison);

// Sample pictures of one stage: first the truth, then each row's (first seed's) findings on the same images.
struct Strip {
  std::string row;  // "" = truth
  Figure figure;
};
struct StageStrips {
  std::string stage;
  bool boxes = false, masks = false;
  Figure legend;
  std::vector<Strip> strips;
};
std::vector<StageStrips> sample_strips(const Comparison& comparison);

}  // namespace sslbench
