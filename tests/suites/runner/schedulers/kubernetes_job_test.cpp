// SPDX-License-Identifier: Apache-2.0
#include "suites/runner/schedulers/kubernetes_job.h"

#include <gmock/gmock.h>
#include <yaml-cpp/yaml.h>

#include "suites/runner/process.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::ElementsAre;
using ::testing::MatchesRegex;
namespace fs = std::filesystem;

KubernetesJob job() {
  return {.suite = "My_Suite.v2",
          .image = "registry/ssl: \"bench\"",
          .out = "/results/it's",
          .data_root = "/data",
          .list = "/results/it's/submit/1/list",
          .tasks = 7,
          .threads = 4};
}

TEST(KubernetesJobTest, IsAnIndexedJobOfItsTasks) {
  const YAML::Node root = YAML::Load(kubernetes_job(job()));
  EXPECT_EQ(root["apiVersion"].as<std::string>(), "batch/v1");
  EXPECT_THAT(root["metadata"]["name"].as<std::string>(), MatchesRegex("sslbench-my-suite-v2-[0-9a-f]{6}-1"));
  const YAML::Node spec = root["spec"];
  EXPECT_EQ(spec["completionMode"].as<std::string>(), "Indexed");
  EXPECT_EQ(spec["completions"].as<int>(), 7);
  EXPECT_EQ(spec["parallelism"].as<int>(), 7);
  EXPECT_EQ(spec["backoffLimitPerIndex"].as<int>(), 3);
  const YAML::Node pod = spec["template"]["spec"];
  EXPECT_EQ(pod["restartPolicy"].as<std::string>(), "Never") << "or the policy is refused";
  EXPECT_EQ(pod["containers"][0]["image"].as<std::string>(), "registry/ssl: \"bench\"");
  EXPECT_EQ(pod["containers"][0]["volumeMounts"][0]["mountPath"].as<std::string>(), "/results/it's");
  KubernetesJob narrow = job();
  narrow.at_once = 2;
  EXPECT_EQ(YAML::Load(kubernetes_job(narrow))["spec"]["parallelism"].as<int>(), 2);
}

// A job that is there already cannot be changed.
TEST(KubernetesJobTest, EverySubmissionOfEveryFolderHasAJobOfItsOwn) {
  const auto name = [](const std::string& list) {
    KubernetesJob each = job();
    each.list = list;
    return YAML::Load(kubernetes_job(each))["metadata"]["name"].as<std::string>();
  };
  EXPECT_NE(name("/results/a/submit/1/list"), name("/results/a/submit/2/list"));
  EXPECT_NE(name("/results/a/submit/1/list"), name("/results/b/submit/1/list"));
  EXPECT_EQ(name("/results/a/submit/1/list"), name("/results/a/submit/1/list"));
  KubernetesJob longest = job();
  longest.suite = std::string(200, 'x');
  EXPECT_LE(YAML::Load(kubernetes_job(longest))["metadata"]["name"].as<std::string>().size(), 63u);
}

TEST(KubernetesJobTest, AsksForWhatItsRanksTake) {
  KubernetesJob wide = job();
  wide.ranks = 2;
  wide.gpu = true;
  const YAML::Node resources =
      YAML::Load(kubernetes_job(wide))["spec"]["template"]["spec"]["containers"][0]["resources"];
  EXPECT_EQ(resources["requests"]["cpu"].as<int>(), 8);
  EXPECT_EQ(resources["limits"]["nvidia.com/gpu"].as<int>(), 2);
  const YAML::Node plain = YAML::Load(kubernetes_job(job()))["spec"]["template"]["spec"]["containers"][0]["resources"];
  EXPECT_FALSE(plain["limits"]);
}

TEST(KubernetesJobTest, SavedCountsAsNoFailureAndAFailedRunIsNotTriedAgain) {
  const YAML::Node root = YAML::Load(kubernetes_job(job()));
  const YAML::Node rules = root["spec"]["podFailurePolicy"]["rules"];
  EXPECT_EQ(rules[0]["action"].as<std::string>(), "Ignore");
  EXPECT_EQ(rules[0]["onExitCodes"]["operator"].as<std::string>(), "In");
  EXPECT_THAT(rules[0]["onExitCodes"]["values"].as<std::vector<int>>(), ElementsAre(75));
  EXPECT_EQ(rules[0]["onExitCodes"]["containerName"].as<std::string>(),
            root["spec"]["template"]["spec"]["containers"][0]["name"].as<std::string>());
  EXPECT_EQ(rules[1]["action"].as<std::string>(), "FailIndex");
  EXPECT_THAT(rules[1]["onExitCodes"]["values"].as<std::vector<int>>(), ElementsAre(2, 3));
  EXPECT_EQ(rules[2]["onPodConditions"][0]["type"].as<std::string>(), "DisruptionTarget");
}

// The container's command, with a program that answers for sslbench.
class RunningPodTest : public ::testing::Test {
 protected:
  int index(int number, int64_t runs_per_task, const std::string& codes) {
    fs::remove(folder_.path() / "ran");
    folder_.write("codes", codes);
    folder_.write("list", "a\nb b\nc\n");
    fs::permissions(folder_.write("sslbench",
                                  "#!/bin/sh\necho \"$3\" >> \"$HERE/ran\"; line=$(wc -l < \"$HERE/ran\"); "
                                  "exit $(sed -n \"${line}p\" \"$HERE/codes\")\n"),
                    fs::perms::owner_all);
    KubernetesJob asked = job();
    asked.list = folder_.path() / "list";
    asked.runs_per_task = runs_per_task;
    const YAML::Node command =
        YAML::Load(kubernetes_job(asked))["spec"]["template"]["spec"]["containers"][0]["command"];
    const std::string here = folder_.path().string();
    std::vector<std::string> words{"/usr/bin/env", "HERE=" + here, "PATH=" + here + ":/usr/bin:/bin",
                                   "JOB_COMPLETION_INDEX=" + std::to_string(number)};
    for (const YAML::Node& word : command) words.push_back(word.as<std::string>());
    const CommandResult result = run_command(words);
    EXPECT_EQ(result.errors, "");
    return result.end.code;
  }
  std::vector<std::string> ran() const {
    std::ifstream in(folder_.path() / "ran");
    std::vector<std::string> out;
    for (std::string line; std::getline(in, line);) out.push_back(line);
    return out;
  }

  ScratchFolder folder_;
};

TEST_F(RunningPodTest, CarriesOutItsLinesAndEndsAsTheyDid) {
  EXPECT_EQ(index(1, 1, "75"), 75);
  EXPECT_THAT(ran(), ElementsAre("b b"));
  EXPECT_EQ(index(0, 2, "3\n0\n"), 3);
  EXPECT_THAT(ran(), ElementsAre("a", "b b"));
  EXPECT_EQ(index(0, 2, "75\n0\n"), 75);
  EXPECT_THAT(ran(), ElementsAre("a"));
  EXPECT_EQ(index(1, 2, "0"), 0);
  EXPECT_THAT(ran(), ElementsAre("c"));
}

}  // namespace
}  // namespace sslbench
