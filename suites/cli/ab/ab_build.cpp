// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/ab/ab_build.h"

#include <unistd.h>

#include <system_error>

#include "suites/ground/build_id.h"
#include "suites/ground/error.h"
#include "suites/runner/programs.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

constexpr const char *kProgram = "sslbench", *kWorker = "sslbench-worker";

bool is_program(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
}

// The folder that `named` means; "" when nothing there is one of our programs.
fs::path folder_of(const fs::path& named) {
  if (is_program(named) && named.filename() == kProgram) return fs::absolute(named).parent_path();
  for (const char* below : {".", "bin", "build/release/bin"}) {
    if (is_program(named / below / kProgram)) return fs::absolute(named / below).lexically_normal();
  }
  return "";
}

AbBuild build_of(const std::string& named, const fs::path& program, const fs::path& worker) {
  std::error_code ignored;
  const bool by_itself = fs::equivalent(fs::canonical(program, ignored).parent_path() / kWorker, worker, ignored);
  return {named, program, worker, worker_digest(worker), by_itself ? "" : worker.string()};
}

}  // namespace

AbBuild find_build(const std::string& named) {
  if (named == "this") {
    return build_of(named, program_folder() / kProgram, worker_program());
  }
  const fs::path folder = folder_of(named);
  if (folder.empty()) {
    throw UserError("ab: '" + named + "' is no build: name a folder that holds `" + kProgram + "` and `" + kWorker +
                    "` (e.g. build/release/bin), the program itself, or `this`");
  }
  const fs::path worker = folder / kWorker;
  if (!is_program(worker)) {
    throw UserError("ab: " + folder.string() + " holds `" + kProgram + "` and no `" + kWorker +
                    "` beside it; build that, too (scripts/build)");
  }
  return build_of(named, folder / kProgram, worker);
}

}  // namespace sslbench
