// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

// A thread that prepares batches is no process of its own: what ends it ends its worker, which nobody waits for then.
// Fault matrix: 12
TEST(LoaderThreadTest, OneThatDiesEndsItsRunByNameAndNobodyHangs) {
  const TinySuite suite;
  Program run(suite.run_command({"--set", "pretrain.data_workers=2"}), suite.around);
  suite.wait_for_step(run, "simclr", 2);
  const pid_t worker = suite.worker("simclr");
  ::kill(worker, SIGSTOP);  // its threads stay as they are
  pid_t loader = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/" + std::to_string(worker) + "/task")) {
    const pid_t thread = std::stoi(task.path().filename().string());
    if (thread != worker) loader = thread;
  }
  ASSERT_NE(loader, 0) << "the worker has no threads";
  EXPECT_EQ(::syscall(SYS_tgkill, worker, loader, SIGSEGV), 0);
  ::kill(worker, SIGCONT);
  const Ending end = run.wait();
  EXPECT_EQ(end.code, 3) << end.errors;
  EXPECT_EQ(suite.record("simclr").status, "failed(signal)");
  EXPECT_THAT(suite.record("simclr").failure, HasSubstr("signal 11"));
  EXPECT_EQ(suite.record("supervised").status, "ok");
}

}  // namespace
}  // namespace sslbench
