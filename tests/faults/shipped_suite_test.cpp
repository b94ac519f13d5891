// SPDX-License-Identifier: Apache-2.0
// The shipped smoke suite from its file to its report, from the build folder and from an installed prefix.
#include <gmock/gmock.h>

#include <set>

#include "suites/files/atomic_file.h"
#include "tests/faults/tiny_suite.h"

namespace sslbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
namespace fs = std::filesystem;

TEST(ShippedSuiteTest, SmokeEndsWithSixRowsOfEveryMetricAndNoFailure) {
  TinySuite suite;
  const Ending end = suite.sslbench({"run", "smoke", "-o", suite.out.string()}, 500);
  EXPECT_EQ(end.code, 0) << end.errors;
  std::printf("smoke suite: %.1f s (budget: 60 s on two idle cores)\n", end.seconds);
  RecordProperty("seconds", std::to_string(end.seconds));
  const nlohmann::json report = suite.report();
  ASSERT_EQ(report.at("rows").size(), 6u);
  EXPECT_EQ(report.at("failures").size(), 0u);
  EXPECT_EQ(report.at("not_run").size(), 0u);
  std::set<std::string> protocols;
  for (const auto& column : report.at("columns")) protocols.insert(column.at("protocol"));
  EXPECT_EQ(protocols, (std::set<std::string>{"knn", "linear_probe", "detection", "segmentation"}));
  for (const auto& row : report.at("rows")) {
    for (const auto& cell : row.at("cells")) EXPECT_TRUE(cell.at("value").is_number()) << row.at("row");
  }
  for (const char* part :
       {"**Question.** Does every part of the path run", "## Results", "| `simclr` |", "## Accuracy against cost",
        "## Learning curves", "then its nearest training images", "fig/knn-row-simclr.png", "what it painted",
        "fig/pretrain-row-autoencoder.png", "## Failures\n\nNone.", "## Environment", "## How to reproduce"}) {
    EXPECT_THAT(suite.markdown(), HasSubstr(part));
  }
  for (const auto& picture : fs::directory_iterator(suite.out / "report/fig")) {
    EXPECT_GT(fs::file_size(picture.path()), 100u) << picture.path();
  }
}

TEST(ShippedSuiteTest, InstalledProgramsFindTheirSuites) {
  TinySuite suite;
  const fs::path prefix = suite.folder() / "prefix";
  const fs::path build = fs::path(SSLBENCH_BIN_DIR).parent_path();
  const Ending installed = run_program({"cmake", "--install", build.string(), "--prefix", prefix.string()});
  ASSERT_EQ(installed.code, 0) << installed.output << installed.errors;
  suite.around.folder = suite.folder() / "elsewhere";
  fs::create_directories(suite.around.folder);
  const std::string program = (prefix / "bin/sslbench").string();
  const Ending listed = run_program({program, "list", "suites", "--json"}, suite.around);
  ASSERT_EQ(listed.code, 0) << listed.errors;
  const auto all = nlohmann::json::parse(listed.output);
  for (const auto& each : all.at("suites")) {
    EXPECT_THAT(each.at("file").get<std::string>(), HasSubstr("/prefix/")) << "suites lie beside the program";
  }
  const Ending end = run_program({program, "run", "smoke", "--only", "random_init*"}, suite.around, 300);
  EXPECT_EQ(end.code, 0) << end.errors;
  EXPECT_TRUE(fs::exists(suite.around.folder / "results/smoke/report/README.md"));
}

}  // namespace
}  // namespace sslbench
