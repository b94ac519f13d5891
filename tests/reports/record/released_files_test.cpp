// SPDX-License-Identifier: Apache-2.0
// Files of every schema that was ever released, kept for ever in released/: what people have is read.
#include <gtest/gtest.h>

#include "reports/history/snapshot.h"
#include "suites/ground/error.h"
#include "tests/reports/results_folder.h"

namespace sslbench {
namespace {

using nlohmann::json;

const fs::path kReleased = fs::path(SSLBENCH_SOURCE_DIR) / "tests/reports/released";

json parsed(const std::string& name) { return json::parse(read_file(kReleased / name)); }

// Fault matrix: 66
TEST(ReleasedFilesTest, TheFirstRecordIsRead) {
  const Record record = read_record(kReleased / "record-1.h5");
  EXPECT_EQ(record.row, "random_init");
  EXPECT_EQ(record.status, "ok");
  EXPECT_EQ(record.stages.size(), 5u);
  size_t measurements = 0;
  for (const StageRecord& stage : record.stages) measurements += stage.measurements.size();
  EXPECT_GT(measurements, 10u);
  EXPECT_TRUE(record.final());
}

// Fault matrix: 66
TEST(ReleasedFilesTest, BothSchemasOfPlansAreReadAlike) {
  const Plan first = plan_from_json(parsed("plan-1.json"), "plan-1.json"),
             second = plan_from_json(parsed("plan-2.json"), "plan-2.json");
  ASSERT_EQ(first.runs.size(), 1u);
  EXPECT_EQ(first.runs[0].name() + ".h5", "random_init-s0-1c3dcaf3aba2.h5");
  EXPECT_EQ(plan_to_json(first), plan_to_json(second));
  EXPECT_EQ(plan_to_json(second), parsed("plan-2.json"));
}

// Fault matrix: 66
TEST(ReleasedFilesTest, BothSchemasOfHistoryAreRead) {
  for (const char* name : {"history-1.json", "history-2.json"}) {
    const Snapshot snapshot = snapshot_from_json(parsed(name), name);
    EXPECT_EQ(snapshot.suite, "quickstart") << name;
    EXPECT_EQ(snapshot.cells.size(), 6u) << name;
  }
}

// Fault matrix: 24, 66
TEST(ReleasedFilesTest, SchemasOfTheFutureAreRefusedByName) {
  json plan = parsed("plan-1.json"), history = parsed("history-2.json");
  plan["schema"] = "sslbench.plan/9";
  history["schema"] = "sslbench.history/9";
  const auto said = [](const auto& read) {
    try {
      read();
    } catch (const UserError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(said([&] { plan_from_json(plan, "plan.json"); }).find("expected schema sslbench.plan/1"),
            std::string::npos);
  EXPECT_NE(said([&] { snapshot_from_json(history, "x.json"); }).find("sslbench.history/9"), std::string::npos);
}

}  // namespace
}  // namespace sslbench
