// SPDX-License-Identifier: Apache-2.0
// sslbench ci init: a job that runs a suite, gates it against its own history and shows the outcome.
#include <iostream>
#include <map>
#include <system_error>

#include "suites/cli/ci_templates.h"
#include "suites/cli/commands.h"
#include "suites/runner/programs.h"
#include "suites/spec/atomic_file.h"
#include "suites/spec/error.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

std::string filled(std::string_view text, const std::string& suite) {
  std::string out(text);
  for (size_t at = 0; (at = out.find("@SUITE@", at)) != std::string::npos;) out.replace(at, 7, suite);
  return out;
}

}  // namespace

ExitCode ci_init(const CiOptions& options) {
  find_suite(options.suite);
  const std::string suite = fs::path(options.suite).stem().string();
  if (suite.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") !=
      std::string::npos) {
    throw UserError("ci init: the suite's name '" + suite + "' has characters that a job file would need quoted");
  }
  std::map<fs::path, std::string_view> files{{"sslbench-gate.toml", kGateRules}};
  if (options.github || !options.gitlab) files[".github/workflows/sslbench.yml"] = kGithubWorkflow;
  if (options.gitlab) files[".gitlab-ci.yml"] = kGitlabJob;
  std::error_code none;
  for (const auto& [file, text] : files) {
    const fs::path target = fs::path(options.out) / file;
    if (fs::exists(target, none) && !options.force) {
      throw UserError("ci init: " + target.string() + " is there already; nothing was written (--force overwrites)");
    }
  }
  for (const auto& [file, text] : files) {
    const fs::path target = fs::path(options.out) / file;
    write_atomically(target, filled(text, suite));
    std::cout << target.string() << "\n";
  }
  return ExitCode::done;
}

}  // namespace sslbench
