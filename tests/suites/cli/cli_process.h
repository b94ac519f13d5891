// SPDX-License-Identifier: Apache-2.0
// The front end as a process of its own: a fork of the test that runs command_line().
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "suites/cli/command_line.h"
#include "suites/files/atomic_file.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {

class CliProcess {
 public:
  explicit CliProcess(std::vector<std::string> words) {
    words.insert(words.begin(), "sslbench");
    std::cout.flush();
    std::fflush(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) run(words);
  }

  // Waits for the end; 128 + signal when it was killed.
  int code() {
    if (!ended_) {
      int status = 0;
      ::waitpid(pid_, &status, 0);
      code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
      ended_ = true;
    }
    return code_;
  }
  std::string output() { return code(), read_file(folder_.path() / "output"); }
  std::string errors() { return code(), read_file(folder_.path() / "errors"); }
  pid_t pid() const { return pid_; }
  ~CliProcess() { code(); }

 private:
  [[noreturn]] void run(const std::vector<std::string>& words) const {
    redirect(STDOUT_FILENO, "output");
    redirect(STDERR_FILENO, "errors");
    std::vector<const char*> arguments;
    for (const std::string& word : words) arguments.push_back(word.c_str());
    const int code = command_line(static_cast<int>(arguments.size()), arguments.data());
    std::cout.flush();
    std::fflush(nullptr);
    ::_exit(code);
  }
  void redirect(int to, const char* name) const {
    const int fd = ::open((folder_.path() / name).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ::dup2(fd, to);
    ::close(fd);
  }

  ScratchFolder folder_;
  pid_t pid_ = 0;
  int code_ = 0;
  bool ended_ = false;
};

}  // namespace sslbench
