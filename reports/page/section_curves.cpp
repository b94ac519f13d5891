// SPDX-License-Identifier: Apache-2.0
// Learning curves.
#include "reports/page/figures.h"
#include "reports/page/report_sections.h"

namespace sslbench {

void add_curves(const Comparison& comparison, Document& document) {
  const std::vector<Figure> figures = curve_figures(comparison);
  if (figures.empty()) return;
  add(document, Heading{2, "Learning curves"});
  add(document,
      Paragraph{Text::own(
          "Line: mean over seeds; band: lowest to highest seed, where there are several. More than " +
          std::to_string(kMostCurvePoints) +
          " points of a curve are averaged in equal bins. Pretraining losses of different methods share no scale.")});
  for (const Figure& figure : figures) add(document, figure);
}

}  // namespace sslbench
