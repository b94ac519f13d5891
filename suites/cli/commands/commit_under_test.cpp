// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/commit_under_test.h"

#include <algorithm>
#include <cstdlib>

#include "suites/ground/error.h"
#include "suites/runner/process.h"

namespace sslbench {
namespace {

// GitHub, GitLab, Jenkins, CircleCI, Buildkite, Azure, Bitbucket.
constexpr const char* kVariables[] = {"GITHUB_SHA",       "CI_COMMIT_SHA",       "GIT_COMMIT",      "CIRCLE_SHA1",
                                      "BUILDKITE_COMMIT", "BUILD_SOURCEVERSION", "BITBUCKET_COMMIT"};

bool is_commit(const std::string& text) {
  constexpr size_t kFewest = 7, kMost = 64;
  return text.size() >= kFewest && text.size() <= kMost &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

std::string commit_under_test() {
  for (const char* name : kVariables) {
    const char* value = std::getenv(name);
    if (value != nullptr && is_commit(value)) return value;
  }
  try {
    std::string out = run_command({"/usr/bin/env", "git", "rev-parse", "HEAD"}).output;
    std::erase(out, '\n');
    return is_commit(out) ? out : "";
  } catch (const UserError&) {  // no git on this machine
    return "";
  }
}

}  // namespace sslbench
