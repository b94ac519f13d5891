// SPDX-License-Identifier: Apache-2.0
#include "reports/comparison/cell_text.h"
#include "reports/page/report_sections.h"

namespace sslbench {

void add_published(const Comparison& comparison, Document& document) {
  if (comparison.published.empty()) return;
  add(document, Heading{2, "Beside published numbers"});
  add(document, Paragraph{"Same method, data set, backbone, protocol and metric. What else differs stands beside each "
                          "number: a difference under other conditions is no verdict on either."});
  DocumentTable table({"row", "metric", "source", "conditions that differ", "here, %", "published, %", "points"}, 4);
  for (const PublishedMatch& match : comparison.published) {
    const Column& column = comparison.columns[match.column];
    const Cell& cell = comparison.rows[match.row].cells[match.column];
    std::vector<Text> differing;
    for (const std::string& each : match.differing) differing.emplace_back(each);
    table.add(
        {Text::name(comparison.rows[match.row].name), title_of(column), Text(match.figure.source),
         differing.empty() ? Text("none known") : listed(differing),
         TableCell(Text::own(cell_text(column, cell)), cell.value),
         TableCell(Text::own(value_text(column, match.figure.value)), match.figure.value),
         TableCell(Text::own(change_text(column, cell.value - match.figure.value)), cell.value - match.figure.value)});
  }
  add(document, std::move(table));
}

}  // namespace sslbench
