// SPDX-License-Identifier: Apache-2.0
// What tests of `sslbench ci init` share: the jobs that it wrote, and their scripts run here.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "suites/files/atomic_file.h"
#include "tests/suites/cli/cli_process.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {

// A repository in which `ci init` writes both jobs.
class CiRepository : public testing::Test {
 protected:
  int init(const std::string& suite, const std::string& another = "") {
    std::vector<std::string> words{"ci", "init", "--github", "--gitlab", "--force", "--suite", suite, "-o"};
    words.push_back(root().string());
    if (!another.empty()) words.insert(words.end(), {"--suite", another});
    CliProcess process(words);
    errors = process.errors();
    github = process.code() == 0 ? read_file(root() / ".github/workflows/sslbench.yml") : "";
    gitlab = process.code() == 0 ? read_file(root() / ".gitlab-ci.yml") : "";
    return process.code();
  }
  std::string with_suite(const std::string& rows, const std::string& file = "bench/my.toml") const {
    return root_.write(file, "# q\ndataset = \"shapes\"\nbackbone = \"resnet18\"\n[methods.simclr]\n" + rows).string();
  }
  // As a checkout of sslbench looks to `ci init`.
  void holds_sslbench() const {
    for (const char* file : {"scripts/setup", "scripts/build", "scripts/source-times", "scripts/libtorch-cpu.txt"}) {
      root_.write(file, "");
    }
  }
  std::filesystem::path root() const { return root_.path(); }

  // Exit code of a script in a folder of the repository; what it said is in `said`.
  int bash(const std::string& folder, const std::string& script) {
    root_.write("script.sh", "set -eo pipefail\ncd '" + (root() / folder).string() + "'\n" + script);
    const int status = std::system(("bash " + (root() / "script.sh").string() + " >" + said_file() + " 2>&1").c_str());
    said = read_file(said_file());
    return WEXITSTATUS(status);
  }
  std::string said_file() const { return (root() / "said").string(); }

  // The only script of the GitLab job.
  std::string gitlab_script() const {
    std::istringstream in(gitlab.substr(gitlab.find("    - |\n") + 8));
    std::string out;
    for (std::string line; std::getline(in, line) && line.starts_with("      ");) out += line.substr(6) + "\n";
    return out;
  }

  ScratchFolder root_;
  std::string errors, github, gitlab, said;
};

inline size_t place(const std::string& text, const std::string& what) {
  EXPECT_NE(text.find(what), std::string::npos) << what << " is not in\n" << text;
  return text.find(what);
}

inline size_t count(const std::string& text, const std::string& what) {
  size_t out = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++out;
  return out;
}

}  // namespace sslbench
