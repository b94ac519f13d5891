// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "reports/comparison/cost_front.h"
#include "reports/comparison/findings/rank_stability.h"
#include "reports/page/figures.h"
#include "reports/page/report_sections.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

DocumentTable cost_table(const Comparison& comparison) {
  DocumentTable table({"row", "budget", "pretraining images", "wall time", "CPU time", "images/s",
                       "peak memory, process", "peak memory, tensors", "peak memory, device", "energy"},
                      2);
  for (const Row& row : comparison.rows) {
    const Cost& cost = row.cost;
    std::string word = RunStatus().text();
    if (!row.records.empty()) {
      const std::string& status = comparison.records[row.records.front()].status;
      word = !std::isnan(cost.wall_seconds) ? kNone : row.pretrained_elsewhere ? "elsewhere" : status;
    }
    const auto cell = [&](double value, std::string (*print)(double)) {
      return std::isnan(value) ? TableCell(Text(word)) : TableCell(Text::own(print(value)), value);
    };
    table.add({Text::name(row.name), row.budget.empty() ? Text(kNone) : Text(row.budget), cell(cost.images, count_text),
               cell(cost.wall_seconds, seconds_text), cell(cost.cpu_seconds, seconds_text),
               cell(cost.images_per_second, count_text), cell(cost.peak_process_bytes, bytes_text),
               cell(cost.peak_tensor_bytes, bytes_text), cell(cost.peak_device_bytes, bytes_text),
               cell(cost.energy_joules, joules_text)});
  }
  table.drop_columns_without_numbers();
  return table;
}

// Which rows no other beats at a lower cost, and how firmly.
void add_front(const Comparison& comparison, Document& document) {
  const std::vector<size_t> front = cost_front(comparison, *comparison.primary, cost_axis(comparison));
  const auto stability = rank_stability(comparison, *comparison.primary);
  std::vector<Text> names;
  for (const size_t r : front) {
    const double share = stability ? stability->front[r] : kUndefined;
    names.push_back(Text::name(comparison.rows[r].name) +
                    Text::own(std::isfinite(share) ? " (" + std::to_string(std::lround(100 * share)) + " %)" : ""));
  }
  if (names.empty()) return;
  Text text = "On the front (no other row is better at the same or a lower cost; the ceiling does not compete): " +
              listed(names) + ".";
  if (stability) {
    text +=
        Text::own(" In brackets: the share of " + count_text(kResamples) + " resamples of the " +
                  (stability->over_seeds ? "seeds and test images" : "test images") + " in which the row stays on it.");
  }
  add(document, Paragraph{text});
}

}  // namespace

void add_cost(const Comparison& comparison, Document& document) {
  if (comparison.rows.empty()) return;
  add(document, Heading{2, "Accuracy against cost"});
  Figure figure = cost_figure(comparison);
  if (figure.bytes.empty()) {
    add(document, Paragraph{"No picture: fewer than two rows have both a result and a cost."});
  } else {
    add(document, std::move(figure));
    add_front(comparison, document);
    add(document, Paragraph{"Error bars: the intervals of the table above. Dotted: the front."});
  }
  add(document, cost_table(comparison));
  add(document, Paragraph{"Pretraining only; over several seeds the mean. –: nothing of the kind here."});
}

}  // namespace sslbench
