// SPDX-License-Identifier: Apache-2.0
// The sections of a report in reading order. A section without anything to say adds nothing, or one line that says why.
#pragma once

#include "reports/comparison/comparison.h"
#include "reports/text/document.h"

namespace sslbench {

// Question, answer, what is incomplete; the whole document.
Document report_document(const Comparison& comparison);
// Answer and one number a protocol, for those who read no more.
Document brief_document(const Comparison& comparison);

void add_results(const Comparison& comparison, Document& document);      // section_results.cpp
void add_differences(const Comparison& comparison, Document& document);  // section_differences.cpp
void add_cost(const Comparison& comparison, Document& document);         // section_cost.cpp
void add_step_times(const Comparison& comparison, Document& document);   // section_step_times.cpp
void add_arithmetic(const Comparison& comparison, Document& document);   // section_arithmetic.cpp
void add_memory(const Comparison& comparison, Document& document);       // section_memory.cpp
void add_ranks(const Comparison& comparison, Document& document);        // section_ranks.cpp
void add_rates(const Comparison& comparison, Document& document);        // section_rates.cpp
void add_spread(const Comparison& comparison, Document& document);       // section_spread.cpp: intervals, seeds, ranks
void add_curves(const Comparison& comparison, Document& document);       // section_curves.cpp
void add_value(const Comparison& comparison, Document& document);        // section_value.cpp
void add_tasks(const Comparison& comparison, Document& document);        // section_tasks.cpp: all at once
void add_likeness(const Comparison& comparison, Document& document);     // section_likeness.cpp
void add_published(const Comparison& comparison, Document& document);    // section_published.cpp
void add_methods(const Comparison& comparison, Document& document);      // section_methods.cpp
void add_pictures(const Comparison& comparison, Document& document);     // section_pictures.cpp
void add_failures(const Comparison& comparison, Document& document);     // section_circumstances.cpp
void add_environment(const Comparison& comparison, Document& document);  // section_circumstances.cpp
void add_stages(const Comparison& comparison, Document& document);       // section_stages.cpp
void add_commands(const Comparison& comparison, Document& document);     // section_circumstances.cpp
void add_definitions(const Comparison& comparison, Document& document);  // section_definitions.cpp
void add_further_numbers(const Comparison& comparison, Document& document);  // section_results.cpp

// Where nothing of the kind exists.
inline constexpr const char* kNone = "–";
// The number as text, or kNone where it is undefined.
std::string or_none(double value, std::string (*text)(double));
// The same as a cell that tables can be sorted by.
TableCell number_cell(double value, std::string (*text)(double));
// A column's name as a header: looks like code where it is one name.
Text title_of(const Column& column);

}  // namespace sslbench
