// SPDX-License-Identifier: Apache-2.0
// sslbench ab OLD NEW SUITE: two builds or suites in turns on this machine; exit code 1 for a worsening alone.
#include <unistd.h>

#include <iostream>

#include "reports/ab/ab_report.h"
#include "suites/cli/ab/ab_measure.h"
#include "suites/cli/text/terminal_text.h"
#include "suites/files/atomic_file.h"
#include "suites/ground/terminal/terminal_line.h"

namespace sslbench {
namespace {

void warn_of(const AbMatch& match, const AbReport& report) {
  if (match.old_side.build.digest == match.new_side.build.digest &&
      match.old_side.suite_digest == match.new_side.suite_digest) {
    print_warning("OLD and NEW are the same worker and the same suite: what differs is noise");
  }
  if (report.old_side.results.build_type != report.new_side.results.build_type) {
    print_warning("OLD is a " + report.old_side.results.build_type + " build and NEW a " +
                  report.new_side.results.build_type + " build");
  }
}

ExitCode exit_of(const AbReport& report) {
  return strongest({report.count(Verdict::regressed) > 0 ? ExitCode::regression : ExitCode::done,
                    report.failed.empty() ? ExitCode::done : ExitCode::runs_failed,
                    report.count(Verdict::incomparable) > 0 ? ExitCode::refused : ExitCode::done,
                    report.costs.empty() && report.results.cells.empty() ? ExitCode::nothing : ExitCode::done});
}

}  // namespace

ExitCode ab_compare(const AbOptions& options) {
  AbMeasured measured = measure_ab(options);
  if (measured.ending == AbEnding::interrupted) {
    std::cerr << "interrupted; run the same command to go on\n";
    return ExitCode::interrupted;
  }
  const AbReport report = judge_ab(std::move(measured.input));
  warn_of(measured.match, report);
  const std::string markdown = ab_markdown(report);
  if (!options.markdown.empty()) write_atomically(options.markdown, markdown);
  if (options.json) {
    std::cout << ab_json(report).dump(1) << "\n";
  } else if (const auto terminal = terminal_at(STDOUT_FILENO)) {
    print_coloured(std::cout, ab_terminal(report, *terminal));
  } else {
    std::cout << markdown;
  }
  return exit_of(report);
}

}  // namespace sslbench
