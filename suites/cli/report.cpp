// SPDX-License-Identifier: Apache-2.0
// sslbench report DIR...
#include <iostream>

#include "reports/report_folder.h"
#include "suites/cli/commands.h"
#include "suites/spec/atomic_file.h"
#include "suites/spec/error.h"

namespace sslbench {

ExitCode write_report(const ReportOptions& options) {
  const std::vector<std::filesystem::path> folders(options.folders.begin(), options.folders.end());
  ReportOutcome outcome;
  try {
    outcome = report_folder(folders, options.out);
  } catch (const RunFailure& failure) {
    throw UserError(std::string("report: ") + failure.what() + "; name a folder that can be written with -o");
  }
  if (options.json) {
    std::cout << read_file(outcome.report.parent_path() / "report.json");
  } else {
    std::cout << outcome.report.string() << "\n";
  }
  return outcome.measurements == 0 ? ExitCode::nothing : ExitCode::done;
}

}  // namespace sslbench
