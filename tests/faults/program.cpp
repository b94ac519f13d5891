// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "suites/files/atomic_file.h"

namespace sslbench {
namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

void redirect(int to, const std::filesystem::path& file, int flags) {
  const int fd = ::open(file.c_str(), flags, 0644);
  ::dup2(fd, to);
  ::close(fd);
}

}  // namespace

Program::Program(const std::vector<std::string>& command, const Surroundings& around) : start_(now()) {
  std::fflush(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) become(command, around);
}

Program::~Program() {
  if (!running()) return;
  signal(SIGKILL);
  ::waitpid(pid_, &status_, 0);
}

void Program::become(const std::vector<std::string>& command, const Surroundings& around) const {
  around.input < 0 ? redirect(STDIN_FILENO, "/dev/null", O_RDONLY) : (void)::dup2(around.input, STDIN_FILENO);
  redirect(STDOUT_FILENO, caught_.path() / "output", O_WRONLY | O_CREAT | O_TRUNC);
  redirect(STDERR_FILENO, caught_.path() / "errors", O_WRONLY | O_CREAT | O_TRUNC);
  for (const auto& [name, value] : around.environment) ::setenv(name.c_str(), value.c_str(), 1);
  for (const auto& [resource, most] : around.limits) {
    const rlimit limit{most, most};
    ::setrlimit(static_cast<__rlimit_resource>(resource), &limit);
  }
  if (!around.folder.empty() && ::chdir(around.folder.c_str()) != 0) ::_exit(126);
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words[0], words.data());
  ::_exit(127);
}

bool Program::running() {
  if (ended_) return false;
  ended_ = ::waitpid(pid_, &status_, WNOHANG) == pid_;
  if (ended_) seconds_ = now() - start_;
  return !ended_;
}

Ending Program::wait(double limit) {
  if (!eventually(limit, [&] { return !running(); })) {
    signal(SIGKILL);
    ::waitpid(pid_, &status_, 0);
    ended_ = true;
    ADD_FAILURE() << "still running after " << limit << " s:\n" << errors_so_far();
  }
  Ending out;
  out.signal = WIFSIGNALED(status_) ? WTERMSIG(status_) : 0;
  out.code = WIFSIGNALED(status_) ? 128 + out.signal : WEXITSTATUS(status_);
  out.seconds = seconds_;
  out.output = read_file(caught_.path() / "output");
  out.errors = read_file(caught_.path() / "errors");
  return out;
}

void Program::signal(int number) const {
  if (!ended_) ::kill(pid_, number);
}

std::string Program::errors_so_far() const { return read_file(caught_.path() / "errors"); }

Ending run_program(const std::vector<std::string>& command, const Surroundings& around, double limit) {
  return Program(command, around).wait(limit);
}

bool eventually(double seconds, const std::function<bool()>& holds) {
  const double deadline = now() + seconds;
  while (!holds()) {
    if (now() >= deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

bool is_alive(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const size_t name_end = text.rfind(')');  // "<pid> (<name>) <state> ..."
  return name_end != std::string::npos && name_end + 2 < text.size() && text[name_end + 2] != 'Z';
}

std::filesystem::path program_of_build(const std::string& name) {
  return std::filesystem::path(SSLBENCH_BIN_DIR) / name;
}

}  // namespace sslbench
