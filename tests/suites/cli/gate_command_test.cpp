// SPDX-License-Identifier: Apache-2.0
// compare, history and gate as people start them: planted changes, their verdicts and exit codes.
#include <gmock/gmock.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "reports/history.h"
#include "suites/spec/atomic_file.h"
#include "tests/reports/tracked_results.h"
#include "tests/suites/cli/cli_process.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class GateCommandTest : public testing::Test {
 protected:
  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }

  std::string results(const std::string& name, const TrackedResults& content) const {
    content.write(path(name));
    return path(name).string();
  }

  // Four recorded runs of five seeds: 20 values a cell.
  void record_history(TrackedResults content = {}) const {
    content.seeds = 5;
    for (int run = 0; run < 4; ++run) {
      content.first_seed = 100 + 5 * run;
      CliProcess record({"history", "record", results("past" + std::to_string(run), content), "--history", store()});
      ASSERT_EQ(record.code(), 0) << record.errors();
    }
  }

  std::string store() const { return path("store").string(); }

  // The gate's exit code; its JSON in `said`.
  int gate(const TrackedResults& content, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"gate", results("now", content), "--history", store(), "--json"});
    CliProcess process(more);
    const int code = process.code();
    errors = process.errors();
    said = json::parse(process.output(), nullptr, false);
    return code;
  }

  std::string verdict(const std::string& row, const std::string& metric) const {
    for (const json& cell : said.at("cells")) {
      if (cell.at("row") == row && cell.at("metric") == metric) return cell.at("verdict");
    }
    return "none";
  }

  json said;
  std::string errors;

 private:
  ScratchFolder folder_;
};

TEST_F(GateCommandTest, NothingChangedPasses) {
  record_history();
  EXPECT_EQ(gate({}), 0) << errors;
  EXPECT_EQ(said.at("counts").at("same"), 4);
  EXPECT_EQ(said.at("judged"), 4);
}

TEST_F(GateCommandTest, OnePointDropIsARegression) {
  record_history();
  TrackedResults now;
  now.seeds = 5;
  now.changed_row = "byol";
  now.top1_drop = 0.01;
  EXPECT_EQ(gate(now), 1);
  EXPECT_EQ(verdict("byol", "top1"), "regressed");
  EXPECT_EQ(verdict("simclr", "top1"), "same");
  EXPECT_EQ(verdict("byol", "throughput"), "same");
}

TEST_F(GateCommandTest, RecordingFirstHidesNothing) {
  record_history();
  TrackedResults now;
  now.seeds = 5;
  now.changed_row = "byol";
  now.top1_drop = 0.01;
  CliProcess record({"history", "record", results("now", now), "--history", store()});
  ASSERT_EQ(record.code(), 0);
  EXPECT_EQ(gate(now), 1);
  EXPECT_EQ(said.at("cells").at(0).at("history_runs"), 20);
}

TEST_F(GateCommandTest, TheSameRunAgainIsTheSame) {
  TrackedResults now;
  CliProcess record({"history", "record", results("now", now), "--history", store()});
  ASSERT_EQ(record.code(), 0);
  EXPECT_EQ(gate(now), 0);
  EXPECT_EQ(verdict("byol", "top1"), "same");
  EXPECT_THAT(said.dump(), HasSubstr("bit-identical"));
}

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

TEST_F(GateCommandTest, AnAcceptedEndIsNotMissing) {
  record_history();
  CliProcess accept({"history", "accept", "--history", store(), "--cell", "simclr", "--reason", "row was dropped"});
  EXPECT_EQ(accept.code(), 0) << accept.errors();
  TrackedResults now;
  now.rows = {"byol"};
  EXPECT_EQ(gate(now), 0) << said.dump(1);
}

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

TEST_F(GateCommandTest, FailedRunsAreNotARegression) {
  record_history();
  TrackedResults now;
  now.changed_row = "byol";
  now.status = "failed(oom)";
  EXPECT_EQ(gate(now), 3);
  EXPECT_EQ(verdict("byol", "top1"), "failed");
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
}

TEST_F(GateCommandTest, FilesForOtherProgramsAreWritten) {
  record_history();
  TrackedResults now;
  now.seeds = 5;
  now.changed_row = "byol";
  now.top1_drop = 0.01;
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

TEST_F(GateCommandTest, TheSameResultsAreRecordedOnce) {
  record_history();
  CliProcess again({"history", "record", path("past0").string(), "--history", store()});
  EXPECT_EQ(again.code(), 0);
  EXPECT_THAT(again.errors(), HasSubstr("recorded before"));
  CliProcess list({"history", "list", "--history", store(), "--json"});
  EXPECT_EQ(json::parse(list.output()).at("runs").size(), 4u);
}

TEST_F(GateCommandTest, ABrokenFileOfHistoryIsOneWarning) {
  record_history();
  write_atomically(path("store/tracked/machine_A/20200101T000000Z-x-0.json"), "{\"schema\": \"sslbench.history/1\"}");
  write_atomically(path("store/tracked/machine_A/20200101T000000Z-x-1.json"), "not json");
  EXPECT_EQ(gate({}), 0);
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 2) << errors;
  EXPECT_THAT(errors, HasSubstr("not a record of history"));
}

TEST_F(GateCommandTest, TrendFindsThePlantedStep) {
  TrackedResults past;
  past.rows = {"byol"};
  past.seeds = 1;
  for (int run = 0; run < 16; ++run) {
    past.first_seed = 200 + run;
    past.top1 = run < 9 ? 0.9 : 0.88;
    past.revision = "commit" + std::to_string(run);
    ::setenv("SOURCE_DATE_EPOCH", std::to_string(1'800'000'000 + 86400 * run).c_str(), 1);
    CliProcess record({"history", "record", results("past" + std::to_string(run), past), "--history", store()});
    ASSERT_EQ(record.code(), 0) << record.errors();
  }
  ::unsetenv("SOURCE_DATE_EPOCH");
  CliProcess trend({"history", "trend", "--history", store(), "-o", path("trend").string()});
  EXPECT_EQ(trend.code(), 0) << trend.errors();
  const std::string text = read_file(path("trend/README.md"));
  EXPECT_THAT(text, AllOf(HasSubstr("between `commit8` and `commit9`"), HasSubstr("penalty")));
  EXPECT_THAT(read_file(path("trend/fig/1-byol-linear_probe.top1.svg")), HasSubstr("<svg"));
}

TEST_F(GateCommandTest, CompareNeverExits1) {
  TrackedResults base, worse;
  worse.first_seed = 50;
  base.seeds = worse.seeds = 6;
  worse.changed_row = "byol";
  worse.top1_drop = 0.02;
  const std::string a = results("a", base), b = results("b", worse);
  CliProcess compare({"compare", a, b, "--json"});
  EXPECT_EQ(compare.code(), 0) << compare.errors();
  const json cells = json::parse(compare.output()).at("cells");
  for (const json& cell : cells) {
    const bool planted = cell.at("row") == "byol" && cell.at("metric") == "top1";
    EXPECT_EQ(cell.at("verdict") == "regressed", planted) << cell.dump();
  }
  CliProcess markdown({"compare", a, a});
  EXPECT_EQ(markdown.code(), 0);
  EXPECT_THAT(markdown.output(), AllOf(HasSubstr("4 same"), Not(HasSubstr("regressed"))));
  TrackedResults other;
  other.digest = "d2";
  CliProcess refused({"compare", a, results("c", other)});
  EXPECT_EQ(refused.code(), 5);
  TrackedResults fewer;
  fewer.rows = {"byol"};
  CliProcess missing({"compare", a, results("d", fewer)});
  EXPECT_EQ(missing.code(), 4);
  TrackedResults single;
  single.seeds = 1;
  CliProcess few({"compare", results("e", single), b});
  EXPECT_EQ(few.code(), 0);
  EXPECT_THAT(few.output(), HasSubstr("inconclusive"));
}

TEST_F(GateCommandTest, ExportsAreWhatTheirReadersExpect) {
  const std::string now = results("now", {});
  const auto exported = [&](const std::string& format) {
    CliProcess process({"export", now, "--to", format});
    EXPECT_EQ(process.code(), 0) << process.errors();
    return process.output();
  };
  const std::string csv = exported("csv");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 6 * 2);
  EXPECT_THAT(csv, HasSubstr("suite,dataset,method,backbone,seed"));
  EXPECT_EQ(json::parse(exported("json")).at("cells").size(), 4u);
  EXPECT_THAT(exported("latex"), AllOf(HasSubstr("\\toprule"), HasSubstr("linear\\_probe.top1"), HasSubstr("\\pm")));
  const json gbench = json::parse(exported("gbench"));
  EXPECT_EQ(gbench.at("benchmarks").size(), 6u);
  EXPECT_TRUE(gbench.at("benchmarks").at(0).contains("linear_probe.top1"));
  for (const json& one : json::parse(exported("gha"))) EXPECT_GT(one.at("value").get<double>(), 0);
  EXPECT_TRUE(json::parse(exported("bmf")).contains("tracked/byol"));
  EXPECT_TRUE(exported("openmetrics").ends_with("# EOF\n"));
  const std::string mllog = exported("mllog");
  EXPECT_TRUE(mllog.starts_with(":::MLLOG {"));
  EXPECT_THAT(mllog, HasSubstr("\"eval_accuracy\""));
  CliProcess tensorboard({"export", now, "--to", "tensorboard", "-o", path("tb").string()});
  EXPECT_EQ(tensorboard.code(), 0) << tensorboard.errors();
  const std::string events = read_file(path("tb/byol-s0-0123456789ab/events.out.tfevents.0.sslbench"));
  EXPECT_THAT(events, AllOf(HasSubstr("brain.Event:2"), HasSubstr("linear_probe/test/top1")));
  CliProcess nowhere({"export", now, "--to", "tensorboard"});
  EXPECT_EQ(nowhere.code(), 2);
}

TEST_F(GateCommandTest, VerifyNamesWhatIsDamagedOrMissing) {
  const std::string now = results("now", {});
  CliProcess good({"verify", now});
  EXPECT_EQ(good.code(), 0) << good.output();
  EXPECT_THAT(good.output(), HasSubstr("6 of 6 runs are final and readable"));
  std::filesystem::remove(path("now/runs/byol-s1-0123456789ab.h5"));
  CliProcess missing({"verify", now});
  EXPECT_EQ(missing.code(), 4);
  write_atomically(path("now/runs/byol-s0-0123456789ab.h5"), "no HDF5");
  CliProcess damaged({"verify", now, "--json"});
  EXPECT_EQ(damaged.code(), 2);
  EXPECT_THAT(damaged.output(), AllOf(HasSubstr("sslbench.verify/1"), HasSubstr("byol-s0-0123456789ab.h5")));
}

}  // namespace
}  // namespace sslbench
