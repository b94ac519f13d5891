// SPDX-License-Identifier: Apache-2.0
#include <numeric>

#include "reports/page/report_sections.h"
#include "reports/text/number_text.h"

namespace sslbench {

void add_step_times(const Comparison& comparison, Document& document) {
  DocumentTable table({"row", "a step, ms", "views %", "forward %", "backward %", "update %", "other %"}, 1);
  for (const Row& row : comparison.rows) {
    const std::vector<double>& seconds = row.cost.step_seconds;
    if (seconds.empty()) continue;
    const double step = std::accumulate(seconds.begin(), seconds.end(), 0.0);
    std::vector<TableCell> cells = {Text::name(row.name), number_cell(1000 * step, count_text)};
    for (const double each : seconds) cells.push_back(number_cell(each / step, percent_text));
    table.add(std::move(cells));
  }
  if (table.empty()) return;
  add(document, Heading{2, "Where a step's time goes"});
  add(document, std::move(table));
  add(document,
      Paragraph{"Steps of pretraining on processors, set-up apart; over several seeds the mean. Views: making "
                "them, or waiting for the threads that do. Backward: with the sum over ranks. Update: clipping, "
                "optimizer, teachers, queues. Other: logs, state hashes, checkpoints."});
}

}  // namespace sslbench
