// SPDX-License-Identifier: Apache-2.0
// Which row is best over all protocols and data sets together?
#include <cmath>

#include "reports/comparison/cell_text.h"
#include "reports/comparison/findings/over_tasks.h"
#include "reports/page/report_sections.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

std::string place_text(double place) { return significant_text(place, 3); }

std::string iqm_text(const AggregateScore& iqm) {
  if (!std::isfinite(iqm.interval.low)) return percent_text(iqm.estimate);
  return percent_text(iqm.estimate) + " [" + percent_text(iqm.interval.low) + ", " + percent_text(iqm.interval.high) +
         "]";
}

std::string tasks_text(const Comparison& comparison, const std::vector<size_t>& columns) {
  std::string out;
  for (const size_t c : columns) out += (out.empty() ? "" : ", ") + column_title(comparison.columns[c]);
  return out;
}

}  // namespace

void add_tasks(const Comparison& comparison, Document& document) {
  const auto all = over_tasks(comparison);
  if (!all) return;
  std::vector<Text> header{"row", "IQM %", "mean %", "mean place", "better than the floor %"};
  for (const double tau : kProfile) header.push_back(Text::own("above " + percent_text(tau) + ", %"));
  header.push_back("runs");
  DocumentTable table(header, 1);
  for (const RowOverTasks& row : all->rows) {
    std::vector<TableCell> cells{Text::name(comparison.rows[row.row].name),
                                 TableCell(Text::own(iqm_text(row.iqm)), row.iqm.estimate),
                                 number_cell(row.mean, percent_text), number_cell(row.place, place_text),
                                 number_cell(row.over_floor, percent_text)};
    for (const double share : row.profile) cells.push_back(number_cell(share, percent_text));
    cells.push_back(number_cell(static_cast<double>(row.runs), count_text));
    table.add(std::move(cells));
  }
  add(document, Heading{2, "Over all tasks"});
  add(document, std::move(table));
  add(document,
      Paragraph{Text::own(
          "Of the " + std::to_string(all->columns.size()) + " tasks " + tasks_text(comparison, all->columns) +
          ", each counting alike. IQM: mean of all runs' numbers but a quarter at each end; [low, high]: 95 % interval "
          "over seeds, which one seed does not have. Mean place: 1 is best, equal rows share. Better than the floor: "
          "the chance that a run beats one of the floor, mean over tasks. Above t: share of runs and tasks with more. "
          "After Agarwal et al. 2021 (arXiv:2108.13264); tasks of different ranges are not brought to one, so an easy "
          "task moves a mean as much as a hard one.")});
}

}  // namespace sslbench
