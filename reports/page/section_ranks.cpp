// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/rank_scaling.h"
#include "reports/page/report_sections.h"
#include "reports/text/number_text.h"

namespace sslbench {

void add_ranks(const Comparison& comparison, Document& document) {
  const std::vector<RankScaling> lines = rank_scaling(comparison);
  if (lines.empty()) return;
  DocumentTable table({"row", "ranks", "images/s", "images/s a rank", "efficiency %", "time in collectives %", "runs"},
                      1);
  for (const RankScaling& line : lines) {
    const auto ranks = static_cast<double>(line.ranks);
    table.add({Text::name(comparison.rows[line.row].name), number_cell(ranks, count_text),
               number_cell(line.images_per_second, count_text), number_cell(line.images_per_second / ranks, count_text),
               number_cell(line.efficiency, percent_text), number_cell(line.collective_share, percent_text),
               number_cell(static_cast<double>(line.runs), count_text)});
  }
  add(document, Heading{2, "Ranks"});
  add(document, std::move(table));
  add(document,
      Paragraph{
          "Processes that shared the steps of pretraining, each with threads or a device of its own; over several "
          "seeds the mean. Efficiency: images/s a rank, of that of the same row with the fewest ranks. Energy is the "
          "sum over ranks, memory that of the largest, CPU time the sum. Time in "
          "collectives: exchanging tensors or waiting for others, as the first rank saw it. –: nothing of the "
          "kind here."});
}

}  // namespace sslbench
