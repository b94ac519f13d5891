// SPDX-License-Identifier: Apache-2.0
// sslbench report DIR...
#include <malloc.h>

#include <iostream>
#include <vector>

#include "reports/page/report_folder.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/commands/output_place.h"
#include "suites/cli/commands/results_place.h"
#include "suites/cli/text/terminal_text.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/error.h"
#include "suites/runner/catalog_file.h"
#include "suites/runner/programs.h"

namespace sslbench {

ExitCode write_report(const ReportOptions& options) {
  ::mallopt(M_ARENA_MAX, 1);  // a heap for each thread of a large report is a third more memory, and no faster
  std::vector<ResultsPlace> places;
  std::vector<std::filesystem::path> folders;
  for (const std::string& named : options.folders) {
    places.emplace_back(named);
    folders.push_back(places.back().folder());
    if (places.back().archive() && options.out.empty()) {
      throw UserError("report: " + named + " is an archive; add -o FOLDER for the report");
    }
    expect_as_bundled(places.back(), named);
  }
  if (options.out.empty()) expect_writable_place(folders.front());
  ReportOutcome outcome;
  try {
    KnownBuild known = known_build();
    ReportChoice choice{{}, published_file(), std::move(known.sameness), std::move(known.metrics)};
    if (options.html) choice.on_request.insert("html");
    outcome = report_folder(folders, options.out, choice);
  } catch (const RunFailure& failure) {
    throw UserError(std::string("report: ") + failure.what() + "; name a folder that can be written with -o");
  }
  for (const std::string& line : outcome.refused) print_warning(line);
  if (options.json) {
    std::cout << read_file(outcome.report.parent_path() / "report.json");
  } else if (options.brief) {
    std::cout << outcome.brief;
  } else {
    std::cout << outcome.report.string() << "\n";
    if (options.html) std::cout << (outcome.report.parent_path() / "report.html").string() << "\n";
  }
  return outcome.measurements == 0 ? ExitCode::nothing : ExitCode::done;
}

}  // namespace sslbench
