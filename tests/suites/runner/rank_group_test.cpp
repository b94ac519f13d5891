// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/rank_group.h"

#include <gmock/gmock.h>
#include <signal.h>

#include "suites/files/atomic_file.h"
#include "suites/handover/worker_exit.h"
#include "suites/runner/worker_run.h"
#include "tests/suites/runner/fake_worker.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;

RankEnd code(int rank, int number) { return {rank, {number, 0}}; }

TEST(FirstCauseTest, TheRankThatFailedIsToldOfAndNotItsEchoes) {
  const RankEnd lost0 = code(0, kWorkerLostPeer), lost1 = code(1, kWorkerLostPeer);
  EXPECT_EQ(first_cause({lost0, lost1, {2, {0, SIGKILL}}}).rank, 2);
  EXPECT_EQ(first_cause({lost0, code(1, kWorkerFailed)}).rank, 1);
  EXPECT_EQ(first_cause({lost0, {1, {0, SIGKILL}, true}}).rank, 1) << "it had to be killed: it stood still";
  EXPECT_EQ(first_cause({{2, {0, SIGKILL}, true}, code(1, kWorkerFailed), lost0}).rank, 1);
  EXPECT_EQ(first_cause({lost1, lost0}).rank, 0);
  EXPECT_EQ(first_cause({lost0, code(1, kWorkerInterrupted)}).rank, 1) << "a stop is no failure";
  EXPECT_EQ(first_cause({code(1, kWorkerDone), code(0, kWorkerDone)}).rank, 0);
}

class RankGroupTest : public ::testing::Test {
 protected:
  // Ends the group of three ranks of which each runs this shell script, with $RANK.
  RankEnd end_of(const std::string& script) {
    const auto worker = out_.path() / "worker.sh";
    write_atomically(worker, "#!/bin/sh\n" + script + "\n");
    std::filesystem::permissions(worker, std::filesystem::perms::owner_all);
    run_.ranks = 3;
    std::filesystem::create_directories(run_.work_folder());
    RankGroup group(run_, worker);
    std::optional<RankEnd> end;
    while (!(end = group.poll())) ::usleep(1000);
    return *end;
  }

  ScratchFolder out_;
  RunSpec run_ = small_run("simclr", out_.path());
};

TEST_F(RankGroupTest, EveryRankKnowsItsNumberAndWhereToMeet) {
  ASSERT_EQ(end_of("echo $RANK of $WORLD_SIZE at $MASTER_ADDR:$MASTER_PORT").end.code, 0);
  std::string ports;
  for (int rank = 0; rank < 3; ++rank) {
    const std::string said = read_file(rank_log_file(run_, rank));
    const std::string start = std::to_string(rank) + " of 3 at 127.0.0.1:";
    ASSERT_THAT(said, ::testing::StartsWith(start));
    ports += said.substr(start.size());
  }
  EXPECT_EQ(ports.substr(0, ports.size() / 3), ports.substr(ports.size() / 3, ports.size() / 3)) << "one place for all";
}

TEST_F(RankGroupTest, ARankThatDoesNotEndWithTheOthersIsKilledAndNamed) {
  ::setenv("SSLBENCH_RANK_TIMEOUT", "1", 1);
  const RankEnd end = end_of("[ $RANK = 1 ] && exec sleep 600; exit " + std::to_string(kWorkerLostPeer));
  ::unsetenv("SSLBENCH_RANK_TIMEOUT");
  EXPECT_EQ(end.rank, 1);
  EXPECT_TRUE(end.silent);
  const WorkerFailure failure = judge_end(end, run_, false).failure;
  EXPECT_EQ(failure.kind, FailureKind::timeout);
  EXPECT_THAT(failure.message, HasSubstr("rank 1 of 3: fell silent"));
}

TEST_F(RankGroupTest, TheLogOfTheRankThatDiedIsQuoted) {
  const RankEnd end =
      end_of("[ $RANK = 2 ] && { echo out of luck; kill -9 $$; }; exit " + std::to_string(kWorkerLostPeer));
  EXPECT_THAT(judge_end(end, run_, false).failure.message,
              ::testing::AllOf(HasSubstr("rank 2 of 3: killed by signal 9"), HasSubstr("out of luck")));
}

}  // namespace
}  // namespace sslbench
