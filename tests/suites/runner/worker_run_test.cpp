// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/worker_run.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include "suites/files/atomic_file.h"
#include "suites/handover/failure_file.h"
#include "suites/handover/worker_exit.h"
#include "tests/suites/runner/fake_worker.h"

namespace sslbench {
namespace {

using Kind = WorkerEnd::Kind;

class JudgeEndTest : public ::testing::Test {
 protected:
  Kind judge(const ProcessEnd& end, bool stopping) const { return judge_end({0, end}, run_, stopping).kind; }

  ScratchFolder out_;
  RunSpec run_ = small_run("simclr", out_.path());
};

TEST_F(JudgeEndTest, ObeyingAStopSignalIsNoFailureHoweverItEnds) {
  EXPECT_EQ(judge({kWorkerInterrupted, 0}, false), Kind::interrupted) << "signalled by another than us";
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1, SIGHUP}) {
    EXPECT_EQ(judge({kWorkerStopped + signal, 0}, true), Kind::interrupted) << signal;
    EXPECT_EQ(judge({0, signal}, true), Kind::interrupted) << signal;
    EXPECT_EQ(judge({0, signal}, false), Kind::failed) << signal;
  }
  EXPECT_EQ(judge({0, SIGKILL}, true), Kind::interrupted);
}

TEST_F(JudgeEndTest, DeathForWantOfMemoryIsNamed) {
  EXPECT_EQ(judge_end({0, {0, SIGKILL}}, run_, false, true).failure.kind, FailureKind::oom);
  EXPECT_EQ(judge_end({0, {0, SIGKILL}}, run_, false, false).failure.kind, FailureKind::signal);
  EXPECT_EQ(judge_end({0, {0, SIGSEGV}}, run_, false, true).failure.kind, FailureKind::signal);
  const auto last_word = [&](const std::string& words, const ProcessEnd& end) {
    write_atomically(run_.work_folder() / "log", "it begins\n" + words + "\n");
    return judge_end({0, end}, run_, false).failure.kind;
  };
  EXPECT_EQ(last_word("x: error while loading shared libraries: y: failed to map segment from shared object", {127, 0}),
            FailureKind::oom);
  EXPECT_EQ(last_word("  what():  std::bad_alloc", {0, SIGABRT}), FailureKind::oom);
  EXPECT_EQ(last_word("crashed close to the limit of its address space: out of memory", {0, SIGSEGV}),
            FailureKind::oom);
  EXPECT_EQ(last_word("libgomp: Thread creation failed: Resource temporarily unavailable", {1, 0}), FailureKind::oom);
  EXPECT_EQ(last_word("it went wrong", {9, 0}), FailureKind::internal);
}

TEST_F(JudgeEndTest, ACrashUnderALimitOfMemoryMentionsIt) {
  EXPECT_EQ(judge_end({0, {0, SIGSEGV}}, run_, false).failure.message.find("ulimit"), std::string::npos);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_AS, &before), 0);
  if (before.rlim_cur != RLIM_INFINITY) GTEST_SKIP() << "not run: there is a limit already";
  const rlimit far_away{rlim_t{1} << 47, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &far_away), 0);
  const WorkerFailure failure = judge_end({0, {0, SIGSEGV}}, run_, false).failure;
  const WorkerFailure library = judge_end({0, {255, 0}}, run_, false).failure;
  ASSERT_EQ(::setrlimit(RLIMIT_AS, &before), 0);
  EXPECT_EQ(library.kind, FailureKind::oom) << "no code of ours";
  EXPECT_NE(library.message.find("ulimit -v allows"), std::string::npos) << library.message;
  EXPECT_EQ(failure.kind, FailureKind::signal) << "no evidence";
  EXPECT_NE(failure.message.find("ulimit -v allows 134217728 MB"), std::string::npos) << failure.message;
}

TEST_F(JudgeEndTest, EverythingElseIsAFailure) {
  EXPECT_EQ(judge({kWorkerDone, 0}, false), Kind::failed) << "no record";
  EXPECT_EQ(judge({kWorkerFailed, 0}, true), Kind::failed);
  EXPECT_EQ(judge({kWorkerStopped + SIGSEGV, 0}, true), Kind::failed);
  EXPECT_EQ(judge({0, SIGSEGV}, true), Kind::failed);
  EXPECT_EQ(judge_end({0, {kWorkerFailedMute, 0}}, run_, false).failure.kind, FailureKind::storage);
}

}  // namespace
}  // namespace sslbench
