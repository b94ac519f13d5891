// SPDX-License-Identifier: Apache-2.0
#include "suites/worker/process/stop_signal.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <string>
#include <thread>

namespace sslbench {
namespace {

bool sleeps(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const size_t name_end = text.rfind(')');
  return name_end != std::string::npos && text.compare(name_end + 2, 1, "S") == 0;
}

// A file system over a network lets a signal end a call that waits, unless the call is to be restarted.
// Fault matrix: 5, 17
TEST(StopSignalTest, ACallThatWaitsGoesOnAfterASignal) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t pid = ::fork();
  if (pid == 0) {
    install_stop_signals();
    char byte = 0;
    const ssize_t got = ::read(ends[0], &byte, 1);
    ::_exit(got == 1 && stop_requested() ? 0 : 1);
  }
  for (int i = 0; i < 5000 && !sleeps(pid); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  ASSERT_TRUE(sleeps(pid));
  ::kill(pid, SIGTERM);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  ASSERT_EQ(::write(ends[1], "x", 1), 1);
  int status = -1;
  ::waitpid(pid, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace sslbench
