// SPDX-License-Identifier: Apache-2.0
// sslbench ci init: what the jobs that it writes do, where they can be run here.
#include "suites/cli/commands/ci_scripts.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "suites/plan/gate_rules.h"
#include "suites/runner/programs.h"
#include "tests/suites/cli/ci_repository.h"
#include "tests/suites/runner/fake_worker.h"

namespace sslbench {
namespace {

namespace fs = std::filesystem;

using CiCommandTest = CiRepository;

bool has_worker() { return fs::exists(program_folder() / "sslbench-worker"); }

TEST_F(CiCommandTest, WritesTheRepositorysOwnWorkflowAndKeepsWhatIsThere) {
  if (!has_worker()) GTEST_SKIP() << "no worker is built, whose catalog the suite smoke is read by";
  holds_sslbench();
  ASSERT_EQ(init("smoke"), 0) << errors;
  const fs::path source = SSLBENCH_SOURCE_DIR;
  for (const char* file : {".github/workflows/sslbench.yml", "sslbench-gate-smoke.toml"}) {
    EXPECT_EQ(read_file(root() / file), read_file(source / file)) << file << ": run `sslbench ci init --force`";
  }
  CliProcess again({"ci", "init", "-o", root().string()});
  EXPECT_EQ(again.code(), 2);
  EXPECT_NE(again.errors().find("--force"), std::string::npos);
}

TEST_F(CiCommandTest, TheGateIsJudgedBeforeTheRecordAndItsCodeEndsTheJob) {
  const FakeWorker worker;
  ASSERT_EQ(init(with_suite("[protocols.knn]\n")), 0) << errors;
  EXPECT_LT(place(github, "- name: Gate\n"), place(github, "- name: Record in history\n"));
  EXPECT_LT(place(github, "- name: Record in history\n"), place(github, "- name: Summary\n"));
  EXPECT_LT(place(github, "- name: Artefacts\n"), place(github, "- name: Verdict\n"));
  EXPECT_EQ(count(github, "contents: write"), 1u);
  EXPECT_LT(place(github, "\n  record:\n"), place(github, "contents: write")) << "only the job that pushes";
  EXPECT_EQ(count(github, "pull-requests: write"), 1u);
  EXPECT_LT(place(github, "\n  comment:\n"), place(github, "pull-requests: write")) << "only the job that comments";
  EXPECT_EQ(github.find("key: sslbench-history"), std::string::npos) << "a person cannot mend what a cache holds";
}

TEST_F(CiCommandTest, ActionsArePinnedAndNoCheckoutKeepsAToken) {
  const FakeWorker worker;
  ASSERT_EQ(init(with_suite("[protocols.knn]\n")), 0) << errors;
  const std::regex pinned("uses: [a-z]+/[a-z/-]+@[0-9a-f]{40} # v[0-9]+\\.[0-9]+\\.[0-9]+\n");
  const auto uses = std::distance(std::sregex_iterator(github.begin(), github.end(), pinned), std::sregex_iterator());
  EXPECT_EQ(static_cast<size_t>(uses), count(github, "uses: "));
  EXPECT_EQ(count(github, "persist-credentials: false"), count(github, "uses: actions/checkout@"));
  EXPECT_EQ(count(github, "timeout-minutes: "), count(github, "runs-on: "));
}

// Stands for sslbench: some runs fail, the gate finds nothing comparable, `record` names its file after the branch.
constexpr const char* kFakeProgram = R"sh(#!/bin/sh
case "$1" in
  run) exit 3 ;;
  gate) find sslbench-history -name '*.json' > seen; exit 5 ;;
  history) mkdir -p sslbench-history/my; echo "$RECORD" | tee "sslbench-history/my/$RECORD.json" ;;
esac
)sh";

TEST_F(CiCommandTest, WhatMainMeasuredIsRecordedThoughTheGateRefusesIt) {
  const FakeWorker worker;
  holds_sslbench();
  root_.write("build/release/bin/sslbench", kFakeProgram);
  ASSERT_EQ(init(with_suite("[protocols.knn]\n")), 0) << errors;
  const std::string hosts = "url.\"$PWD/../remote\".insteadOf https://";
  ASSERT_EQ(
      bash("",
           "chmod +x scripts/* build/release/bin/sslbench\ngit init -q --bare remote\n"
           "for job in a b c d; do git init -q $job; cp -r scripts build $job; cd $job\n"
           "git -c user.name=x -c user.email=x commit -q --allow-empty -m x\n"
           "git config " +
               hosts + "gitlab-ci-token:j@h:1/p.git; git config --add " + hosts + "sslbench:t@h:1/p.git; cd ..; done"),
      0)
      << said;
  const std::string about =
      "export SUITE=bench/my.toml NAME=my RULES=sslbench-gate-my.toml\n"
      "export CI_SERVER_PROTOCOL=https CI_SERVER_HOST=h CI_SERVER_PORT=1 CI_JOB_TOKEN=j\n"
      "export CI_PROJECT_PATH=p CI_DEFAULT_BRANCH=main CI_PIPELINE_IID=1\n";
  const std::string main = about + "export CI_COMMIT_BRANCH=main SSLBENCH_HISTORY_TOKEN=t\n";
  const std::string script = gitlab_script(), tree = "git -C ../remote ls-tree -r --name-only sslbench-history";
  EXPECT_EQ(bash("a", main + "export RECORD=first\n" + script), 5) << said;
  EXPECT_EQ(bash("a", "cat seen; " + tree), 0);
  EXPECT_EQ(said, "my/first.json\n") << "nothing when the gate looked, then recorded";
  EXPECT_EQ(bash("b", main + "export RECORD=second\n" + script), 5) << said;
  EXPECT_EQ(bash("c", about + "export RECORD=of_a_merge_request\n" + script), 5) << said;
  EXPECT_EQ(bash("c", "sort seen; " + tree), 0);
  const std::string both = "my/first.json\nmy/second.json\n";
  EXPECT_EQ(said, "sslbench-history/my/first.json\nsslbench-history/my/second.json\n" + both);
  EXPECT_EQ(bash("d", about + "export CI_COMMIT_BRANCH=main RECORD=d\n" + script), 5) << said;
  place(said, "SSLBENCH_HISTORY_TOKEN is not set; nothing is recorded");
  EXPECT_EQ(bash("d", tree), 0);
  EXPECT_EQ(said, both);
}

TEST_F(CiCommandTest, TwoJobsThatPushAtOnceBothEndInHistory) {
  const std::string each = "cd $job; remote=$PWD/../remote; message=$job\n";
  const std::string open = each + std::string(kOpenHistory) + "echo {} > sslbench-history/$job.json\ncd ..\n";
  ASSERT_EQ(bash("",
                 "git init -q --bare remote\nfor job in a b; do git init -q $job\n"
                 "git -C $job -c user.name=x -c user.email=x commit -q --allow-empty -m x\n" +
                     open + "done"),
            0);
  EXPECT_EQ(bash("", "for job in a b; do\n" + each + std::string(kPushHistory) + "cd ..\ndone"), 0) << said;
  EXPECT_EQ(bash("remote", "git ls-tree -r --name-only sslbench-history"), 0);
  EXPECT_EQ(said, "a.json\nb.json\n");
}

TEST_F(CiCommandTest, TheStrongestCodeIsTheJobs) {
  const auto verdict = [&](const std::string& codes) {
    root_.write("exit-codes", codes);
    return bash("", std::string(kVerdict));
  };
  EXPECT_EQ(verdict("0\n0\n0\n"), 0);
  EXPECT_EQ(verdict("3\n0\n1\n"), 3);
  EXPECT_EQ(verdict("3\n4\n5\n"), 5);
  EXPECT_EQ(verdict("75\n5\n"), 75);
  EXPECT_EQ(verdict("75\n2\n"), 2);
  EXPECT_EQ(verdict("2\n70\n"), 70);
  EXPECT_EQ(verdict("0\n137\n"), 137) << "killed";
}

TEST_F(CiCommandTest, ASuiteIsNamedAsTheJobFindsIt) {
  const FakeWorker worker;
  ASSERT_EQ(init(with_suite("[protocols.knn]\n")), 0) << errors;
  place(github, "- { suite: \"bench/my.toml\", name: \"my\", rules: \"sslbench-gate-my.toml\" }\n");
  place(gitlab, "- { SUITE: \"bench/my.toml\", NAME: \"my\", RULES: \"sslbench-gate-my.toml\" }\n");
  const ScratchFolder elsewhere;
  fs::copy(root() / "bench", elsewhere.path());
  EXPECT_EQ(init((elsewhere.path() / "my.toml").string()), 2);
  place(errors, "outside the repository");
  place(errors, "put the suite into the repository");
}

TEST_F(CiCommandTest, EverySuiteIsAJobOfItsOwnAndOneCommentShowsAll) {
  const FakeWorker worker;
  const std::string mine = with_suite("[protocols.knn]\n");
  ASSERT_EQ(init(mine, with_suite("[protocols.knn]\n", "bench/night.toml")), 0) << errors;
  for (const std::string& job : {github, gitlab}) {
    place(job, "\"bench/my.toml\"");
    place(job, "\"bench/night.toml\"");
  }
  EXPECT_TRUE(fs::exists(root() / "sslbench-gate-my.toml"));
  EXPECT_TRUE(fs::exists(root() / "sslbench-gate-night.toml"));
  EXPECT_EQ(count(github, "createComment"), 1u);
  EXPECT_EQ(count(github, "updateComment"), 1u);
  EXPECT_EQ(init(mine, with_suite("[protocols.knn]\n", "other/my.toml")), 2);
  place(errors, "two suites are named 'my'");
}

TEST_F(CiCommandTest, TheGatesRulesAreOfWhatTheSuiteMeasures) {
  const FakeWorker worker;
  ASSERT_EQ(init(with_suite("[protocols.knn]\n[protocols.boxes]\nprotocol = \"detection\"\n")), 0) << errors;
  const std::string rules = read_file(root() / "sslbench-gate-my.toml");
  place(rules, "\n[gate]\nknn.top1 = { max_drop = 5, unit = \"points\" }\nboxes.ap = {");
  place(github, "rules: \"sslbench-gate-my.toml\"");
  EXPECT_EQ(read_gate_file(root() / "sslbench-gate-my.toml").size(), 2u);
  fs::remove(root() / "sslbench-gate-my.toml");
  const std::string gate = "[gate]\npretrain.throughput = { max_drop = 5, unit = \"percent\" }\n";
  ASSERT_EQ(init(with_suite(gate)), 0) << errors;
  place(github, "rules: \"\"");  // the suite has its own
  EXPECT_FALSE(fs::exists(root() / "sslbench-gate-my.toml"));
  EXPECT_EQ(init(with_suite("")), 2);
  place(errors, "add [gate]");
}

TEST_F(CiCommandTest, ARepositoryWithoutSslbenchFetchesItFromWhereAVariableSays) {
  const FakeWorker worker;
  const std::string suite = with_suite("[protocols.knn]\n");
  root_.write("scripts/setup", "of another project");
  ASSERT_EQ(init(suite), 0) << errors;
  place(github, "SSLBENCH_REPOSITORY: ${{ vars.SSLBENCH_REPOSITORY }}");
  place(github, "          sslbench-source/build/release/bin/sslbench run \"$SUITE\"");
  EXPECT_EQ(bash("", "unset SSLBENCH_REPOSITORY SSLBENCH_REF\n" + gitlab_script()), 2);
  place(said, "expected the address to clone sslbench from, and a tag or commit of it; set both as CI variables\n");
  EXPECT_EQ(count(said, "\n"), 1u) << said;
  holds_sslbench();
  ASSERT_EQ(init(suite), 0) << errors;
  EXPECT_EQ((github + gitlab).find("sslbench-source"), std::string::npos);
}

TEST_F(CiCommandTest, DatasetsWithFilesGetTheirCommands) {
  if (!has_worker()) GTEST_SKIP() << "no worker is built, whose catalog the suite is read by";
  ASSERT_EQ(init("detection_segmentation"), 0) << errors;
  for (const std::string& job : {github, gitlab}) {
    place(job, ": \"detection_segmentation\", ");
    EXPECT_LT(place(job, "  sslbench-source/build/release/bin/sslbench data get cifar10\n"),
              place(job, "sslbench run"));
    place(job, "# sslbench-source/build/release/bin/sslbench data add bccd PATH\n");
    place(job, "# sslbench-source/build/release/bin/sslbench data add camvid PATH\n");
  }
  ASSERT_EQ(init("smoke"), 0) << errors;
  EXPECT_EQ((github + gitlab).find("sslbench data "), std::string::npos) << "shapes are drawn";
}

}  // namespace
}  // namespace sslbench
