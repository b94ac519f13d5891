// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/runs_to_do.h"

#include <iostream>

#include "suites/cli/text/terminal_text.h"

namespace sslbench {

std::set<std::string> names_of(const std::vector<RunSpec>& runs) {
  std::set<std::string> out;
  for (const RunSpec& run : runs) out.insert(run.name());
  return out;
}

std::vector<RunSpec> runs_to_do(const Survey& survey) {
  for (const std::string& warning : survey.warnings) print_warning(warning);
  for (const std::string& origin : survey.origins()) std::cerr << origin << "\n";
  std::vector<RunSpec> todo;
  size_t done = 0;
  for (const SurveyedRun& each : survey.runs) {
    if (!each.final) {
      todo.push_back(each.run);
      continue;
    }
    ++done;
  }
  if (done > 0) std::cerr << done << " of " << survey.runs.size() << " runs are done already\n";
  return todo;
}

std::vector<RunSpec> dropped_work(const std::vector<RunSpec>& runs) {
  std::vector<RunSpec> out;
  for (const BegunByOther& begun : begun_by_others(runs)) {
    std::cerr << begun.text() << "\n";
    if (!begun.goes_on) out.push_back(begun.run);
  }
  return out;
}

}  // namespace sslbench
