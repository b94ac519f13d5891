// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/export_features.h"

#include "suites/files/atomic_file.h"
#include "suites/files/temporary_folder.h"
#include "suites/ground/error.h"
#include "suites/runner/process.h"
#include "suites/runner/programs.h"

namespace sslbench {

void export_features(const RunSpec& run, const std::filesystem::path& file) {
  const TemporaryFolder folder("sslbench-export");
  const std::filesystem::path spec = folder.path() / "runspec.json";
  write_unsynced(spec, run_spec_to_json(run).dump());
  const CommandResult result =
      run_command({worker_program().string(), "features", spec.string(), std::filesystem::absolute(file).string()});
  if (result.end.signal == 0 && result.end.code == 0) return;
  std::string why = result.errors;
  while (why.ends_with('\n')) why.pop_back();
  if (why.starts_with("error: ")) why = why.substr(7);
  if (why.empty()) why = "the worker was killed by signal " + std::to_string(result.end.signal);
  throw UserError(why);
}

}  // namespace sslbench
