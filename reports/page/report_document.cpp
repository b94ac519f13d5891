// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "reports/page/renderer.h"
#include "reports/page/report_sections.h"
#include "reports/text/number_text.h"

namespace sslbench {

std::string or_none(double value, std::string (*text)(double)) { return std::isnan(value) ? kNone : text(value); }

TableCell number_cell(double value, std::string (*text)(double)) {
  return TableCell(Text::own(or_none(value, text)), value);
}

Text title_of(const Column& column) {
  const Text name = Text::name(column.protocol + "." + column.metric);
  if (!column.ambiguous) return name;
  const std::string variant = column.variant == 0 ? "" : ", settings " + std::to_string(column.variant);
  return name + " (" + Text(column.dataset) + Text::own(", v" + std::to_string(column.version) + variant + ")");
}

const Document& ReportContent::document() const {
  std::call_once(once_, [this] { document_ = report_document(shown); });
  return document_;
}

Document report_document(const Comparison& comparison) {
  Document out;
  add(out, Heading{1, comparison.suite});
  if (!comparison.question.empty()) add(out, Paragraph{Text::strong("Question.") + " " + Text(comparison.question)});
  add(out, Paragraph{Text::strong("Answer.") + " " + Text(comparison.answer)});
  if (!comparison.failures.empty() || !comparison.not_run.empty()) {
    add(out, Paragraph{Text::strong("Incomplete.") +
                       Text::own(" " + counted(comparison.failures.size(), "run") + " failed, " +
                                 counted(comparison.not_run.size(), "run") + " not carried out (see Failures).")});
  }
  for (const auto section : {add_results, add_cost, add_ranks, add_rates, add_spread, add_differences, add_curves,
                             add_value, add_tasks, add_published, add_methods, add_pictures, add_failures,
                             add_environment, add_stages, add_commands, add_definitions, add_further_numbers}) {
    section(comparison, out);
  }
  return out;
}

}  // namespace sslbench
