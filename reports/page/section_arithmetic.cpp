// SPDX-License-Identifier: Apache-2.0
// What steps compute, and how that grows with their sizes.
#include "reports/comparison/findings/growth.h"
#include "reports/page/report_sections.h"
#include "reports/text/number_text.h"

namespace sslbench {
namespace {

void add_growth(const Comparison& comparison, Document& document) {
  DocumentTable table({"rows", "grows with", "from", "to", "time an image ~", "GFLOP an image ~", "peak of tensors ~"},
                      2);
  for (const Growth& growth : growth_of(comparison)) {
    std::vector<Text> rows;
    for (const std::string& row : growth.rows) rows.push_back(Text::name(row));
    const auto power = [](double value) {
      return number_cell(value, [](double exponent) { return "^" + significant_text(exponent, 2); });
    };
    table.add({listed(rows), Text(growth.factor), number_cell(growth.sizes.front(), count_text),
               number_cell(growth.sizes.back(), count_text), power(growth.seconds_an_image),
               power(growth.gigaflop_an_image), power(growth.tensor_bytes)});
  }
  if (table.empty()) return;
  add(document, Heading{3, "Growth"});
  add(document, std::move(table));
  add(document, Paragraph{"Rows that differ in nothing else of a step: exponents of the size, by least squares of "
                          "logarithms; ^1 doubles when the size does, ^0 stays."});
}

}  // namespace

void add_arithmetic(const Comparison& comparison, Document& document) {
  DocumentTable table({"row", "GFLOP an image", "GFLOP/s"}, 1);
  for (const Row& row : comparison.rows) {
    const double each = row.cost.gigaflop_an_image;
    if (!(each > 0)) continue;
    table.add({Text::name(row.name), number_cell(each, [](double value) { return significant_text(value); }),
               number_cell(each * row.cost.images_per_second, count_text)});
  }
  if (!table.empty()) {
    add(document, Heading{2, "What a step computes"});
    add(document, std::move(table));
    add(document, Paragraph{"Operations of matrix products, convolutions and attention, forward and backward, of all "
                            "views of one source image (a multiplication and an addition are two); and how many a "
                            "second that is at the row's images/s."});
  }
  add_growth(comparison, document);
}

}  // namespace sslbench
