// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/worker_run.h"

#include <gtest/gtest.h>
#include <signal.h>

#include "suites/spec/worker_exit.h"
#include "tests/suites/runner/fake_worker.h"

namespace sslbench {
namespace {

using Kind = WorkerEnd::Kind;

class JudgeEndTest : public ::testing::Test {
 protected:
  Kind judge(const ProcessEnd& end, bool stopping) const { return judge_end(end, run_, stopping).kind; }

  ScratchFolder out_;
  RunSpec run_ = small_run("simclr", out_.path());
};

TEST_F(JudgeEndTest, ObeyingAStopSignalIsNoFailureHoweverItEnds) {
  EXPECT_EQ(judge({kWorkerInterrupted, 0}, false), Kind::interrupted) << "signalled by another than us";
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) {
    EXPECT_EQ(judge({kWorkerStopped + signal, 0}, true), Kind::interrupted) << signal;
    EXPECT_EQ(judge({0, signal}, true), Kind::interrupted) << signal;
    EXPECT_EQ(judge({0, signal}, false), Kind::failed) << signal;
  }
  EXPECT_EQ(judge({0, SIGKILL}, true), Kind::interrupted);
}

TEST_F(JudgeEndTest, EverythingElseIsAFailure) {
  EXPECT_EQ(judge({kWorkerDone, 0}, false), Kind::failed) << "no record";
  EXPECT_EQ(judge({kWorkerFailed, 0}, true), Kind::failed);
  EXPECT_EQ(judge({kWorkerStopped + SIGSEGV, 0}, true), Kind::failed);
  EXPECT_EQ(judge({0, SIGSEGV}, true), Kind::failed);
  EXPECT_EQ(judge_end({kWorkerFailedMute, 0}, run_, false).failure.kind, FailureKind::storage);
}

}  // namespace
}  // namespace sslbench
