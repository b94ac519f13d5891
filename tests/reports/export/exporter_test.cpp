// SPDX-License-Identifier: Apache-2.0
// What exporters write of made-up records, parsed as its readers parse it.
#include "reports/export/exporter.h"

#include <gmock/gmock.h>

#include <cmath>
#include <sstream>

#include "reports/statistics/statistics.h"
#include "suites/ground/printable.h"
#include "tests/reports/tracked_results.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

std::vector<Record> tracked_records(int64_t seeds) {
  std::vector<Record> out;
  for (int64_t seed = 0; seed < seeds; ++seed) out.push_back(TrackedResults{}.record("byol", 0, seed));
  return out;
}

// All of them planned.
Snapshot snapshot_from(const std::vector<Record>& records) {
  std::vector<SnapshotRun> planned;
  for (const Record& record : records) planned.push_back({record.row, record.seed, record.status});
  return snapshot_of("tracked", records, planned);
}

std::string exported(const char* format, const std::vector<Record>& records) {
  const Snapshot snapshot = snapshot_from(records);
  return exported_text(Registry<ExporterEntry>::find(format), {snapshot, records});
}

std::vector<json> log_lines(const std::string& log) {
  constexpr const char* kStart = ":::MLLOG ";
  std::vector<json> out;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(line.starts_with(kStart));
    out.push_back(json::parse(line.substr(std::string(kStart).size())));
  }
  return out;
}

// (protocol, metric) of every accuracy.
std::vector<std::pair<std::string, std::string>> accuracies(const std::vector<json>& lines) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const json& line : lines) {
    if (line.at("key") != "eval_accuracy") continue;
    EXPECT_TRUE(line.at("value").is_number());
    out.emplace_back(line.at("metadata").at("protocol"), line.at("metadata").at("metric"));
  }
  return out;
}

std::string end_of(const std::vector<json>& lines) {
  EXPECT_EQ(lines.back().at("key"), "run_stop");
  return lines.back().at("metadata").at("status");
}

class GbenchExportTest : public testing::Test {
 protected:
  // Its stage took 3 CPU seconds for 1,500 images at 1,000 images/s.
  GbenchExportTest() {
    for (Record& record : records_) {
      record.environment["cores"] = 2;
      StageRecord& pretrain = record.stages.front();
      pretrain.measurements.front().value = 1000;
      Measurement cpu = sample_measurement(record.row, record.seed, "pretrain", "cpu_time", 3);
      cpu.unit = "s";
      cpu.direction = "lower";
      cpu.n = 1500;
      pretrain.measurements.push_back(cpu);
      Measurement other = sample_measurement(record.row, record.seed, "linear_probe", "cpu_time", 77);
      other.unit = "s";
      record.stages.back().measurements.push_back(other);
    }
  }

  std::vector<Record> records_ = tracked_records(3);
};

TEST_F(GbenchExportTest, CpuTimeIsThatOfTheSameStagePerImage) {
  const json out = json::parse(exported("gbench", records_));
  EXPECT_EQ(out.at("benchmarks").size(), records_.size());
  for (const json& one : out.at("benchmarks")) {
    EXPECT_DOUBLE_EQ(one.at("real_time"), 1);
    EXPECT_DOUBLE_EQ(one.at("cpu_time"), 2);
  }
}

TEST_F(GbenchExportTest, CpuTimeThatWasNotMeasuredIsNotMadeUp) {
  for (Record& record : records_) record.stages.front().measurements.pop_back();
  const json all = json::parse(exported("gbench", records_));
  for (const json& one : all.at("benchmarks")) {
    EXPECT_DOUBLE_EQ(one.at("real_time"), 1);
    EXPECT_FALSE(one.contains("cpu_time"));
  }
}

TEST_F(GbenchExportTest, CoresAreThoseThatAllRecordsName) {
  const auto context = [&] { return json::parse(exported("gbench", records_)).at("context"); };
  EXPECT_EQ(context().at("num_cpus"), 2);
  records_.back().environment["cores"] = 8;
  EXPECT_FALSE(context().contains("num_cpus"));
}

TEST_F(GbenchExportTest, TheDateIsThatOfTheSnapshot) {
  Snapshot snapshot = snapshot_from(records_);
  const auto context = [&] {
    return json::parse(Registry<ExporterEntry>::find("gbench").text({snapshot, records_})).at("context");
  };
  EXPECT_FALSE(context().contains("date"));
  snapshot.created = "2026-11-23T04:10:00Z";
  EXPECT_EQ(context().at("date"), snapshot.created);
}

TEST(MllogExportTest, AProtocolHasOneAccuracy) {
  Record record = sample_record();
  std::vector<Measurement>& probe = record.stages[1].measurements;
  probe.insert(probe.begin(), sample_measurement("simclr", 0, "linear_probe", "constant_top1", 0.1));
  probe.push_back(sample_measurement("simclr", 0, "linear_probe", "top5", 0.9));
  for (Measurement& m : probe) m.direction = m.metric == "constant_top1" ? "none" : "higher";
  std::vector<Measurement>& detection = record.stages[2].measurements;
  detection.insert(detection.begin(), sample_measurement("simclr", 0, "detection", "ap50/star", 0.3));
  detection.push_back(sample_measurement("simclr", 0, "detection", "ap50", 0.4));
  const std::vector<json> lines = log_lines(exported("mllog", {record}));
  EXPECT_THAT(accuracies(lines), UnorderedElementsAre(Pair("linear_probe", "top1"), Pair("detection", "ap")));
  EXPECT_EQ(end_of(lines), "success");
}

TEST(MllogExportTest, ARunWithAResultThatIsNoNumberIsAborted) {
  for (const double value : {std::nan(""), HUGE_VAL}) {
    Record record = sample_record();
    record.stages[1].measurements[0].value = value;
    const std::vector<json> lines = log_lines(exported("mllog", {record}));
    EXPECT_THAT(accuracies(lines), UnorderedElementsAre(Pair("detection", "ap")));
    EXPECT_EQ(end_of(lines), "aborted");
  }
}

TEST(MllogExportTest, AFailedRunIsAborted) {
  Record record = sample_record();
  record.status = record.stages[2].status = "failed(oom)";
  record.stages[2].measurements.clear();
  const std::vector<json> lines = log_lines(exported("mllog", {record}));
  EXPECT_THAT(accuracies(lines), UnorderedElementsAre(Pair("linear_probe", "top1")));
  EXPECT_EQ(end_of(lines), "aborted");
}

TEST(GhaExportTest, ARangeSaysThatItIsAStandardDeviation) {
  const json several = json::parse(exported("gha", tracked_records(3)));
  ASSERT_THAT(several, Not(IsEmpty()));
  for (const json& one : several) {
    EXPECT_TRUE(one.contains("range"));
    EXPECT_THAT(one.at("extra").get<std::string>(), HasSubstr("standard deviation over seeds"));
  }
  for (const json& one : json::parse(exported("gha", tracked_records(1)))) {
    EXPECT_FALSE(one.contains("range"));
    EXPECT_THAT(one.at("extra").get<std::string>(), Not(HasSubstr("deviation")));
  }
  EXPECT_THAT(Registry<ExporterEntry>::find("gha").summary, HasSubstr("standard deviation"));
}

TEST(BmfExportTest, BoundsAreTheIntervalThatTheSummaryNames) {
  const std::vector<Record> records = tracked_records(3);
  std::vector<double> values;
  for (const Record& record : records) values.push_back(record.stages[1].measurements[0].value);
  const Interval expected = mean_interval(values);
  const json measure = json::parse(exported("bmf", records)).at("tracked/byol").at("linear-probe-top1");
  EXPECT_DOUBLE_EQ(measure.at("lower_value"), expected.low);
  EXPECT_DOUBLE_EQ(measure.at("upper_value"), expected.high);
  EXPECT_THAT(Registry<ExporterEntry>::find("bmf").summary, HasSubstr("95 % interval of the mean over seeds"));
}

std::vector<Record> records_with_an_absent_class() {
  std::vector<Record> out = tracked_records(2);
  for (Record& record : out) {
    record.stages[1].measurements.push_back(undefined_measurement("byol", record.seed, "linear_probe", "ap50/rare"));
  }
  return out;
}

TEST(ExporterTest, WhatIsUndefinedIsANumberNowhere) {
  const auto records = records_with_an_absent_class();
  const std::string csv = exported("csv", records);
  EXPECT_THAT(
      csv,
      HasSubstr("ap50/rare,test,,1,higher,2048,byol-s0-0123456789ab,no box of this class in the test images,\r\n"));
  for (const char* format : {"openmetrics", "bmf", "gha", "gbench", "mllog", "json"}) {
    const std::string text = exported(format, records);
    for (const char* word : {"rare", "nan", "NaN"}) EXPECT_THAT(text, Not(HasSubstr(word))) << format;
  }
  const Snapshot snapshot = snapshot_from(records);
  EXPECT_EQ(snapshot.runs[0].status, "ok") << "a class that is absent is no failure";
}

TEST(ExporterTest, ATableInLatexSaysWhyAValueIsUndefined) {
  std::vector<Record> records = tracked_records(1);
  records[0].stages[1].measurements = {undefined_measurement("byol", 0, "linear_probe", "ap")};
  const std::string latex = exported("latex", records);
  EXPECT_THAT(latex, HasSubstr("byol & undefined"));
  EXPECT_THAT(latex, HasSubstr("Undefined: no box of this class in the test images."));
}

// Names and reasons of a stranger's records.
TEST(ExporterTest, NoFormatCarriesWhatATerminalObeysOrAReaderCannotSee) {
  std::vector<Record> records = tracked_records(2);
  const std::string hostile = "a\x1b[2J\xE2\x80\xAE\r\n::error::b";
  for (Record& record : records) {
    for (StageRecord& stage : record.stages) {
      for (Measurement& m : stage.measurements) m.dataset = m.method_name = m.reason = hostile;
    }
    record.row = hostile;
  }
  for (const char* format : {"csv", "jsonl", "latex", "openmetrics", "bmf", "gha", "gbench", "mllog", "json"}) {
    const std::string text = exported(format, records);
    EXPECT_EQ(printable_lines(text, {.orders_allowed = true}), text) << format;
    EXPECT_THAT(text, Not(HasSubstr("\n::error"))) << format;
  }
}

}  // namespace
}  // namespace sslbench
