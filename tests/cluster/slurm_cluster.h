// SPDX-License-Identifier: Apache-2.0
// A Slurm of its own on this machine: munge, a controller and two nodes of Debian's packages in a temporary folder.
// Needs root; nothing of it outlives the test.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/faults/program.h"

namespace sslbench {

class SlurmCluster {
 public:
  // "", or what is missing to have one.
  static std::string why_not();

  // Returns when both nodes are idle; an exception ends the test when they do not come up.
  SlurmCluster();
  // Ends all daemons and whatever they started.
  ~SlurmCluster();
  SlurmCluster(const SlurmCluster&) = delete;
  SlurmCluster& operator=(const SlurmCluster&) = delete;

  // For whoever is to talk to it.
  const std::map<std::string, std::string>& environment() const { return environment_; }
  // Runs one of Slurm's programs and returns what it printed.
  std::string ask(const std::vector<std::string>& command) const;
  // Slurm's state of a task, as "17_4"; "" when it is in the queue no more.
  std::string state(const std::string& task) const;
  // A task that was put back waits two minutes; this one starts in a moment.
  void start_soon(const std::string& task) const;
  // What the daemons logged, for a test that failed.
  std::string logs() const;

 private:
  void write_configuration() const;
  void start(const std::vector<std::string>& daemon);

  ScratchFolder folder_;
  std::map<std::string, std::string> environment_;
  int guard_ = -1;  // the end of a pipe: when it closes, however this process ended, the guard below clears up
  std::unique_ptr<Program> clean_up_;
  std::vector<std::unique_ptr<Program>> daemons_;
};

}  // namespace sslbench
