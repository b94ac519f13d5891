// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "reports/comparison/cell_text.h"
#include "reports/page/report_sections.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

constexpr const char* kToUntrained = "cka_untrained";

// What the row's protocol recorded under the same conditions.
const Cell* to_untrained(const Comparison& comparison, const CeilingLikeness& likeness) {
  const Column& of = comparison.columns[likeness.column];
  for (size_t c = 0; c < comparison.columns.size(); ++c) {
    const Column& each = comparison.columns[c];
    if (each.metric == kToUntrained && each.protocol == of.protocol && each.dataset == of.dataset &&
        each.version == of.version && each.conditions == of.conditions) {
      return &comparison.rows[likeness.row].cells[c];
    }
  }
  return nullptr;
}

}  // namespace

void add_likeness(const Comparison& comparison, Document& document) {
  if (comparison.likeness.empty()) return;
  DocumentTable table({"row", "protocol", "dataset", "to the untrained network", "ceiling", "to it", "seeds"}, 3);
  for (const CeilingLikeness& each : comparison.likeness) {
    const Column& column = comparison.columns[each.column];
    const Cell* untrained = to_untrained(comparison, each);
    const auto seeds = static_cast<double>(each.cell.values.size());
    table.add({Text::name(comparison.rows[each.row].name), Text::name(column.protocol), Text(column.dataset),
               untrained == nullptr ? TableCell(Text::own(kNone))
                                    : TableCell(Text::own(cell_text(column, *untrained)), untrained->value),
               Text::name(comparison.rows[each.ceiling].name),
               TableCell(Text::own(cell_text(column, each.cell)), each.cell.value),
               TableCell(Text::own(count_text(seeds)), seeds)});
  }
  add(document, Heading{2, "Between the untrained network and the ceiling"});
  add(document, std::move(table));
  add(document,
      Paragraph{"Unbiased linear CKA of features of the same test images, 1,024 evenly spaced ones at most: 1 is the "
                "same up to rotation and scale, 0 unrelated. The ceiling is that of the same seed; intervals are over "
                "seeds alone (†), none with one. No measure of quality."});
}

}  // namespace sslbench
