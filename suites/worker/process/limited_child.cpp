// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/process/limited_child.h"

#include <ATen/Parallel.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <new>
#include <thread>

#include "suites/ground/error.h"
#include "suites/ground/memory/out_of_memory.h"
#include "suites/ground/process_limits.h"

namespace sslbench {
namespace {

constexpr size_t kMostText = 16'000;  // of what the child says
constexpr char kFine = '+', kRefused = '-';

void say(int pipe, const std::string& text) {
  for (size_t at = 0; at < text.size();) {
    const ssize_t wrote = ::write(pipe, text.data() + at, text.size() - at);
    if (wrote <= 0) return;
    at += static_cast<size_t>(wrote);
  }
}

std::string said_by(const std::function<void()>& work) {
  try {
    work();
    return {kFine};
  } catch (const std::bad_alloc&) {
    return std::string{kRefused} + "it needs more memory than a model of its size may";
  } catch (const std::exception& error) {
    const std::string text = error.what();
    if (tells_of_lack_of_memory(text))
      return std::string{kRefused} + "it needs more memory than a model of its size may";
    return std::string{kRefused} + text.substr(0, kMostText);
  } catch (...) {
    return std::string{kRefused} + "it cannot be read";
  }
}

[[noreturn]] void be_the_child(const ChildLimits& limits, const std::function<void()>& work, int pipe) {
  for (int signal : {SIGTERM, SIGINT, SIGUSR1, SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL}) ::signal(signal, SIG_DFL);
  const int nowhere = ::open("/dev/null", O_RDWR);
  for (int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(nowhere, stream);
  leave_no_core();
  limit_memory(memory_taken() + limits.memory_bytes);
  limit_processor_time(limits.seconds);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_FSIZE, &none);  // no byte into any file
  at::set_num_threads(1);            // the parent's threads are not here
  say(pipe, said_by(work));
  ::_exit(0);
}

std::string heard(int pipe) {
  std::string out;
  char piece[4096];
  for (;;) {
    const ssize_t got = ::read(pipe, piece, sizeof piece);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return out;
    out.append(piece, static_cast<size_t>(got));
    if (out.size() > 2 * kMostText) return out;
  }
}

std::string ended(int status, const ChildLimits& limits) {
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) {
    return "it needs more than " + std::to_string(limits.seconds) + " s to load and run once";
  }
  if (WIFSIGNALED(status)) return "LibTorch does not survive it (signal " + std::to_string(WTERMSIG(status)) + ")";
  return "LibTorch does not survive it";
}

// A child that waits for ever uses no processor time; it is given ten times as long by the clock.
class Watch {
 public:
  Watch(pid_t child, uint64_t seconds)
      : thread_([=](const std::stop_token& stop) {
          const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10 * seconds);
          while (!stop.stop_requested() && std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
          }
          if (!stop.stop_requested()) ::kill(child, SIGKILL);
        }) {}

 private:
  std::jthread thread_;
};

}  // namespace

ChildLimits limits_for(uintmax_t file_bytes) { return {(uint64_t{4} << 30) + 6 * file_bytes, 6 + (file_bytes >> 22)}; }

std::string in_limited_child(const ChildLimits& limits, const std::function<void()>& work) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw UserError("cannot look at a model from elsewhere: no pipe can be made");
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    be_the_child(limits, work, ends[1]);
  }
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    throw UserError("cannot look at a model from elsewhere: no process can be started for it");
  }
  std::string answer;
  int status = 0;
  {
    const Watch watch(child, limits.seconds);
    answer = heard(ends[0]);
    ::close(ends[0]);
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  }
  if (answer.empty() || !WIFEXITED(status)) return ended(status, limits);
  return answer[0] == kFine ? "" : answer.substr(1);
}

}  // namespace sslbench
