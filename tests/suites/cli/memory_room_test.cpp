// SPDX-License-Identifier: Apache-2.0
#include "suites/cli/commands/memory_room.h"

#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "tests/suites/runner/fake_worker.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int64_t kGiB = int64_t{1} << 30;

class MemoryRoomTest : public ::testing::Test {
 protected:
  // A row of batch 512 whose process takes `gibibytes`, of which 8 grow with the batch; kNN takes one.
  RunSpec row(const std::string& name, int64_t gibibytes, int64_t device_gibibytes = -1) {
    RunSpec run = small_run("simclr", out_.path());
    run.row = name, run.method_settings = {{"named", name}};
    run.pretrain = {{"epochs", 1}, {"batch_size", 512}};
    if (device_gibibytes >= 0) run.device = "cuda:0";
    costs_.add(run,
               {.stages = {{"pretrain", {1.0, gibibytes * kGiB, device_gibibytes * (device_gibibytes < 0 ? 1 : kGiB)}},
                           {"knn", {1.0, kGiB}}},
                .batch = {8 * kGiB, 8 * kGiB / 512}});
    return run;
  }
  // "" where nothing is refused.
  std::string refused(const std::vector<RunSpec>& runs, int jobs, const MemoryRoom& room) const {
    try {
      expect_room(runs, costs_, jobs, room);
      return "";
    } catch (const UserError& error) {
      return error.what();
    }
  }

  ScratchFolder out_;
  StageCosts costs_{{}, "here", Sameness()};
};

TEST_F(MemoryRoomTest, NamesTheRowAndTheLargestBatchThatFits) {
  const RunSpec small = row("small", 9), large = row("large", 10);
  EXPECT_EQ(refused({small, large}, 1, {.machine = 10 * kGiB}), "");
  EXPECT_THAT(refused({small, large}, 1, {.machine = 6 * kGiB}),
              AllOf(HasSubstr("[methods.large] needs 10.00 GiB of memory"), HasSubstr("there is 6.00 GiB"),
                    HasSubstr("pretrain.batch_size = 256,"), HasSubstr("pretrain.accumulate = 2"),
                    HasSubstr("pretrain.recompute"), Not(HasSubstr("--jobs"))))
      << "2 GiB stay, and 4 of the 8 are left for half of the batch";
}

TEST_F(MemoryRoomTest, RunsAtATimeShareTheMachine) {
  const RunSpec small = row("small", 9), large = row("large", 10);
  EXPECT_EQ(refused({small, large}, 2, {.machine = 19 * kGiB}), "");
  EXPECT_THAT(refused({small, large}, 2, {.machine = 15 * kGiB}),
              AllOf(HasSubstr("of the 19.00 GiB of 2 runs at a time"), HasSubstr("pretrain.batch_size = 256,"),
                    HasSubstr("fewer --jobs")));
  EXPECT_EQ(refused({large}, 2, {.machine = 15 * kGiB}), "") << "there is but one";
}

TEST_F(MemoryRoomTest, SaysWhenNoBatchIsSmallEnough) {
  EXPECT_THAT(refused({row("large", 10)}, 1, {.machine = 2 * kGiB}), HasSubstr("no smaller batch fits"));
  EXPECT_THAT(refused({row("large", 10)}, 1, {.machine = kGiB / 2}), HasSubstr("no smaller batch fits"))
      << "kNN alone needs more";
}

TEST_F(MemoryRoomTest, ADeviceHoldsEachRunAndTheLibraries) {
  const RunSpec run = row("large", 2, 10);
  EXPECT_EQ(refused({run, run}, 2, {.machine = 100 * kGiB, .device = 11 * kGiB}), "");
  EXPECT_THAT(refused({run}, 1, {.machine = 100 * kGiB, .device = 9 * kGiB}),
              AllOf(HasSubstr("needs 11.00 GiB of the memory of cuda:0"), HasSubstr("pretrain.batch_size = 384,")));
}

TEST_F(MemoryRoomTest, NothingIsRefusedByGuess) {
  RunSpec unknown = small_run("byol", out_.path());
  EXPECT_EQ(refused({unknown}, 1, {.machine = 1}), "") << "never measured";
  RunSpec shared = row("large", 10);
  EXPECT_EQ(refused({shared}, 1, {}), "") << "a machine that does not say what it has";
  shared.ranks = 2;
  EXPECT_EQ(refused({shared}, 1, {.machine = 1}), "") << "a calibration takes the whole batch";
}

}  // namespace
}  // namespace sslbench
