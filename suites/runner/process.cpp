// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "suites/files/atomic_file.h"
#include "suites/files/file_in_place.h"
#include "suites/files/temporary_folder.h"
#include "suites/ground/error.h"
#include "suites/runner/signals.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

// posix_spawn's two objects with their destroy calls.
struct SpawnPlan {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;

  SpawnPlan() {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    sigset_t none, all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
};

class OpenFile {
 public:
  explicit OpenFile(const fs::path& file) : fd_(open_in_place(file, O_WRONLY | O_APPEND)) {}
  ~OpenFile() { ::close(fd_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& added) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!added.contains(text.substr(0, text.find('=')))) out.push_back(text);
  }
  for (const auto& [name, value] : added) out.push_back(name + "=" + value);
  return out;
}

ProcessEnd end_of(int status) {
  return WIFSIGNALED(status) ? ProcessEnd{0, WTERMSIG(status)} : ProcessEnd{WEXITSTATUS(status), 0};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

pid_t start_process(const ProcessStart& start) {
  const OpenFile output(start.output), errors(start.errors);
  SpawnPlan plan;
  ::posix_spawn_file_actions_addopen(&plan.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&plan.actions, output.fd(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&plan.actions, errors.fd(), STDERR_FILENO);
  std::vector<std::string> command = start.command;
  std::vector<std::string> environment = merged_environment(start.environment);
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, command[0].c_str(), &plan.actions, &plan.attributes, pointers(command).data(),
                                  pointers(environment).data());
  if (error == ENOMEM || error == EAGAIN) {
    throw RunFailure(FailureKind::oom, "cannot start " + command[0] + ": " + std::strerror(error) +
                                           " (too little memory, or too many processes)");
  }
  if (error != 0) throw UserError("cannot start " + command[0] + ": " + std::strerror(error));
  return pid;
}

std::optional<ProcessEnd> poll_process(pid_t pid) {
  int status = 0;
  const pid_t ended = ::waitpid(pid, &status, WNOHANG);
  return ended == pid ? std::optional(end_of(status)) : std::nullopt;
}

void signal_group(pid_t pid, int signal) { ::kill(-pid, signal); }

ObedientEnd run_obediently(const ProcessStart& start) {
  constexpr auto kTick = std::chrono::milliseconds(200);
  constexpr int kPatience = 2;
  SignalWait signals;
  const pid_t pid = start_process(start);
  for (int asked = 0;;) {
    if (const auto end = poll_process(pid)) return {*end, asked > 0};
    const int signal = signals.wait(kTick);
    if (signal != 0 && signal != SIGCHLD) signal_group(pid, ++asked > kPatience ? SIGKILL : SIGINT);
  }
}

namespace {

// A command whose output is caught in files of its own.
struct CaughtCommand {
  TemporaryFolder folder;
  pid_t pid;

  explicit CaughtCommand(const std::vector<std::string>& command)
      : pid(start_process({command, {}, folder.path() / "output", folder.path() / "errors"})) {}
  CommandResult ended(const ProcessEnd& end) const {
    return {end, read_file(folder.path() / "output"), read_file(folder.path() / "errors")};
  }
};

ProcessEnd wait_for(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return end_of(status);
}

}  // namespace

CommandResult run_command(const std::vector<std::string>& command) {
  const CaughtCommand caught(command);
  return caught.ended(wait_for(caught.pid));
}

std::optional<CommandResult> run_command(const std::vector<std::string>& command, std::chrono::milliseconds longest) {
  constexpr auto kPause = std::chrono::milliseconds(2);
  const CaughtCommand caught(command);
  const auto deadline = std::chrono::steady_clock::now() + longest;
  for (;;) {
    if (const std::optional<ProcessEnd> end = poll_process(caught.pid)) return caught.ended(*end);
    if (std::chrono::steady_clock::now() >= deadline) break;
    std::this_thread::sleep_for(kPause);
  }
  signal_group(caught.pid, SIGKILL);
  wait_for(caught.pid);
  return std::nullopt;
}

}  // namespace sslbench
