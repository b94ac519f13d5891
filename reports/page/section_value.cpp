// SPDX-License-Identifier: Apache-2.0
// When would you have stopped, and what did each criterion that reads no label choose?
#include "reports/comparison/findings/stopping_points.h"
#include "reports/page/report_sections.h"
#include "reports/text/number_text.h"

namespace sslbench {

void add_value(const Comparison& comparison, Document& document) {
  const std::vector<StoppingPoint> points = stopping_points(comparison);
  if (points.empty()) return;
  DocumentTable table({"row", "stops at", "after % of the steps", "knn_top1 there, %", "best, %", "best after %",
                       "regret, points", "runs"},
                      2);
  for (const StoppingPoint& point : points) {
    const std::string range = " [" + points_text(point.low) + ", " + points_text(point.high) + "]";
    table.add({Text::name(comparison.rows[point.row].name), Text::name(point.criterion),
               number_cell(point.chosen_share, percent_text), number_cell(point.chosen, percent_text),
               number_cell(point.best, percent_text), number_cell(point.best_share, percent_text),
               TableCell(Text::own(points_text(point.regret) + range), point.regret),
               number_cell(static_cast<double>(point.runs), count_text)});
  }
  add(document, Heading{2, "Value while training"});
  add(document, std::move(table));
  add(document,
      Paragraph{"Of the looks that pretrain.evaluate_every took during pretraining: the step that each rule would have "
                "kept, and what that costs. last: the end; loss: the lowest training loss; effective_rank and "
                "feature_std: the highest. Best: the highest knn_top1, which reads labels of held-out training images "
                "and no test image; the best of many looks is a little too high by chance. [low, high]: 95 % interval "
                "over those images, both looks taken as independent, so rather too wide; over several seeds of their "
                "mean."});
}

}  // namespace sslbench
