// SPDX-License-Identifier: Apache-2.0
// sslbench export DIR --to safetensors
#include <iostream>

#include "reports/weights_file.h"
#include "suites/cli/commands.h"
#include "suites/runner/output_folder.h"
#include "suites/spec/error.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// The selected runs of DIR whose weights exist.
std::vector<RunSpec> trained_runs(const fs::path& folder, const std::string& only) {
  const auto plan = read_plan(folder);
  if (!plan) throw UserError("export: " + folder.string() + " holds no plan.json; name a results folder");
  std::vector<RunSpec> out = select_runs(plan->runs, only);
  std::error_code error;
  std::erase_if(out, [&](const RunSpec& run) { return !fs::exists(run.backbone_file(), error); });
  return out;
}

}  // namespace

ExitCode export_runs(const ExportOptions& options) {
  const fs::path folder = options.folder, out = options.out;
  const std::vector<RunSpec> runs = trained_runs(folder, options.only);
  if (runs.empty()) {
    std::cerr << "export: no finished run with weights in " << folder.string() << "\n";
    return ExitCode::nothing;
  }
  const bool one_file = out.extension() == ".safetensors";
  if (one_file && runs.size() > 1) {
    throw UserError("export: " + std::to_string(runs.size()) + " runs do not fit into one file '" + out.string() +
                    "'; choose one with --only, or name a folder with -o");
  }
  for (const RunSpec& run : runs) {
    const fs::path to = one_file ? out : out / (run.row + "-s" + std::to_string(run.seed) + ".safetensors");
    try {
      if (!to.parent_path().empty()) fs::create_directories(to.parent_path());
      export_weights(run.backbone_file(), to, options.with_head);
    } catch (const RunFailure& failure) {
      throw UserError(std::string("export: ") + failure.what());
    } catch (const fs::filesystem_error& error) {
      throw UserError("export: " + error.path1().string() + ": " + error.code().message());
    }
    std::cout << to.string() << "\n";
  }
  return ExitCode::done;
}

}  // namespace sslbench
