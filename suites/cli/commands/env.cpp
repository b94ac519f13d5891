// SPDX-License-Identifier: Apache-2.0
// sslbench env: what a question about this program should come with.
#include <iostream>

#include "datasets/install/installed.h"
#include "reports/record/environment.h"
#include "suites/cli/commands/commands.h"
#include "suites/cli/text/catalog_text.h"
#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/ground/revision.h"
#include "suites/runner/programs.h"

namespace sslbench {

ExitCode show_environment(const EnvOptions& options) {
  nlohmann::json out = environment();
  out["schema"] = "sslbench.env/1";
  out["version"] = kVersion;
  out["build"] = build_id();
  out["programs"] = program_folder().string();
  out["data_root"] = default_data_root().string();
  out["usable_cores"] = usable_cores();
  out["suite_folders"] = nlohmann::json::array();
  for (const auto& folder : suite_folders()) out["suite_folders"].push_back(folder.string());
  try {
    out["worker"] = worker_program().string();
  } catch (const UserError& error) {
    out["worker"] = nullptr;
  }
  if (options.json) {
    std::cout << out.dump(1) << "\n";
    return ExitCode::done;
  }
  for (const char* told : {"revision", "dirty", "build_type"}) out.erase(told);  // `build` says them all
  for (const auto& [key, value] : out.items()) std::cout << key << ": " << value_text(value) << "\n";
  return ExitCode::done;
}

}  // namespace sslbench
