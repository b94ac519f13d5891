// SPDX-License-Identifier: Apache-2.0
#include "suites/ground/meeting.h"

#include <gmock/gmock.h>

#include <map>

#include "suites/ground/error.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

using Variables = std::map<std::string, std::string>;

Meeting read(const Variables& variables) {
  return meeting_from_environment([&](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  });
}

TEST(MeetingTest, AProcessIsAloneWithoutALauncher) {
  EXPECT_EQ(read({}).size, 1);
  EXPECT_EQ(read({{"SLURM_PROCID", "0"}, {"SLURM_STEP_NUM_TASKS", "1"}}).size, 1);
  EXPECT_EQ(read({{"RANK", "0"}, {"WORLD_SIZE", "1"}}).size, 1);
}

TEST(MeetingTest, TorchrunServesTheStoreItself) {
  const Meeting found = read({{"RANK", "3"},
                              {"WORLD_SIZE", "4"},
                              {"LOCAL_RANK", "1"},
                              {"MASTER_ADDR", "10.0.0.7"},
                              {"MASTER_PORT", "29511"},
                              {"TORCHELASTIC_USE_AGENT_STORE", "True"}});
  EXPECT_EQ(found.rank, 3);
  EXPECT_EQ(found.size, 4);
  EXPECT_EQ(found.local_rank, 1);
  EXPECT_EQ(found.host, "10.0.0.7");
  EXPECT_EQ(found.port, 29511);
  EXPECT_TRUE(found.served);
  EXPECT_EQ(found.launcher, "torchrun");
}

TEST(MeetingTest, OwnVariablesGoBeforeThoseOfAnAllocation) {
  const Meeting found = read({{"RANK", "1"},
                              {"WORLD_SIZE", "2"},
                              {"SLURM_PROCID", "0"},
                              {"SLURM_STEP_NUM_TASKS", "8"},
                              {"TORCHELASTIC_USE_AGENT_STORE", "False"}});
  EXPECT_EQ(found.rank, 1);
  EXPECT_EQ(found.size, 2);
  EXPECT_FALSE(found.served);
  EXPECT_EQ(found.host, "127.0.0.1");
}

TEST(MeetingTest, RanksOfMpirunOnOneMachineMeetOnItsLoopbackAtAPortOfTheirJob) {
  Variables variables{{"OMPI_COMM_WORLD_RANK", "1"},
                      {"OMPI_COMM_WORLD_SIZE", "2"},
                      {"OMPI_COMM_WORLD_LOCAL_RANK", "1"},
                      {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"},
                      {"PMIX_NAMESPACE", "343801857"}};
  const Meeting one = read(variables);
  EXPECT_EQ(one.launcher, "mpirun");
  EXPECT_EQ(one.host, "127.0.0.1");
  EXPECT_EQ(read(variables).port, one.port);
  variables["PMIX_NAMESPACE"] = "343801858";
  EXPECT_NE(read(variables).port, one.port) << "another job";
  variables["OMPI_COMM_WORLD_LOCAL_SIZE"] = "1";
  EXPECT_THAT([&] { read(variables); }, ThrowsMessage<UserError>(HasSubstr("set MASTER_ADDR")));
  variables["MASTER_ADDR"] = "node1";
  EXPECT_EQ(read(variables).host, "node1");
}

TEST(MeetingTest, RanksOfSrunOnSeveralMachinesMeetWhereTheStepWasLaunched) {
  Variables variables{{"SLURM_PROCID", "1"},  {"SLURM_STEP_NUM_TASKS", "2"},
                      {"SLURM_LOCALID", "0"}, {"SLURM_STEP_NUM_NODES", "2"},
                      {"SLURM_JOB_ID", "77"}, {"SLURM_LAUNCH_NODE_IPADDR", "10.1.2.3"}};
  EXPECT_EQ(read(variables).host, "10.1.2.3");
  EXPECT_EQ(read(variables).launcher, "srun");
  variables["SLURM_STEP_NUM_NODES"] = "1";
  EXPECT_EQ(read(variables).host, "127.0.0.1");
}

TEST(MeetingTest, NonsenseIsNamedWithItsVariable) {
  const auto expect = [](const Variables& variables, const std::string& words) {
    EXPECT_THAT([&] { read(variables); }, ThrowsMessage<UserError>(HasSubstr(words)));
  };
  expect({{"RANK", "2"}, {"WORLD_SIZE", "2"}}, "RANK: expected a number from 0 to 1, got '2'");
  expect({{"RANK", "0"}, {"WORLD_SIZE", "two"}}, "WORLD_SIZE");
  expect({{"WORLD_SIZE", "2"}}, "RANK");
  expect({{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_PORT", "99999"}}, "MASTER_PORT");
  expect({{"MASTER_PORT", "80a"}}, "MASTER_PORT: expected a number from 1 to 65535, got '80a'");
  expect({{"WORLD_SIZE", "1"}, {"MASTER_PORT", "0"}}, "MASTER_PORT");
  expect({{"SSLBENCH_RANK_TIMEOUT", "0"}}, "SSLBENCH_RANK_TIMEOUT");
}

TEST(MeetingTest, OneTimeoutSetsBothWaits) {
  const Meeting found = read({{"SSLBENCH_RANK_TIMEOUT", "7"}});
  EXPECT_EQ(found.step_timeout, std::chrono::seconds(7));
  EXPECT_EQ(found.start_timeout, std::chrono::seconds(35));
}

}  // namespace
}  // namespace sslbench
