// SPDX-License-Identifier: Apache-2.0
// What experiment trackers and table readers are given, on made-up records. scripts/check-exports asks the readers
// themselves.
#include <gmock/gmock.h>

#include <cmath>
#include <sstream>

#include "reports/export/exporter.h"
#include "reports/export/protobuf_message.h"
#include "reports/export/tracked_run.h"
#include "suites/ground/printable.h"
#include "tests/reports/export/wandb_records.h"
#include "tests/reports/sample_record.h"

namespace sslbench {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;
using ::testing::Not;
using ::testing::Pair;
using Files = std::map<std::string, std::string>;

class TrackerExportTest : public testing::Test {
 protected:
  TrackerExportTest() {
    record_.effective = {{"method", "simclr"},
                         {"method_settings", {{"temperature", 0.2}}},
                         {"protocols", {{{"row", "linear_probe"}, {"protocol", "probe"}, {"settings", {{"k", 20}}}}}}};
  }

  Snapshot snapshot() const {
    Snapshot out = snapshot_of("quickstart", {record_}, {{record_.row, record_.seed, record_.status}});
    out.created = "2026-11-23T04:10:00Z";
    return out;
  }

  Files files(const char* format) const {
    const std::vector<Record> records{record_};
    const Snapshot now = snapshot();
    return Registry<ExporterEntry>::find(format).files({now, records});
  }

  // By the end of its path.
  static std::string file(const Files& files, const std::string& end) {
    for (const auto& [path, bytes] : files) {
      if (path.ends_with("/" + end)) return bytes;
    }
    ADD_FAILURE() << "no file " << end;
    return "";
  }

  std::vector<json> lines() const {
    const std::vector<Record> records{record_};
    const Snapshot now = snapshot();
    std::istringstream text(exported_text(Registry<ExporterEntry>::find("jsonl"), {now, records}));
    std::vector<json> out;
    for (std::string line; std::getline(text, line);) out.push_back(json::parse(line));
    return out;
  }

  Record record_ = sample_record();
};

// What is held of a W&B record: its kind, and the JSON of its items by key.
struct WandbRecord {
  uint32_t kind = 0;
  std::map<std::string, std::string> items;
};

WandbRecord parsed(const std::string& bytes) {
  WandbRecord out;
  for (ProtobufFields record(bytes); record.next();) {
    if (record.field() == 1) continue;
    out.kind = record.field();
    for (ProtobufFields content(record.content()); content.next();) {
      std::string key;
      for (ProtobufFields item(content.content()); item.next();) {
        if (item.field() == 1) key = item.content();
        if (item.field() == 16) out.items[key] = item.content();
      }
    }
  }
  return out;
}

TEST_F(TrackerExportTest, ALineOfJsonIsAMeasurementWithEveryField) {
  const std::vector<json> all = lines();
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].size(), 17u);
  EXPECT_EQ(all[1].at("protocol"), "linear_probe");
  EXPECT_EQ(all[1].at("metric"), "top1");
  EXPECT_EQ(all[1].at("value"), 0.5);
  EXPECT_EQ(all[1].at("reason"), "");
}

TEST_F(TrackerExportTest, InALineOfJsonWhatIsNoNumberIsNull) {
  record_.stages[1].measurements = {undefined_measurement("simclr", 0, "linear_probe", "ap")};
  record_.stages[2].measurements[0].value = std::nan("");
  const std::vector<json> all = lines();
  EXPECT_TRUE(all[1].at("value").is_null());
  EXPECT_EQ(all[1].at("reason"), "no box of this class in the test images");
  EXPECT_TRUE(all[2].at("value").is_null());
  EXPECT_EQ(all[2].at("reason"), "") << "it came out so";
}

TEST_F(TrackerExportTest, SettingsThatCountHaveOneNameEach) {
  EXPECT_THAT(tracked_settings(record_),
              AllOf(Contains(Pair("method.temperature", 0.2)), Contains(Pair("linear_probe", "probe")),
                    Contains(Pair("linear_probe.k", 20))));
}

TEST_F(TrackerExportTest, MlflowsRunHasItsSettingsNamesAndMetricsByStep) {
  const Files store = files("mlflow");
  EXPECT_EQ(file(store, "params/method.temperature"), "0.2");
  EXPECT_EQ(file(store, "tags/row"), "simclr");
  EXPECT_EQ(file(store, "tags/seed"), "0");
  EXPECT_EQ(file(store, "tags/dataset"), "shapes");
  EXPECT_EQ(file(store, "tags/revision"), "abc");
  EXPECT_EQ(file(store, "tags/mlflow.runName"), record_.run);
  const std::string loss = file(store, "metrics/pretrain/loss");
  EXPECT_TRUE(loss.starts_with("1795407000000 5 0\n1795407000000 2.5 10\n")) << loss.substr(0, 60);
  EXPECT_EQ(std::count(loss.begin(), loss.end(), '\n'), 50);
  EXPECT_EQ(file(store, "metrics/linear_probe/test.top1"), "1795407000000 0.5 490\n");
  EXPECT_THAT(store, Contains(Key(::testing::EndsWith("/artifacts/")))) << "MLflow knows no run without this folder";
  EXPECT_THAT(file(store, "meta.yaml"),
              AllOf(HasSubstr("status: 3\n"), HasSubstr("run_name: \"" + record_.run + "\"\n"),
                    HasSubstr("end_time: 1795407000000\n"), HasSubstr("start_time: 1795406953000\n")));
}

// A file store keeps a metric as a file, so none may be a folder of another.
TEST_F(TrackerExportTest, InMlflowsStoreNoMetricLiesBelowAnother) {
  record_.stages[2].measurements.push_back(sample_measurement("simclr", 0, "detection", "ap/star", 0.5));
  record_.stages[2].measurements.push_back(sample_measurement("simclr", 0, "detection", "../../ap", 0.5));
  const Files store = files("mlflow");
  EXPECT_EQ(file(store, "metrics/detection/test.ap.star"), "1795407000000 0.5 490\n");
  for (const auto& [path, bytes] : store) {
    EXPECT_THAT(store, Not(Contains(Key(::testing::StartsWith(path + "/")))));
    EXPECT_THAT(path, Not(HasSubstr("/../")));
  }
}

TEST_F(TrackerExportTest, WandbsRunIsAHeaderARunItsHistoryItsSummaryAndItsEnd) {
  const Files runs = files("wandb");
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs.begin()->first, "offline-run-20261123_040913-simclr-s0-0123456789ab/run-simclr-s0-0123456789ab.wandb");
  std::map<uint32_t, std::vector<WandbRecord>> by_kind;
  for (const std::string& bytes : wandb_records(runs.begin()->second)) {
    const WandbRecord record = parsed(bytes);
    by_kind[record.kind].push_back(record);
  }
  EXPECT_THAT(by_kind, ElementsAre(Key(2), Key(3), Key(12), Key(17), Key(18), Key(21)));
  ASSERT_EQ(by_kind[2].size(), 50u);
  EXPECT_THAT(by_kind[2][1].items, AllOf(Contains(Pair("pretrain/loss", "2.5")), Contains(Pair("pretrain/step", "10")),
                                         Contains(Pair("_step", "1"))));
  ASSERT_EQ(by_kind[3].size(), 1u);
  EXPECT_THAT(by_kind[3][0].items,
              AllOf(Contains(Pair("linear_probe/test/top1", "0.5")), Contains(Pair("pretrain/loss", "0.1"))));
}

TEST_F(TrackerExportTest, WandbsStepGrowsOverStagesThatCountForThemselves) {
  record_.stages[2].curves["loss"] = {{0, 5}, {1, std::nan("")}};
  std::vector<WandbRecord> history;
  for (const std::string& bytes : wandb_records(files("wandb").begin()->second)) {
    if (WandbRecord record = parsed(bytes); record.kind == 2) history.push_back(std::move(record));
  }
  ASSERT_EQ(history.size(), 52u);
  EXPECT_THAT(history.back().items, AllOf(Contains(Pair("_step", "51")), Contains(Pair("detection/step", "5")),
                                          Contains(Pair("detection/loss", "NaN"))));
}

}  // namespace
}  // namespace sslbench
