// SPDX-License-Identifier: Apache-2.0
// How firm the numbers are: intervals, single seeds, how often each row is best.
#include <algorithm>
#include <cmath>

#include "reports/comparison/columns.h"
#include "reports/comparison/findings/rank_stability.h"
#include "reports/page/figures.h"
#include "reports/page/report_sections.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

std::string share_text(double share) { return std::to_string(std::lround(100 * share)) + " %"; }

void add_stability(const Comparison& comparison, Document& document) {
  std::vector<Text> header{"row"};
  std::vector<RankStability> shown;
  bool over_seeds = false;
  for (const size_t c : first_columns(comparison)) {
    auto stability = rank_stability(comparison, c);
    if (!stability) continue;
    over_seeds = stability->over_seeds;
    header.push_back(title_of(comparison.columns[c]));
    shown.push_back(std::move(*stability));
  }
  if (shown.empty()) return;
  DocumentTable table(header);
  for (size_t r = 0; r < comparison.rows.size(); ++r) {
    std::vector<TableCell> cells{Text::name(comparison.rows[r].name)};
    bool competes = false;
    for (const RankStability& stability : shown) {
      competes = competes || std::isfinite(stability.best[r]);
      cells.emplace_back(Text::own(or_none(stability.best[r], share_text)), stability.best[r]);
    }
    if (competes) table.add(std::move(cells));
  }
  const auto add_line = [&](const char* name, double RankStability::*share) {
    std::vector<TableCell> cells{Text::own(name)};
    for (const RankStability& stability : shown)
      cells.emplace_back(Text::own(or_none(stability.*share, share_text)), stability.*share);
    table.add(std::move(cells));
  };
  add_line("the order of all rows stays", &RankStability::same_order);
  add_line("it stays with a quarter of the test images", &RankStability::same_order_quarter);
  add(document, Heading{3, "How often each row is best"});
  add(document, std::move(table));
  add(document, Paragraph{Text::own(
                    "Share of " + count_text(kResamples) + " resamples of the " +
                    (over_seeds ? "test images (the same in every row) and seeds (each row's own, with replacement; "
                                  "few seeds make the shares too firm)"
                                : "test images (the same in every row; other seeds may rank otherwise)") +
                    ". Order: over test images alone; a quarter as many move every number twice as far. The ceiling "
                    "and collapsed rows do not compete" +
                    (comparison.left_out > 0 ? ", nor do rows that are not shown; in report.json they do." : "."))});
}

}  // namespace

void add_spread(const Comparison& comparison, Document& document) {
  std::vector<Figure> intervals = interval_figures(comparison), strips = seed_figures(comparison);
  if (intervals.empty()) return;
  add(document, Heading{2, "How firm the numbers are"});
  for (Figure& figure : intervals) add(document, std::move(figure));
  if (!strips.empty()) {
    add(document, Heading{3, "Single seeds"});
    for (Figure& figure : strips) add(document, std::move(figure));
  } else {
    add(document, Paragraph{"No row has two seeds, so nothing here says how far another seed would land; three or more "
                            "(--seeds 0..2) do."});
  }
  add_stability(comparison, document);
}

}  // namespace sslbench
