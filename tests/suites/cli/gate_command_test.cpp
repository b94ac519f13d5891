// SPDX-License-Identifier: Apache-2.0
// gate as people start it: planted changes, their verdicts and exit codes.
#include <algorithm>
#include <cmath>
#include <functional>

#include "tests/suites/cli/tracked_command.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

class GateCommandTest : public TrackedCommand {};

TEST_F(GateCommandTest, NothingChangedPasses) {
  record_history();
  EXPECT_EQ(gate({}), 0) << errors;
  EXPECT_EQ(said.at("counts").at("same"), 4);
  EXPECT_EQ(said.at("judged"), 4);
}

TEST_F(GateCommandTest, OnePointDropIsARegression) {
  record_history();
  const TrackedResults now = one_point_drop();
  EXPECT_EQ(gate(now), 1);
  EXPECT_EQ(verdict("byol", "top1"), "regressed");
  EXPECT_EQ(verdict("simclr", "top1"), "same");
  EXPECT_EQ(verdict("byol", "throughput"), "same");
}

// The shift is in the change's own file: green by it alone, until a run of it is recorded with the file.
TEST_F(GateCommandTest, AShiftThatTheChangeMeansIsGreenInItAndNowhereElse) {
  record_history();
  const std::string file = path("accepted.toml").string();
  CliProcess accept({"history", "accept", "--into", file, "--history", store(), "--cell", "byol", "--metric",
                     "linear_probe.*", "--reason", "half the epochs"});
  ASSERT_EQ(accept.code(), 0) << accept.errors();
  EXPECT_EQ(gate(one_point_drop(), {"--accepted", file}), 0) << errors;
  EXPECT_EQ(verdict("byol", "top1"), "inconclusive");
  EXPECT_THAT(said.dump(), HasSubstr("accepted with this change: "));
  EXPECT_EQ(verdict("byol", "throughput"), "same") << "only what was accepted";
  EXPECT_EQ(gate(one_point_drop()), 1) << "another change that loses as much is still guarded";

  TrackedResults merged = one_point_drop();
  merged.revision = "merged";
  merged.first_seed = 50;
  CliProcess record({"history", "record", results("merged", merged), "--history", store(), "--accepted", file});
  ASSERT_EQ(record.code(), 0) << record.errors();
  const std::string files = record.output();
  EXPECT_EQ(std::count(files.begin(), files.end(), '\n'), 2) << files;
  EXPECT_EQ(gate(one_point_drop()), 0) << "taken over";
  EXPECT_EQ(gate(one_point_drop(), {"--accepted", file}), 0);
  EXPECT_THAT(said.dump(), HasSubstr("history since it was accepted"));
  EXPECT_THAT(said.dump(), HasSubstr("\"history_runs\":5")) << "the run that took it over counts";
}

TEST_F(GateCommandTest, RecordingFirstHidesNothing) {
  record_history();
  const TrackedResults now = one_point_drop();
  CliProcess record({"history", "record", results("now", now), "--history", store()});
  ASSERT_EQ(record.code(), 0);
  EXPECT_EQ(gate(now), 1);
  EXPECT_EQ(said.at("cells").at(0).at("history_runs"), 20);
}

// Whatever older records say: the code between that commit and this one changed nothing.
TEST_F(GateCommandTest, RunsThatAnotherCommitGaveBitByBitAreTheSame) {
  record_history();
  TrackedResults before = one_point_drop();
  before.revision = "another";
  CliProcess record({"history", "record", results("before", before), "--history", store()});
  ASSERT_EQ(record.code(), 0);
  EXPECT_EQ(gate(one_point_drop()), 0) << errors;
  EXPECT_EQ(verdict("byol", "top1"), "same");
  EXPECT_THAT(said.dump(), HasSubstr("bit-identical to "));
}

TEST_F(GateCommandTest, IncomparableNamesTheSettingsThatChanged) {
  TrackedResults before, now;
  before.pretrain = {{"epochs", 6}, {"batch_size", 64}};
  now.pretrain = {{"epochs", 5}, {"batch_size", 64}};
  CliProcess record({"history", "record", results("before", before), "--history", store()});
  ASSERT_EQ(record.code(), 0);
  EXPECT_EQ(gate(now), 5);
  EXPECT_THAT(said.dump(), HasSubstr("other settings: pretrain.epochs 6 → 5"));
}

TEST_F(GateCommandTest, AMetricThatIsBetterTheOtherWayRoundNowIsIncomparable) {
  TrackedResults before, now;
  before.better = "lower";
  now.first_seed = 7;
  CliProcess record({"history", "record", results("before", before), "--history", store()});
  ASSERT_EQ(record.code(), 0);
  EXPECT_EQ(gate(now), 5);
  EXPECT_THAT(said.dump(), HasSubstr("better is lower → higher"));
  CliProcess compare({"compare", results("before", before), results("now", now)});
  EXPECT_EQ(compare.code(), 5);
  EXPECT_THAT(compare.output(), HasSubstr("better is lower → higher"));
}

TEST_F(GateCommandTest, TheSameRunAgainIsTheSame) {
  TrackedResults now;
  CliProcess record({"history", "record", results("now", now), "--history", store()});
  ASSERT_EQ(record.code(), 0);
  EXPECT_EQ(gate(now), 0);
  EXPECT_EQ(verdict("byol", "top1"), "same");
  EXPECT_THAT(said.dump(), HasSubstr("bit-identical"));
}

// Fault matrix: 64
TEST_F(GateCommandTest, TenPercentSlowerIsARegression) {
  record_history();
  TrackedResults now;
  now.changed_row = "simclr";
  now.slowdown = 0.1;
  EXPECT_EQ(gate(now), 1);
  EXPECT_EQ(verdict("simclr", "throughput"), "regressed");
}

TEST_F(GateCommandTest, ABetterNumberIsAnImprovement) {
  record_history();
  TrackedResults now;
  now.changed_row = "simclr";
  now.slowdown = -0.1;
  EXPECT_EQ(gate(now), 0);
  EXPECT_EQ(verdict("simclr", "throughput"), "improved");
}

TEST_F(GateCommandTest, WhatVanishedOrShrankIsMissing) {
  record_history();
  TrackedResults vanished;
  vanished.rows = {"byol"};
  EXPECT_EQ(gate(vanished), 4);
  EXPECT_EQ(verdict("simclr", "top1"), "missing");
  std::filesystem::remove_all(path("now"));
  TrackedResults shrunk;
  shrunk.n = 1024;
  EXPECT_EQ(gate(shrunk), 4);
  EXPECT_EQ(verdict("byol", "top1"), "missing");
}

TEST_F(GateCommandTest, AProtocolThatLeftWithItsRuleIsMissingUntilItsEndIsAccepted) {
  record_history();
  TrackedResults now;
  now.probe = "knn";
  now.suite_text = "# Did it get worse?\n[gate]\npretrain.throughput = { max_drop = 5, unit = \"percent\" }\n";
  EXPECT_EQ(gate(now), 4);
  EXPECT_EQ(verdict("byol", "top1"), "missing");
  CliProcess accept({"history", "accept", "--history", store(), "--cell", "*", "--metric", "linear_probe.*", "--reason",
                     "kNN says the same"});
  EXPECT_EQ(accept.code(), 0) << accept.errors();
  std::filesystem::remove_all(path("now"));
  EXPECT_EQ(gate(now), 0) << said.dump(1);
}

TEST_F(GateCommandTest, AnAcceptedEndIsNotMissing) {
  record_history();
  CliProcess accept({"history", "accept", "--history", store(), "--cell", "simclr", "--reason", "row was dropped"});
  EXPECT_EQ(accept.code(), 0) << accept.errors();
  TrackedResults now;
  now.rows = {"byol"};
  EXPECT_EQ(gate(now), 0) << said.dump(1);
}

// Fault matrix: 63
TEST_F(GateCommandTest, OtherProtocolDataOrMachineIsIncomparable) {
  record_history();
  const std::vector<std::function<void(TrackedResults&)>> changes = {
      [](TrackedResults& r) { r.version = 2; }, [](TrackedResults& r) { r.digest = "d2"; },
      [](TrackedResults& r) { r.machine = "machine B"; }};
  for (const auto& change : changes) {
    TrackedResults now;
    change(now);
    EXPECT_EQ(gate(now), 5);
    EXPECT_EQ(verdict("byol", "throughput"), "incomparable");
  }
  EXPECT_THAT(said.dump(), HasSubstr("--ab OLD compares two builds on this machine"));
  EXPECT_EQ(verdict("byol", "top1"), "same") << "accuracy does not depend on the machine";
}

TEST_F(GateCommandTest, ADirtyTreeOrDebugBuildIsJudgedByAccuracyOnly) {
  record_history();
  TrackedResults dirty, debug;
  dirty.dirty = true;
  debug.build = "Debug";
  for (const auto& [now, mark] : {std::pair(dirty, "dirty tree"), std::pair(debug, "debug build")}) {
    EXPECT_EQ(gate(now), 5);
    EXPECT_EQ(verdict("byol", "throughput"), "incomparable");
    EXPECT_EQ(verdict("byol", "top1"), "same");
    EXPECT_THAT(said.at("cells").dump(), HasSubstr(mark));
  }
}

TEST_F(GateCommandTest, OneNoisyRunDecidesNothing) {
  record_history();
  TrackedResults now;
  now.seeds = 1;
  now.changed_row = "byol";
  now.top1_drop = 0.02;
  EXPECT_EQ(gate(now), 0);
  EXPECT_EQ(verdict("byol", "top1"), "inconclusive");
  EXPECT_EQ(said.at("suspects"), 1);
  EXPECT_EQ(gate(now, {"--strict"}), 4);
}

// Fault matrix: 63
TEST_F(GateCommandTest, AShortHistorySaysHowManyRunsAreMissing) {
  TrackedResults past;
  past.first_seed = 100;
  past.seeds = 4;
  CliProcess record({"history", "record", results("past", past), "--history", store()});
  ASSERT_EQ(record.code(), 0);
  EXPECT_EQ(gate({}), 0);
  EXPECT_EQ(verdict("byol", "top1"), "inconclusive");
  EXPECT_EQ(said.at("cells").at(0).at("more_history"), 6);
  EXPECT_EQ(gate({}, {"--strict"}), 4);
}

// Thirty nights with the suite's own seeds, which nobody rotated, then 50 points less on the very same ones.
TEST_F(GateCommandTest, ADropOnFixedSeedsIsARegressionHoweverManyNightsRepeatThem) {
  TrackedResults past;
  for (int night = 0; night < 30; ++night) {
    past.revision = "commit" + std::to_string(night);
    ::setenv("SOURCE_DATE_EPOCH", std::to_string(1'800'000'000 + 86400 * night).c_str(), 1);
    CliProcess record({"history", "record", results("past", past), "--history", store()});
    ASSERT_EQ(record.code(), 0) << record.errors();
  }
  ::unsetenv("SOURCE_DATE_EPOCH");
  TrackedResults now;
  now.changed_row = "byol";
  now.top1_drop = 0.5;
  EXPECT_EQ(gate(now), 1);
  EXPECT_EQ(verdict("byol", "top1"), "regressed");
  EXPECT_EQ(verdict("simclr", "top1"), "same");
  now.top1_drop = 0.006;
  EXPECT_EQ(gate(now), 0);
  EXPECT_EQ(verdict("byol", "top1"), "inconclusive");
  EXPECT_THAT(said.dump(), AllOf(HasSubstr("rotate them"), HasSubstr("bit-identical")));
}

TEST_F(GateCommandTest, FailedRunsAreNotARegression) {
  record_history();
  TrackedResults now;
  now.changed_row = "byol";
  now.status = "failed(oom)";
  EXPECT_EQ(gate(now), 3);
  EXPECT_EQ(verdict("byol", "top1"), "failed");
}

// Of the new results' file for a row and seed, with `change` made to it.
void change_record(const std::filesystem::path& file, const std::function<void(Record&)>& change) {
  Record record = read_record(file);
  change(record);
  write_record(record, file);
}

TEST_F(GateCommandTest, OneFailedRunOfManyIsSaidEverywhereAndEndsWithThree) {
  record_history();
  TrackedResults now;
  now.seeds = 4;
  results("now", now);
  const std::string file = path("now/runs/byol-s2-0123456789ab.h5").string();
  const auto gate_now = [&] {
    CliProcess gate({"gate", path("now").string(), "--history", store(), "--markdown", path("a.md").string(), "--junit",
                     path("a.xml").string(), "--json"});
    EXPECT_EQ(gate.code(), 3) << gate.errors();
    said = json::parse(gate.output());
  };
  change_record(file, [](Record& record) {
    record.status = "failed(oom)";
    record.stages.clear();
  });
  gate_now();
  EXPECT_EQ(verdict("byol", "top1"), "same");
  EXPECT_EQ(said.at("failed_runs").at(0).at("seed"), 2);
  EXPECT_THAT(read_file(path("a.md")), AllOf(HasSubstr("❌ 1 run failed"), HasSubstr("`byol`, seed 2: failed(oom)")));
  EXPECT_THAT(read_file(path("a.xml")), AllOf(HasSubstr("errors=\"1\""), HasSubstr("name=\"seed 2\"")));
  results("now", now);
  change_record(file, [](Record& record) { record.stages[1].measurements[0].value = std::nan(""); });
  gate_now();
  EXPECT_EQ(said.at("failed_runs").at(0).at("status"), "failed(non_finite)");
}

// Costs of rows lie far apart: what is noise of a large one is a regression of a small one.
TEST_F(GateCommandTest, ASmallRowOfACostIsJudgedInItsOwnSize) {
  const auto with_slow_row = [this](const std::string& name, const TrackedResults& content, double slowdown) {
    results(name, content);
    for (int64_t seed = content.first_seed; seed < content.first_seed + content.seeds; ++seed) {
      change_record(path(name + "/runs/simclr-s" + std::to_string(seed) + "-0123456789ab.h5"),
                    [&](Record& record) { record.stages[0].measurements[0].value *= 0.001 * (1 - slowdown); });
    }
    return path(name).string();
  };
  TrackedResults content;
  content.seeds = 5;
  for (int run = 0; run < 4; ++run) {
    content.first_seed = 100 + 5 * run;
    const std::string name = "past" + std::to_string(run);
    ASSERT_EQ(CliProcess({"history", "record", with_slow_row(name, content, 0), "--history", store()}).code(), 0);
  }
  content.first_seed = 0;
  CliProcess gate({"gate", with_slow_row("now", content, 0.1), "--history", store(), "--json"});
  EXPECT_EQ(gate.code(), 1) << gate.errors();
  said = json::parse(gate.output());
  EXPECT_EQ(verdict("simclr", "throughput"), "regressed");
}

TEST_F(GateCommandTest, ConfirmationByAnotherBuildIsRefused) {
  if (!std::filesystem::exists(std::filesystem::path(SSLBENCH_BIN_DIR) / "sslbench-worker"))
    GTEST_SKIP() << "not run: this build has no worker";
  record_history();
  EXPECT_EQ(gate(one_point_drop(), {"--confirm", "3"}), 2);
  EXPECT_THAT(errors, AllOf(HasSubstr("the results are of abc"), HasSubstr("leave --confirm out")));
}

TEST_F(GateCommandTest, RulesReplaceTheSuites) {
  record_history();
  write_atomically(path("rules.toml"), "[gate]\npretrain.throughput = { max_drop = 20, unit = \"percent\" }\n");
  TrackedResults now;
  now.changed_row = "simclr";
  now.slowdown = 0.1;
  EXPECT_EQ(gate(now, {"--rules", path("rules.toml").string()}), 0);
  EXPECT_EQ(said.at("cells").size(), 2u);
  write_atomically(path("rules.toml"), "pretrain.throughput = { max_drop = 20, unit = \"points\" }\n");
  EXPECT_EQ(gate(now, {"--rules", path("rules.toml").string()}), 2);
  EXPECT_THAT(errors, HasSubstr("unit = \"percent\""));
  write_atomically(path("rules.toml"), "knn.top1 = { max_drop = 1, unit = \"points\" }\n");
  EXPECT_EQ(gate(now, {"--rules", path("rules.toml").string()}), 4) << "a rule that nothing answers to";
}

TEST_F(GateCommandTest, MistakesAreExit2) {
  EXPECT_EQ(gate({}), 2);
  EXPECT_THAT(errors, HasSubstr("no history at"));
  record_history();
  TrackedResults without;
  without.suite_text = "# q\n";
  EXPECT_EQ(gate(without), 2);
  EXPECT_THAT(errors, HasSubstr("no [gate] table"));
  CliProcess absent({"gate", "/absent", "--history", store()});
  EXPECT_EQ(absent.code(), 2);
  EXPECT_THAT(absent.errors(), HasSubstr("no such file or folder"));
}

TEST_F(GateCommandTest, FilesForOtherProgramsAreWritten) {
  record_history();
  const TrackedResults now = one_point_drop();
  EXPECT_EQ(gate(now, {"--markdown", path("a.md"), "--junit", path("a.xml"), "--gha", path("gha.json"), "--bmf",
                       path("bmf.json"), "--openmetrics", path("a.txt")}),
            1);
  EXPECT_THAT(read_file(path("a.md")), AllOf(HasSubstr("❌ 1 regressed"), HasSubstr("✅ 3 same"), HasSubstr("points")));
  EXPECT_THAT(read_file(path("a.xml")), AllOf(HasSubstr("tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"0\""),
                                              HasSubstr("type=\"regression\"")));
  const json gha = json::parse(read_file(path("gha.json")));
  EXPECT_EQ(gha.size(), 4u);
  EXPECT_TRUE(json::parse(read_file(path("bmf.json"))).at("tracked/byol").contains("linear-probe-top1"));
  EXPECT_THAT(read_file(path("a.txt")),
              AllOf(HasSubstr("# TYPE sslbench_linear_probe_top1 gauge"), HasSubstr("# EOF\n")));
}

}  // namespace
}  // namespace sslbench
