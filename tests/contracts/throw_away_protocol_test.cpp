// SPDX-License-Identifier: Apache-2.0
// A protocol is one file, its metrics included: this one measures a share, quantities and a cost that nothing else in
// the repository knows, and every reader of its records shows each as what it is.
#include <gmock/gmock.h>

#include <cmath>

#include "reports/export/exporter.h"
#include "reports/gate/gate.h"
#include "reports/history/history.h"
#include "reports/page/report_folder.h"
#include "suites/metrics/bootstrap.h"
#include "suites/protocols/protocol.h"
#include "suites/tensors/aten.h"
#include "suites/worker/stage_costs.h"
#include "tests/reports/results_folder.h"
#include "tests/suites/files/scratch_folder.h"

namespace sslbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ThrowAway final : public Protocol {
 public:
  explicit ThrowAway(const Settings& settings) : offset_(settings.real("offset")) {}

  void measure(Subject& subject, const DatasetSpec& dataset, StageContext& context) override {
    const ImageSet& test = *subject.data.split(dataset, Split::test).images;
    std::vector<double> hits(static_cast<size_t>(test.size()), 0);
    for (size_t i = 0; i < hits.size(); i += 2) hits[i] = 1;
    context.record.replicates["hits"] = bootstrap_mean(hits);
    context.record.add("hits", Split::test, 0.5, test.size());
    context.record.add_constant("hits", 0.1, test.size());
    context.record.add("rank", Split::test, 45.3 + offset_, test.size());
    context.record.add("slope", Split::test, -1.25, test.size());
    context.record.add("search_time", Split::test, 12.5, test.size());
  }

 private:
  double offset_;
};

const bool registered = Registry<ProtocolEntry>::add(
    {.name = "throw_away",
     .summary = "half of the test images are hits",
     .task = "classification",
     .metrics = {{.name = "hits",
                  .kind = MetricKind::share,
                  .definition = "share of test images with an even number",
                  .constant_answer = "no hit"},
                 {.name = "rank", .kind = MetricKind::quantity, .definition = "how many directions there are"},
                 {.name = "slope",
                  .unit = "nats",
                  .better = Better::none,
                  .kind = MetricKind::quantity,
                  .definition = "which way it goes"},
                 {.name = "search_time",
                  .unit = "s",
                  .better = Better::lower,
                  .kind = MetricKind::cost,
                  .definition = "how long the search took"}},
     .options = {real_option("offset", 0, -100, 100, "of the rank")},
     .make = [](const Settings& settings) -> std::unique_ptr<Protocol> {
       return std::make_unique<ThrowAway>(settings);
     }});

// What the worker makes of the protocol, for one row and seed.
StageRecord measured(const std::string& row, int64_t seed, double offset) {
  const ProtocolEntry& entry = Registry<ProtocolEntry>::find("throw_away");
  const DatasetSpec shapes{"shapes", {{"size", 32}, {"train_images", 16}, {"test_images", 64}}, ""};
  at::Generator generator = at::detail::createCPUGenerator(1);
  const auto backbone = make_backbone("resnet18", {{"width", 8}, {"stem", "cifar"}}, generator);
  ImageSets data{""};
  FeatureCache features{[](const DatasetSpec&, Split) { return Features(); }};
  StageRecord stage;
  stage.name = stage.plugin = "throw_away";
  stage.key = std::string(64, 'e');
  stage.status = "ok";
  stage.metrics = joined(entry.metrics, stage_costs());
  StageContext context{.record = stage,
                       .work = "",
                       .earlier = {},
                       .used = [] { return Resources{}; },
                       .progress = [](int64_t, int64_t, double) {},
                       .stop_requested = [] { return false; }};
  Subject subject{*backbone, {}, {}, data, features};
  entry.make(Settings("throw_away", entry.options, {{"offset", offset}}))->measure(subject, shapes, context);
  const Measurement whose = sample_measurement(row, seed, "throw_away", "", 0);
  for (Measurement& m : stage.measurements) {
    m.suite = whose.suite, m.dataset = whose.dataset, m.method = row, m.backbone = whose.backbone, m.seed = seed;
    m.stage = m.protocol = "throw_away", m.version = 1, m.run = whose.run, m.method_name = row;
  }
  return stage;
}

Record run_of(const std::string& row, int64_t seed, double offset) {
  Record out = sample_record(row, seed, 0.5);
  out.environment["machine_class"] = "machine A";
  out.stages.resize(1);
  out.stages.push_back(measured(row, seed, offset));
  return out;
}

// Two rows of three seeds, written and read again as a report, an export and a history read them.
class ThrowAwayProtocolTest : public ::testing::Test {
 protected:
  ThrowAwayProtocolTest() {
    for (int64_t seed = 0; seed < 3; ++seed) {
      records_.push_back(run_of("a", seed, 0.1 * static_cast<double>(seed)));
      records_.push_back(run_of("b", seed, 5 + 0.1 * static_cast<double>(seed)));
    }
    write_results(folder_.path(), records_);
  }
  Snapshot snapshot() const { return read_results(folder_.path(), RecordParts::all).snapshot(); }
  static const SnapshotCell& cell(const Snapshot& of, const std::string& metric) {
    for (const SnapshotCell& each : of.cells) {
      if (each.metric == metric && each.row == "a") return each;
    }
    throw UserError("no cell of " + metric);
  }
  std::string exported(const std::string& format) const {
    const ExporterEntry& exporter = Registry<ExporterEntry>::find(format);
    const ResultsFolder results = read_results(folder_.path(), RecordParts::all);
    return exported_text(exporter, {results.snapshot(), results.records});
  }

  ScratchFolder folder_;
  std::vector<Record> records_;
};

TEST_F(ThrowAwayProtocolTest, TheReportShowsEachInWhatItIsMeasuredIn) {
  report_folder({folder_.path()}, "", {{"html"}, ""});
  const std::string text = read_file(folder_.path() / "report/README.md");
  EXPECT_THAT(text, AllOf(HasSubstr("`throw_away.hits`, % |"), HasSubstr("`throw_away.rank` |"),
                          HasSubstr("`throw_away.slope`, nats |"), HasSubstr("`throw_away.search_time`, s ↓ |")));
  EXPECT_THAT(text, AllOf(HasSubstr("| 45.4 ± 0.2484 (n = 3)"), HasSubstr("| -1.25 "), HasSubstr("| 12.5 ")));
  EXPECT_THAT(text, Not(HasSubstr("4540"))) << "no hundredfold of a quantity";
  EXPECT_THAT(text, AllOf(HasSubstr("Percent, but for throw_away.rank, throw_away.slope, throw_away.search_time.")));
  EXPECT_THAT(text, AllOf(HasSubstr("`rank`: how many directions there are"), HasSubstr("`throw_away.hits` 10.0 %"),
                          HasSubstr("`search_time`: how long the search took")));
  const std::string csv = read_file(folder_.path() / "report/report.csv");
  EXPECT_THAT(csv, AllOf(HasSubstr("throw_away,1,0,shapes,test,rank,45.4,"), HasSubstr(",test,slope,-1.25,"),
                         HasSubstr(",test,search_time,12.5,"), HasSubstr(",test,hits,0.5,")));
  const std::string chart = read_file(folder_.path() / "report/fig/interval-throw_away-hits.svg");
  EXPECT_THAT(chart, HasSubstr("throw_away.hits, %"));
}

TEST_F(ThrowAwayProtocolTest, AMetricOfNoDirectionIsShownAndNotRanked) {
  report_folder({folder_.path()}, "");
  const std::string csv = read_file(folder_.path() / "report/report.csv");
  for (size_t at = csv.find(",slope,"); at != std::string::npos; at = csv.find(",slope,", at + 1)) {
    EXPECT_EQ(csv.substr(at, csv.find('\n', at) - at).find("best"), std::string::npos);
  }
  for (const SnapshotCell& each : snapshot().cells) EXPECT_NE(each.metric, "slope");
}

TEST_F(ThrowAwayProtocolTest, HistoryKeepsWhatEachIs) {
  const Snapshot kept = snapshot_from_json(snapshot_to_json(snapshot()), "history");
  EXPECT_EQ(cell(kept, "rank").kind, MetricKind::quantity);
  EXPECT_EQ(cell(kept, "search_time").kind, MetricKind::cost);
  EXPECT_TRUE(cell(kept, "hits").is_fraction());
  EXPECT_EQ(snapshot_to_json(snapshot()).at("cells").at(0).contains("kind"), false)
      << "units tell what they always told";
}

// A past of ten nights around the values of now.
History ten_nights(const Snapshot& like, const std::string& metric, double level) {
  History out;
  for (int night = 0; night < 10; ++night) {
    Snapshot run = like;
    run.created = "2026-10-" + std::to_string(10 + night) + "T00:00:00Z";
    run.revision = "commit" + std::to_string(night);
    for (SnapshotCell& each : run.cells) {
      if (each.metric != metric) continue;
      each.by_seed.clear();
      for (int64_t i = 0; i < 3; ++i) each.by_seed[100 + 3 * night + i] = level * (1 + 0.001 * static_cast<double>(i));
    }
    out.runs.push_back(run);
  }
  return out;
}

TEST_F(ThrowAwayProtocolTest, TheGateJudgesAQuantityInPercentOnAnyMachine) {
  const Snapshot now = snapshot();
  const std::vector<GateRule> rules{{"throw_away", "rank", 5, "percent"}};
  Snapshot elsewhere = now;
  elsewhere.machine_class = "machine B";
  EXPECT_EQ(judge(elsewhere, ten_nights(now, "rank", 60), rules).cells.at(0).verdict, Verdict::regressed);
  EXPECT_EQ(judge(elsewhere, ten_nights(now, "rank", 45.4), rules).cells.at(0).verdict, Verdict::same);
  EXPECT_THROW(judge(now, ten_nights(now, "rank", 45.4), {{"throw_away", "rank", 1, "points"}}), UserError);
}

TEST_F(ThrowAwayProtocolTest, TheGateJudgesACostByNightsOfOneMachine) {
  const Snapshot now = snapshot();
  const std::vector<GateRule> rules{{"throw_away", "search_time", 5, "percent"}};
  EXPECT_EQ(judge(now, ten_nights(now, "search_time", 9), rules).cells.at(0).verdict, Verdict::regressed);
  Snapshot elsewhere = now;
  elsewhere.machine_class = "machine B";
  EXPECT_EQ(judge(elsewhere, ten_nights(now, "search_time", 9), rules).cells.at(0).verdict, Verdict::incomparable);
}

TEST_F(ThrowAwayProtocolTest, ExportsSayWhatEachIsMeasuredIn) {
  const std::string latex = exported("latex");
  EXPECT_THAT(latex, AllOf(HasSubstr("throw\\_away.rank &"), HasSubstr("throw\\_away.slope, nats"), HasSubstr("45.4"),
                           HasSubstr("Percent, but for throw\\_away.rank")));
  const std::string metrics = exported("openmetrics");
  EXPECT_THAT(metrics, AllOf(HasSubstr("# HELP sslbench_throw_away_hits throw_away.hits as a fraction, mean"),
                             HasSubstr("# HELP sslbench_throw_away_rank throw_away.rank, mean over seeds"),
                             HasSubstr("throw_away.search_time in s, mean over seeds")));
  EXPECT_THAT(exported("gha"), HasSubstr("number, negated"));
}

TEST_F(ThrowAwayProtocolTest, WhatIsNotDeclaredIsNotMeasured) {
  StageRecord stage = measured("a", 0, 0);
  EXPECT_THROW(stage.add("other", Split::test, 1, 1), InternalError);
  EXPECT_THROW(stage.add("rank", Split::test, std::nan(""), 1), RunFailure);
  EXPECT_THROW(stage.add_constant("rank", 1, 1), InternalError);
}

}  // namespace
}  // namespace sslbench
