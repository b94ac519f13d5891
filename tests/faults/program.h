// SPDX-License-Identifier: Apache-2.0
// A program as a person starts it: a process with its output caught and a time limit.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/suites/files/scratch_folder.h"

namespace sslbench {

struct Surroundings {
  std::filesystem::path folder;                    // the working folder; empty: the test's
  std::map<std::string, std::string> environment;  // over the test's own
  std::vector<std::pair<int, rlim_t>> limits;      // RLIMIT_..., soft and hard
  int input = -1;                                  // standard input, as a descriptor; -1: empty
};

struct Ending {
  int code = 0;
  int signal = 0;  // 0: it exited by itself
  double seconds = 0;
  std::string output, errors;
};

class Program {
 public:
  // Starts command[0] (a path, or a name on the PATH).
  explicit Program(const std::vector<std::string>& command, const Surroundings& around = {});
  // Kills what is still running.
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // Waits for the end. After `limit` seconds the program is killed and the test has failed.
  Ending wait(double limit = 120);
  bool running();
  void signal(int number) const;
  pid_t pid() const { return pid_; }
  std::string errors_so_far() const;

 private:
  [[noreturn]] void become(const std::vector<std::string>& command, const Surroundings& around) const;

  ScratchFolder caught_;
  pid_t pid_ = 0;
  bool ended_ = false;
  int status_ = 0;
  double start_, seconds_ = 0;
};

// Runs a program to its end.
Ending run_program(const std::vector<std::string>& command, const Surroundings& around = {}, double limit = 120);

// Asks every few milliseconds until `holds` or `seconds` have passed; whether it came to hold.
bool eventually(double seconds, const std::function<bool()>& holds);

// Whether the process exists and is not only waiting to be reaped.
bool is_alive(pid_t pid);

// The programs of this build.
std::filesystem::path program_of_build(const std::string& name);

}  // namespace sslbench
