// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/schedulers/array_script.h"

#include <gmock/gmock.h>

#include "suites/files/atomic_file.h"
#include "suites/runner/process.h"
#include "suites/runner/programs.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
namespace fs = std::filesystem;

TEST(ArrayScriptTest, SaysWhatATaskMayUse) {
  ArrayScript script{.suite = "mine", .program = "/opt/sslbench", .folder = "/results/50% \"off\"/submit/1"};
  script.threads = 4;
  script.ranks = 2;
  script.time = "2:05:00";
  script.warning_seconds = 90;
  script.options = {"--partition=gpu", "--gres=gpu:1"};
  const std::string text = array_script(script);
  for (const char* line :
       {"#SBATCH --job-name=sslbench-mine\n", "#SBATCH --ntasks=2\n", "#SBATCH --cpus-per-task=4\n",
        "#SBATCH --time=2:05:00\n", "#SBATCH --signal=USR1@90 ", "#SBATCH --requeue\n", "#SBATCH --partition=gpu\n",
        "#SBATCH --gres=gpu:1\n", "#SBATCH --output=\"/results/50%% \\\"off\\\"/submit/1/log/%A_%a.log\"\n",
        "folder='/results/50% \"off\"/submit/1'\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, Not(HasSubstr("SSLBENCH_WORKER")));
  script.time.clear();
  script.worker = "/it's/worker";
  EXPECT_THAT(array_script(script), Not(HasSubstr("--time")));
  EXPECT_THAT(array_script(script), HasSubstr("export SSLBENCH_WORKER='/it'\\''s/worker'\n"));
  EXPECT_THAT(report_script(script, "/results/50%"), HasSubstr("exec '/opt/sslbench' report '/results/50%'\n"));
}

// The script under bash, with programs that answer for Slurm and sslbench: what sslbench ends with stands in `codes`, a
// line a call.
class RunningScriptTest : public ::testing::Test {
 protected:
  RunningScriptTest() {
    for (const auto& [name, body] : std::vector<std::pair<std::string, std::string>>{
             {"srun", "while [ \"$1\" != \"$SSL\" ]; do shift; done; exec \"$@\""},
             {"scontrol",
              "if [ \"$1\" = requeue ]; then echo \"$*\" >> \"$HERE/requeued\"; else cat \"$HERE/state\"; fi"},
             {"sleep", "exit 0"},
             {"my sslbench",
              "echo \"$3\" >> \"$HERE/ran\"; line=$(wc -l < \"$HERE/ran\"); "
              "exit $(sed -n \"${line}p\" \"$HERE/codes\")"}}) {
      fs::permissions(folder_.write(name, "#!/bin/bash\n" + body + "\n"), fs::perms::owner_all);
    }
    folder_.write("state", "JobId=20 ArrayJobId=17 JobState=RUNNING Reason=None\n");
    folder_.write("submit/list", "a\nb b\nc\nd\ne\n");
    fs::create_directories(folder_.path() / "submit/log");
  }
  // Exit code of task `index` of the array whose tasks begin at `first`.
  int task(int index, const std::string& codes, int per_task = 1, int restart = 0, int first = 0) {
    fs::remove(folder_.path() / "ran");
    folder_.write("codes", codes);
    ArrayScript script{.suite = "mine", .program = folder_.path() / "my sslbench", .folder = folder_.path() / "submit"};
    script.runs_per_task = per_task;
    const fs::path file = folder_.write("array.sbatch", array_script(script));
    const std::string here = folder_.path().string();
    const CommandResult result =
        run_command({"/usr/bin/env", "HERE=" + here, "SSL=" + here + "/my sslbench", "PATH=" + here + ":/usr/bin:/bin",
                     "SLURM_ARRAY_JOB_ID=17", "SLURM_ARRAY_TASK_ID=" + std::to_string(index), "SLURMD_NODENAME=n1",
                     "SLURM_RESTART_COUNT=" + std::to_string(restart), "bash", file.string(), std::to_string(first)});
    EXPECT_EQ(result.errors, "");
    return result.end.code;
  }
  std::vector<std::string> lines(const std::string& file) const {
    std::ifstream in(folder_.path() / file);
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
  }

  ScratchFolder folder_;
};

TEST_F(RunningScriptTest, CarriesOutItsOwnLine) {
  EXPECT_EQ(task(1, "0"), 0);
  EXPECT_THAT(lines("ran"), ElementsAre("b b"));
  EXPECT_EQ(task(1, "0", 1, 0, 3), 0);
  EXPECT_THAT(lines("ran"), ElementsAre("e")) << "of the second array";
}

TEST_F(RunningScriptTest, SavedComesBackAloneAndAsOftenAsNeeded) {
  EXPECT_EQ(task(2, "75", 1, 9), 75);
  EXPECT_THAT(lines("requeued"), ElementsAre("requeue 17_2"));
}

// Which is asked while Slurm waits for the task's end.
TEST_F(RunningScriptTest, WhatSlurmItselfIsEndingIsLeftAlone) {
  folder_.write("state", "JobId=20 ArrayJobId=17 JobState=COMPLETING Reason=None\n");
  EXPECT_EQ(task(2, "75"), 75);
  EXPECT_EQ(task(2, "143"), 143);
  EXPECT_THAT(lines("requeued"), IsEmpty());
  folder_.write("state", "");  // Slurm does not answer
  EXPECT_EQ(task(2, "75"), 75);
  EXPECT_THAT(lines("requeued"), ElementsAre("requeue 17_2"));
}

TEST_F(RunningScriptTest, KilledComesBackThreeTimes) {
  for (int restart = 0; restart < 5; ++restart) EXPECT_EQ(task(0, "137", 1, restart), 137);
  EXPECT_EQ(task(0, "143", 1, 0), 143);
  EXPECT_THAT(lines("requeued"), ElementsAre("requeue 17_0", "requeue 17_0", "requeue 17_0", "requeue 17_0"));
}

TEST_F(RunningScriptTest, FailureOrMistakeDoesNotComeBack) {
  EXPECT_EQ(task(0, "3"), 3);
  EXPECT_EQ(task(1, "2"), 2);
  EXPECT_THAT(lines("requeued"), IsEmpty());
}

TEST_F(RunningScriptTest, RunsOfOneTaskFollowEachOtherAndAFailedOneIsNotTriedAgainWithThem) {
  EXPECT_EQ(task(0, "3\n75\n", 3), 75);
  EXPECT_THAT(lines("ran"), ElementsAre("a", "b b"));
  EXPECT_EQ(task(0, "0\n0\n", 3, 1), 0);
  EXPECT_THAT(lines("ran"), ElementsAre("b b", "c"));
  EXPECT_EQ(task(1, "0\n3\n", 3), 3);
  EXPECT_THAT(lines("ran"), ElementsAre("d", "e")) << "the last task has fewer";
}

}  // namespace
}  // namespace sslbench
