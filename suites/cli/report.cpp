// SPDX-License-Identifier: Apache-2.0
// sslbench report DIR...
#include <iostream>

#include "reports/report_folder.h"
#include "suites/cli/commands.h"
#include "suites/spec/atomic_file.h"
#include "suites/spec/error.h"

namespace sslbench {

ExitCode write_report(const ReportOptions& options) {
  namespace fs = std::filesystem;
  std::vector<fs::path> folders;
  for (const std::string& name : options.folders) {
    if (!fs::is_directory(name)) throw UserError("report: no results folder '" + name + "'");
    folders.emplace_back(name);
  }
  if (folders.size() > 1 && options.out.empty()) throw UserError("report: several folders need -o OUT");
  const fs::path out = options.out.empty() ? folders[0] / "report" : fs::path(options.out);
  try {
    report_folder(folders, out);
  } catch (const RunFailure& failure) {
    throw UserError(std::string("report: ") + failure.what() + "; name a folder that can be written with -o");
  }
  if (options.json) {
    std::cout << read_file(out / "report.json");
  } else {
    std::cout << (out / "README.md").string() << "\n";
  }
  return ExitCode::done;
}

}  // namespace sslbench
