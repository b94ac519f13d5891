// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/commit_under_test.h"

#include <algorithm>
#include <cstdlib>
#include <regex>
#include <vector>

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

// What git prints in the working folder, without the last line's end; "" where it fails or is not there.
std::string git_output(std::vector<std::string> words) {
  words.insert(words.begin(), {"/usr/bin/env", "git"});
  try {
    const CommandResult done = run_command(words);
    if (done.end.code != 0 || done.end.signal != 0) return "";
    return done.output.substr(0, done.output.find_last_not_of('\n') + 1);
  } catch (const UserError&) {  // no git on this machine
    return "";
  }
}

}  // namespace

std::string public_address(const std::string& remote) {
  static const std::regex kUrl(
      R"((https?|ssh|git)://(?:([^/@:]*)(?::[^/]*)?@)?(\[[\da-f:]+\]|[\w.-]+)(:\d+)?(/[^?#]*)?(?:[?#].*)?)");
  static const std::regex kHostAndPath(R"((?:[\w.-]+@)?[\w.-]{2,}:[^:@\s][^@\s]*)");
  constexpr size_t kMost = 1000;  // characters
  if (remote.size() > kMost) return "";
  std::smatch part;
  if (std::regex_match(remote, part, kUrl)) {
    const std::string user = part[1] == "ssh" && part[2].length() > 0 ? part[2].str() + "@" : "";
    return part[1].str() + "://" + user + part[3].str() + part[4].str() + part[5].str();
  }
  return std::regex_match(remote, kHostAndPath) && remote.find("://") == std::string::npos ? remote : "";
}

std::string repository_under_test() {
  const std::string remote = git_output({"remote", "get-url", "origin"});
  if (!remote.empty()) return public_address(remote);
  const std::string all = git_output({"remote"});
  return all.empty() ? "" : public_address(git_output({"remote", "get-url", all.substr(0, all.find('\n'))}));
}

std::string commit_under_test() {
  for (const char* name : kVariables) {
    const char* value = std::getenv(name);
    if (value != nullptr && is_commit(value)) return value;
  }
  const std::string head = git_output({"rev-parse", "HEAD"});
  return is_commit(head) ? head : "";
}

}  // namespace sslbench
