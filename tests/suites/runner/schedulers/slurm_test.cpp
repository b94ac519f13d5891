// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/schedulers/slurm.h"

#include <gmock/gmock.h>

#include "suites/ground/error.h"
#include "suites/runner/schedulers/slurm_arrays.h"
#include "tests/suites/runner/schedulers/fake_slurm.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto kPatience = std::chrono::seconds(60);

std::string refusal(const std::vector<std::string>& jobs, std::chrono::milliseconds longest = kPatience) {
  try {
    ask_queue(jobs, longest);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

TEST(SlurmTest, AsksOnlyForTheJobsItIsTold) {
  const FakeSlurm slurm;
  slurm.queue_is({"17_0|PENDING|x|N/A|", "18|RUNNING|None|x|n1", "170_0|PENDING|x|N/A|"});
  EXPECT_THAT(ask_queue({"17", "18"}, kPatience), SizeIs(2));
  EXPECT_THAT(ask_queue({}, kPatience), IsEmpty()) << "squeue without ids would print everybody's";
}

TEST(SlurmTest, AForgottenJobIsInNoQueueAndOtherErrorsAreSaid) {
  const FakeSlurm slurm;
  slurm.write("broken", "slurm_load_jobs error: Invalid job id specified");
  EXPECT_EQ(refusal({"17"}), "");
  slurm.write("broken", "slurm_load_jobs error: Unable to contact slurm controller (connect failure)");
  EXPECT_THAT(refusal({"17"}), HasSubstr("Unable to contact slurm controller"));
}

TEST(SlurmTest, ASilentQueueIsWaitedForOnlySoLong) {
  const FakeSlurm slurm;
  slurm.write("hangs", "");
  EXPECT_THAT(refusal({"17"}, std::chrono::milliseconds(100)), HasSubstr("did not answer"));
}

TEST(SlurmTest, KnowsHowLongAnArrayMayBe) {
  const FakeSlurm slurm;
  slurm.write("size", "4001");
  EXPECT_EQ(most_array_tasks(), 4001);
  slurm.remove("size");
  EXPECT_EQ(most_array_tasks(), 1001) << "Slurm's default";
}

TEST(SlurmTest, LimitsAreReadAsSbatchReadsThem) {
  EXPECT_EQ(limit_seconds("90"), 5400);
  EXPECT_EQ(limit_seconds("1:30"), 90);
  EXPECT_EQ(limit_seconds("2:05:00"), 7500);
  EXPECT_EQ(limit_seconds("1-2"), 93'600);
  EXPECT_EQ(limit_seconds("1-2:30"), 95'400);
  EXPECT_EQ(limit_seconds("1-2:30:01"), 95'401);
  for (const char* wrong : {"", "1h", "-", "1-", "-1", "1:2:3:4", "1:", "1-2-3", "12345678"}) {
    EXPECT_EQ(limit_seconds(wrong), std::nullopt) << wrong;
  }
  EXPECT_EQ(limit_text(601), "0:11:00");
  EXPECT_EQ(limit_text(90'000), "25:00:00");
}

class SlurmArraysTest : public ::testing::Test {
 protected:
  Submission of(size_t runs) const {
    Submission out{new_submission_folder(out_.path()), "slurm"};
    for (size_t i = 0; i < runs; ++i) out.runs.push_back("run" + std::to_string(i));
    write_jobs(out);
    return out;
  }
  std::vector<std::string> arrays(const Submission& submission) const {
    std::vector<std::string> out;
    for (const SubmittedArray& each : submission.arrays) {
      out.push_back(each.id + ": " + std::to_string(each.first) + "+" + std::to_string(each.tasks));
    }
    return out;
  }

  FakeSlurm slurm_;
  ScratchFolder out_;
};

TEST_F(SlurmArraysTest, AreAsLongAsSlurmTakesThem) {
  slurm_.write("size", "4");
  Submission submission = of(10);
  EXPECT_EQ(submit_arrays(submission, {4, 0}), "");
  EXPECT_THAT(arrays(submission), ElementsAre("17: 0+4", "18: 4+4", "19: 8+2"));
  EXPECT_THAT(slurm_.asked().at(1), HasSubstr("--array=0-3 " + (submission.folder / "array.sbatch").string() + " 4"));
  EXPECT_THAT(slurm_.queue(), SizeIs(10));
}

TEST_F(SlurmArraysTest, ShrinkUntilALimitOnJobsHoldsAndSayWhyTheyStopped) {
  slurm_.write("room", "7");
  Submission submission = of(10);
  EXPECT_THAT(submit_arrays(submission, {1001, 0}), HasSubstr("AssocMaxSubmitJobLimit"));
  EXPECT_THAT(arrays(submission), ElementsAre("17: 0+5", "18: 5+2"));
  EXPECT_EQ(array_ids(read_submissions(out_.path())), array_ids({submission})) << "ids are written";
}

TEST_F(SlurmArraysTest, AnOptionThatSlurmRefusesIsNotTriedAgain) {
  slurm_.write("refuse", "sbatch: error: invalid partition specified: gpus");
  Submission submission = of(10);
  EXPECT_THAT(submit_arrays(submission, {1001, 0}), HasSubstr("invalid partition"));
  EXPECT_THAT(slurm_.asked(), SizeIs(1));
}

TEST_F(SlurmArraysTest, ThatAreLimitedInWidthComeOneAfterTheOther) {
  Submission submission = of(5);
  EXPECT_EQ(submit_arrays(submission, {3, 2}), "");
  EXPECT_THAT(slurm_.asked().at(0), HasSubstr("--array=0-2%2 /"));
  EXPECT_THAT(slurm_.asked().at(1), HasSubstr("--array=0-1%2 --dependency=afterany:17 /"));
  EXPECT_THAT(report_words(submission, {"17", "18"}).at(0), "--dependency=afterany:17:18");
}

}  // namespace
}  // namespace sslbench
