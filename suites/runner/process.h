// SPDX-License-Identifier: Apache-2.0
// Child processes: started in a group of their own, so that a signal at the terminal reaches only the front end.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sslbench {

// How a process ended: an exit code, or the signal that killed it.
struct ProcessEnd {
  int code = 0;
  int signal = 0;  // 0: it exited by itself
};

struct ProcessStart {
  std::vector<std::string> command;                // command[0] is the program's path
  std::map<std::string, std::string> environment;  // added to ours
  std::filesystem::path output, errors;            // files appended to; equal paths share one
};

// Starts a process with default signal handling; standard input is /dev/null. UserError when the program cannot be
// started, RunFailure(oom) when there is no memory or process left for it, RunFailure(storage) when an output file
// cannot be opened.
pid_t start_process(const ProcessStart& start);

// Returns nothing while `pid` is running. After an end has been returned, the process is reaped.
std::optional<ProcessEnd> poll_process(pid_t pid);

// Sends a signal to the group of `pid`; a group that is gone is no error.
void signal_group(pid_t pid, int signal);

// Runs a process to its end. SIGINT, SIGTERM, SIGUSR1 and SIGHUP that reach us meanwhile are handed on to its group as
// SIGINT, from the third on as SIGKILL, and `interrupted` is set. Errors as start_process().
struct ObedientEnd {
  ProcessEnd end;
  bool interrupted = false;
};
ObedientEnd run_obediently(const ProcessStart& start);

struct CommandResult {
  ProcessEnd end;
  std::string output, errors;
};
// Runs a short command to its end and returns what it wrote.
CommandResult run_command(const std::vector<std::string>& command);
// The same of one that may not answer: killed after `longest`, and then there is no result.
std::optional<CommandResult> run_command(const std::vector<std::string>& command, std::chrono::milliseconds longest);

}  // namespace sslbench
