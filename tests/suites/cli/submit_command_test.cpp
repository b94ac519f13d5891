// SPDX-License-Identifier: Apache-2.0
// `sslbench submit`, `run --spec` and `status` from the command line to the folder, with a fake worker and a fake
// Slurm.
#include <gmock/gmock.h>
#include <signal.h>

#include "reports/record/record_store.h"
#include "suites/files/atomic_file.h"
#include "suites/files/file_lock.h"
#include "suites/ground/build_id.h"
#include "suites/ground/revision.h"
#include "suites/runner/output_folder.h"
#include "suites/runner/programs.h"
#include "suites/runner/schedulers/submission.h"
#include "tests/suites/cli/cli_process.h"
#include "tests/suites/cli/record_of_this_build.h"
#include "tests/suites/runner/fake_worker.h"
#include "tests/suites/runner/schedulers/fake_slurm.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
namespace fs = std::filesystem;

constexpr const char* kSuite = R"(# Does it hold?
dataset = "shapes"
backbone = "resnet18"
threads = 3
[methods.random_init]
[methods.simclr]
[protocols.knn]
)";

class SubmitCommandTest : public ::testing::Test {
 protected:
  SubmitCommandTest() {
    ::setenv("SSLBENCH_DATA", (folder_.path() / "data").c_str(), 1);
    worker_.publishes(record_of_this_build());
  }
  ~SubmitCommandTest() override { ::unsetenv("SSLBENCH_DATA"); }

  std::vector<std::string> words(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"submit", suite_.string(), "-o", out_.string(), "--to", "slurm"});
    return more;
  }
  std::vector<std::string> list(int number = 1) const {
    std::ifstream in(out_ / "submit" / std::to_string(number) / "list");
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
  }
  fs::path spec_of(const std::string& row) const {
    for (const auto& entry : fs::directory_iterator(out_ / "work")) {
      if (entry.path().filename().string().starts_with(row + "-s")) return entry.path() / "runspec.json";
    }
    return "";
  }
  int carry_out(const std::string& row) const { return CliProcess({"run", "--spec", spec_of(row).string()}).code(); }
  nlohmann::json status() const {
    CliProcess process({"status", out_.string(), "--json"});
    EXPECT_EQ(process.code(), 0) << process.errors();
    return nlohmann::json::parse(process.output());
  }
  nlohmann::json state_of(const std::string& row) const {
    const nlohmann::json all = status();
    for (const auto& each : all.at("runs")) {
      if (each.at("row") == row) return each;
    }
    return {};
  }

  FakeWorker worker_;
  FakeSlurm slurm_;
  ScratchFolder folder_;
  fs::path suite_ = folder_.write("mine.toml", kSuite);
  fs::path out_ = folder_.path() / "out";
};

TEST_F(SubmitCommandTest, HandsOverEveryRunAndReturnsWithTheIds) {
  CliProcess process(words({"--time", "2:00:00", "--at-once", "8", "--sbatch=--partition=gpu"}));
  EXPECT_EQ(process.code(), 0) << process.errors();
  EXPECT_THAT(process.output(), AllOf(HasSubstr("2 runs in 2 tasks on cpu"), HasSubstr("job 17: tasks 0 to 1\n"),
                                      HasSubstr("job 18: the report")));
  EXPECT_THAT(slurm_.asked(), ElementsAre(HasSubstr("--array=0-1%8"), HasSubstr("--dependency=afterany:17")));
  EXPECT_THAT(read_plan(out_)->runs, SizeIs(2));
  EXPECT_THAT(list(), SizeIs(2));
  for (const std::string& spec : list()) EXPECT_TRUE(fs::exists(spec)) << spec;
  const std::string script = read_file(out_ / "submit/1/array.sbatch");
  EXPECT_THAT(script, AllOf(HasSubstr("#SBATCH --time=2:00:00\n"), HasSubstr("#SBATCH --partition=gpu\n"),
                            HasSubstr("#SBATCH --cpus-per-task=3\n"), HasSubstr("--signal=USR1@120")));
  EXPECT_THAT(read_file(out_ / "submit/1/report.sbatch"), HasSubstr("report '" + out_.string() + "'"));
  const Submission kept = read_submissions(out_).at(0);
  EXPECT_EQ(kept.arrays.at(0).id, "17");
  EXPECT_EQ(kept.report, "18");
  std::string holder;
  EXPECT_FALSE(FileLock::is_held(out_ / ".lock", holder)) << "the tasks need no lock of the folder, and `run` does";
}

TEST_F(SubmitCommandTest, TasksCarryOutTheirRunsAndStatusFollows) {
  CliProcess(words()).code();
  EXPECT_EQ(state_of("simclr").at("state"), "queued");
  EXPECT_EQ(carry_out("simclr"), 0);
  worker_.behave("random_init", "fail");
  EXPECT_EQ(carry_out("random_init"), 3);
  EXPECT_EQ(state_of("simclr").at("state"), "done");
  slurm_.queue_is({});
  EXPECT_EQ(state_of("random_init").at("state"), "failed") << "it left its record";
  EXPECT_EQ(carry_out("random_init"), 3);
  EXPECT_EQ(read_record(spec_of("random_init").parent_path().parent_path().parent_path() / "runs" /
                        (spec_of("random_init").parent_path().filename().string() + ".h5"))
                .attempts,
            2);
}

TEST_F(SubmitCommandTest, TwiceAddsNothing) {
  CliProcess(words()).code();
  CliProcess second(words());
  EXPECT_EQ(second.code(), 0);
  EXPECT_THAT(second.output(), HasSubstr("nothing to submit"));
  EXPECT_THAT(second.errors(), HasSubstr("2 runs are in the queue already"));
  EXPECT_FALSE(fs::exists(out_ / "submit/2"));
  EXPECT_THAT(slurm_.asked(), SizeIs(2));
}

TEST_F(SubmitCommandTest, AgainAddsWhatIsLostOrFailedAndTheReportWaitsForAll) {
  CliProcess(words({"--seeds", "0..2"})).code();  // six tasks of job 17
  slurm_.queue_is({"17_5|RUNNING|None|x|n1", "18|PENDING|Dependency|N/A|"});
  EXPECT_EQ(status().at("counts").at("lost"), 5);
  EXPECT_EQ(status().at("counts").at("running"), 1);
  CliProcess again(words({"--seeds", "0..2"}));
  EXPECT_THAT(again.output(), HasSubstr("5 runs in 5 tasks"));
  EXPECT_THAT(list(2), SizeIs(5));
  EXPECT_THAT(slurm_.asked().back(), HasSubstr("--dependency=afterany:17:19"));
  EXPECT_EQ(status().at("counts").at("queued"), 5);
}

TEST_F(SubmitCommandTest, ASuiteThatWasChangedIsToldOfTheRunsThatAreQueuedAsItWas) {
  CliProcess(words()).code();
  folder_.write("mine.toml", std::string(kSuite) + "k = 5\n");
  CliProcess changed(words());
  EXPECT_THAT(changed.output(), HasSubstr("2 runs in 2 tasks"));
  EXPECT_THAT(changed.errors(), AllOf(HasSubstr("2 runs are in the queue that the suite no longer asks for"),
                                      HasSubstr("to end them: scancel 17\n")));
  CliProcess look({"status", out_.string()});
  EXPECT_THAT(look.output(), HasSubstr("2 queued"));
  EXPECT_THAT(look.errors(), HasSubstr("to end them: scancel 17\n"));
  slurm_.queue_is({"19_0|PENDING|Resources|N/A|", "19_1|PENDING|Resources|N/A|"});
  EXPECT_THAT(CliProcess({"status", out_.string()}).errors(), Not(HasSubstr("no longer asks for")));
}

TEST_F(SubmitCommandTest, ARunThatSomebodyCarriesOutIsNotSubmitted) {
  CliProcess(words({"--dry"})).code();
  std::string holder;
  const auto lock = FileLock::try_take(spec_of("simclr").parent_path() / "watch.lock", holder);
  CliProcess process(words());
  EXPECT_THAT(process.output(), HasSubstr("1 run in 1 task"));
  EXPECT_THAT(process.errors(), HasSubstr("1 runs are at work outside of the queue"));
}

TEST_F(SubmitCommandTest, WorkOfAnotherChangedTreeStartsAfreshAndOneThatNeverBeganSaysNothing) {
  CliProcess(words({"--dry"})).code();
  for (const char* row : {"simclr", "random_init"}) {
    nlohmann::json spec = nlohmann::json::parse(read_file(spec_of(row)));
    spec["worker"] = std::string(64, 'a');
    spec["build"] = "feedbeef-dirty-aaaaaaaaaaaa Release";
    write_atomically(spec_of(row), spec.dump());
  }
  const fs::path begun = spec_of("simclr").parent_path();
  std::ofstream(begun / "log") << "began";
  std::ofstream(begun / "pretrain-3.ckpt") << "state";
  CliProcess process(words());
  EXPECT_EQ(process.code(), 0) << process.errors();
  EXPECT_THAT(process.errors(),
              AllOf(HasSubstr("simclr-s0"), HasSubstr("it starts afresh"), Not(HasSubstr("random_init"))));
  EXPECT_FALSE(fs::exists(begun / "pretrain-3.ckpt"));
  EXPECT_EQ(carry_out("simclr"), 0);
}

TEST_F(SubmitCommandTest, LimitOnJobsIsObeyedAndTheSameCommandAddsTheRest) {
  slurm_.write("room", "3");
  CliProcess first(words({"--seeds", "0..2"}));
  EXPECT_EQ(first.code(), 75);
  EXPECT_THAT(first.errors(), AllOf(HasSubstr("3 of 6 tasks were accepted"), HasSubstr("AssocMaxSubmitJobLimit"),
                                    HasSubstr("the same command later adds the rest")));
  EXPECT_EQ(status().at("counts").at("waiting"), 3);
  slurm_.write("room", "100");
  CliProcess second(words({"--seeds", "0..2"}));
  EXPECT_EQ(second.code(), 0);
  EXPECT_THAT(second.output(), HasSubstr("3 runs in 3 tasks"));
  EXPECT_EQ(status().at("counts").at("queued"), 6);
}

TEST_F(SubmitCommandTest, ARefusalIsSaidWithTheWordsOfSbatch) {
  slurm_.write("refuse", "sbatch: error: invalid partition specified: gpus");
  CliProcess process(words({"--sbatch=--partition=gpus"}));
  EXPECT_EQ(process.code(), 2);
  EXPECT_THAT(process.errors(), HasSubstr("invalid partition specified: gpus"));
}

// Fault matrix: 11
TEST_F(SubmitCommandTest, IdsAreWrittenBeforeACrash) {
  slurm_.write("size", "2");
  slurm_.write("fatal", "2");  // the second array
  EXPECT_EQ(CliProcess(words({"--seeds", "0..1"})).code(), 128 + SIGKILL);
  EXPECT_THAT(array_ids(read_submissions(out_)), ElementsAre("17"));
  slurm_.remove("fatal");
  CliProcess again(words({"--seeds", "0..1"}));
  EXPECT_THAT(again.output(), HasSubstr("2 runs in 2 tasks"));
  EXPECT_THAT(again.errors(), HasSubstr("2 runs are in the queue already"));
}

TEST_F(SubmitCommandTest, WithoutAnAnswerOfTheQueueNothingIsSubmittedTwice) {
  CliProcess(words()).code();
  slurm_.write("broken", "slurm_load_jobs error: Unable to contact slurm controller");
  CliProcess second(words());
  EXPECT_EQ(second.code(), 2);
  EXPECT_THAT(second.errors(), HasSubstr("Unable to contact slurm controller"));
  CliProcess status({"status", out_.string()});
  EXPECT_EQ(status.code(), 0);
  EXPECT_THAT(status.errors(), HasSubstr("what is in the queue is not known"));
  EXPECT_THAT(status.output(), HasSubstr("2 waiting"));
}

TEST_F(SubmitCommandTest, StatusSaysWhereATaskIs) {
  CliProcess(words()).code();
  slurm_.queue_is({"17_0|PENDING|Resources|N/A|", "17_1|RUNNING|None|x|n2"});
  const std::string shown = CliProcess({"status", out_.string()}).output();
  EXPECT_THAT(shown, AllOf(HasSubstr("queued"), HasSubstr("task 17_0 (Resources)"), HasSubstr("task 17_1 on n2")));
  const std::string run = fs::path(list().at(0)).parent_path().filename();
  folder_.write("out/work/" + run + "/progress.json",
                R"({"stage":"pretrain","step":5,"steps":10,"images_per_second":100,"stages_done":[],)"
                R"("stages":["pretrain","knn"]})");
  slurm_.queue_is({"17_0|PENDING|BeginTime|2026-12-01T09:17:56|"});
  CliProcess text({"status", out_.string()});
  EXPECT_THAT(text.output(), AllOf(HasSubstr("queued again"), HasSubstr("task 17_0 from 09:17:56"), HasSubstr("lost"),
                                   HasSubstr("neither record nor in the queue: submit again")));
  EXPECT_EQ(status().at("counts"), (nlohmann::json{{"lost", 1}, {"queued again", 1}}));
}

TEST_F(SubmitCommandTest, RunsOfOneTaskGoTogether) {
  CliProcess process(words({"--seeds", "0..2", "--per-task", "4"}));
  EXPECT_THAT(process.output(), HasSubstr("6 runs in 2 tasks"));
  EXPECT_THAT(slurm_.asked().at(0), HasSubstr("--array=0-1 "));
  EXPECT_THAT(read_file(out_ / "submit/1/array.sbatch"), HasSubstr("per_task=4\n"));
  slurm_.queue_is({"17_1|RUNNING|None|x|n2"});
  EXPECT_EQ(status().at("counts"), (nlohmann::json{{"lost", 4}, {"queued", 2}})) << "whose turn it is, its lock says";
}

TEST_F(SubmitCommandTest, DryWritesAllFilesAndSubmitsNothing) {
  CliProcess process(words({"--dry"}));
  EXPECT_EQ(process.code(), 0) << process.errors();
  EXPECT_THAT(slurm_.asked(), IsEmpty());
  EXPECT_THAT(process.output(), HasSubstr("sbatch --array=0-1 " + (out_ / "submit/1/array.sbatch").string() + " 0"));
  for (const char* file : {"list", "array.sbatch", "report.sbatch", "jobs.json"}) {
    EXPECT_TRUE(fs::exists(out_ / "submit/1" / file)) << file;
  }
  EXPECT_EQ(state_of("simclr").at("state"), "waiting");
}

TEST_F(SubmitCommandTest, ListIsForAnyOtherScheduler) {
  CliProcess process({"submit", suite_.string(), "-o", out_.string(), "--to", "list", "--only", "simclr"});
  EXPECT_EQ(process.code(), 0) << process.errors();
  EXPECT_THAT(list(), ElementsAre(spec_of("simclr").string()));
  EXPECT_FALSE(fs::exists(out_ / "submit/1/array.sbatch"));
  EXPECT_EQ(carry_out("simclr"), 0);
}

TEST_F(SubmitCommandTest, KubernetesGetsAJobToApply) {
  const std::vector<std::string> asked{"submit", suite_.string(), "-o", out_.string(), "--to", "kubernetes"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), asked.begin(), asked.end());
    return more;
  };
  CliProcess applied(with({"--image", "ours"}));
  EXPECT_EQ(applied.code(), 2);
  EXPECT_THAT(applied.errors(), HasSubstr("kubectl apply"));
  EXPECT_THAT(CliProcess(with({"--dry"})).errors(), HasSubstr("--image"));
  CliProcess process(with({"--image", "ours", "--dry"}));
  EXPECT_EQ(process.code(), 0) << process.errors();
  EXPECT_THAT(process.output(), HasSubstr("kubectl apply -f " + (out_ / "submit/1/job.yaml").string()));
  EXPECT_THAT(read_file(out_ / "submit/1/job.yaml"), HasSubstr("completions: 2\n"));
}

TEST_F(SubmitCommandTest, WhatWasMeasuredLimitsATask) {
  CliProcess first(words());
  EXPECT_THAT(first.errors(), HasSubstr("not measured on this machine: tasks get the partition's time limit"));
  EXPECT_THAT(read_file(out_ / "submit/1/array.sbatch"), Not(HasSubstr("--time")));
}

TEST_F(SubmitCommandTest, AGpuOfTheNodesNeedNotBeHere) {
  CliProcess process(words({"--device", "cuda"}));
  EXPECT_EQ(process.code(), 0) << process.errors();
  EXPECT_THAT(process.output(), HasSubstr("on cuda:0"));
  EXPECT_EQ(nlohmann::json::parse(read_file(spec_of("simclr"))).at("device"), "cuda:0");
  EXPECT_EQ(carry_out("simclr"), 2) << "but where the run starts";
}

TEST_F(SubmitCommandTest, MistakesExitTwoAndWriteNothing) {
  const auto refused = [&](const std::vector<std::string>& more) {
    CliProcess process(words(more));
    EXPECT_EQ(process.code(), 2);
    return process.errors();
  };
  EXPECT_THAT(refused({"--time", "1h"}), HasSubstr("--time: expected minutes"));
  EXPECT_THAT(refused({"--sbatch", "partition=gpu"}), HasSubstr("expected an option of sbatch"));
  EXPECT_THAT(refused({"--sbatch", "--comment=a\n#SBATCH --x"}), HasSubstr("expected an option of sbatch"));
  EXPECT_THAT(refused({"--image", "x"}), HasSubstr("--image is for --to kubernetes"));
  EXPECT_THAT(refused({"--to", "pbs"}), HasSubstr("--to"));
  EXPECT_THAT(refused({"--jobs", "3"}), HasSubstr("--jobs"));
  EXPECT_THAT(refused({"--only", "x*"}), HasSubstr("matches no row"));
  EXPECT_FALSE(fs::exists(out_));
  ::setenv("PATH", "/nowhere", 1);
  EXPECT_THAT(refused({}), HasSubstr("sbatch is not on the PATH"));
}

TEST_F(SubmitCommandTest, ASpecTakesNoSuiteAndNoOptionOfOne) {
  CliProcess(words({"--dry"})).code();
  const auto refused = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all{"run", "--spec", spec_of("simclr").string()};
    all.insert(all.end(), more.begin(), more.end());
    CliProcess process(all);
    EXPECT_EQ(process.code(), 2);
    return process.errors();
  };
  EXPECT_THAT(refused({suite_.string()}), HasSubstr("leave out SUITE"));
  EXPECT_THAT(refused({"--seeds", "0"}), HasSubstr("leave out --seeds"));
  EXPECT_THAT(refused({"-o", "x"}), HasSubstr("leave out --out"));
  EXPECT_THAT(refused({"--again"}), HasSubstr("leave out --again"));
  EXPECT_THAT(worker_.started(), IsEmpty());
  EXPECT_EQ(CliProcess({"run", "--spec", spec_of("simclr").string(), "--keep-work", "--stall-timeout", "60"}).code(),
            0);
}

}  // namespace
}  // namespace sslbench
