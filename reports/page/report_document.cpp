// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstddef>
#include <set>

#include "reports/page/renderer.h"
#include "reports/page/report_sections.h"
#include "reports/record/revision_of.h"
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

namespace {

// The days on which the runs ended, and what carried them out where all records agree on it.
Text origin_text(const Comparison& comparison) {
  std::set<std::string> days, programs;
  for (const Record& record : comparison.records) {
    if (record.ended.empty()) continue;
    days.insert(record.ended.substr(0, record.ended.find('T')));
    programs.insert("sslbench " + text_of(record.environment, "version") + ", revision " + revision_of(record));
  }
  if (days.empty()) return {};
  const std::string span = days.size() == 1 ? *days.begin() : *days.begin() + " to " + *days.rbegin();
  Text out = Text("Runs of ") + Text(span) + " (UTC)";
  if (programs.size() == 1) out += Text(" by ") + Text(*programs.begin());
  return out += ".";
}

}  // namespace

Document report_document(const Comparison& comparison) {
  Document out;
  add(out, Heading{1, comparison.suite});
  if (const Text origin = origin_text(comparison); !origin.empty()) add(out, Paragraph{origin});
  if (!comparison.question.empty()) add(out, Paragraph{Text::strong("Question.") + " " + Text(comparison.question)});
  add(out, Paragraph{Text::strong("Answer.") + " " + Text(comparison.answer)});
  if (!comparison.failures.empty() || !comparison.not_run.empty()) {
    add(out, Paragraph{Text::strong("Incomplete.") +
                       Text::own(" " + counted(comparison.failures.size(), "run") + " failed, " +
                                 counted(comparison.not_run.size(), "run") + " not carried out (see Failures).")});
  }
  const auto before = static_cast<std::ptrdiff_t>(out.size());
  for (const auto section :
       {add_results,  add_cost,      add_memory,      add_step_times,     add_arithmetic, add_ranks,
        add_rates,    add_spread,    add_differences, add_curves,         add_value,      add_tasks,
        add_likeness, add_published, add_methods,     add_pictures,       add_failures,   add_environment,
        add_stages,   add_commands,  add_definitions, add_further_numbers}) {
    section(comparison, out);
  }
  out.insert(out.begin() + before, Block{contents_of(out, static_cast<size_t>(before))});
  return out;
}

}  // namespace sslbench
